import type { Auth, AuthEvent } from "react-authed-query";

type EventType = AuthEvent["type"];
type EventOf<Type extends EventType> = Extract<AuthEvent, { type: Type }>;

/** What the library tells of itself while something is watched. */
export interface Observation {
  /** The events of these types so far, oldest first. */
  all<Type extends EventType>(...types: Type[]): EventOf<Type>[];
  /** How often something of these types has happened. */
  count(...types: EventType[]): number;
  /** The first event of the type, at once if it has happened. Rejects when the signal is aborted. */
  first<Type extends EventType>(type: Type): Promise<EventOf<Type>>;
}

/** Listens from now on, until the signal is aborted. Only public events are looked at. */
export function observe(auth: Auth, signal: AbortSignal): Observation {
  const events: AuthEvent[] = [];
  const waiting = new Set<() => void>();
  const stop = auth.onEvent((event) => {
    events.push(event);
    for (const look of waiting) look();
  });
  signal.addEventListener("abort", stop);

  return {
    all: (...types) => events.filter(isOf(types)),
    count: (...types) => events.filter(isOf(types)).length,
    first: <Type extends EventType>(type: Type) =>
      new Promise<EventOf<Type>>((resolve, reject) => {
        function look(): void {
          const found = events.find(isOf([type]));
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        }
        waiting.add(look);
        signal.addEventListener("abort", () => reject(signal.reason));
        look();
      }),
  };
}

function isOf<Type extends EventType>(types: readonly Type[]) {
  return (event: AuthEvent): event is EventOf<Type> => types.some((type) => type === event.type);
}
