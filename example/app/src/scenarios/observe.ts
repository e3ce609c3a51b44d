import type { Auth, AuthEvent } from "react-authed-query";

type EventType = AuthEvent["type"];

/** What the library tells of itself while something is watched. */
export interface Observation {
  /** How often something of these types has happened. */
  count(...types: EventType[]): number;
  /** The first event of the type, at once if it has happened. Rejects when the signal is aborted. */
  first<Type extends EventType>(type: Type): Promise<Extract<AuthEvent, { type: Type }>>;
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
    count: (...types) => events.filter(({ type }) => types.includes(type)).length,
    first: <Type extends EventType>(type: Type) =>
      new Promise<Extract<AuthEvent, { type: Type }>>((resolve, reject) => {
        function look(): void {
          const found = events.find((event) => isOf(event, type));
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

function isOf<Type extends EventType>(
  event: AuthEvent,
  type: Type,
): event is Extract<AuthEvent, { type: Type }> {
  return event.type === type;
}
