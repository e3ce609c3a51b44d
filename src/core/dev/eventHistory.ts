import type { Events } from "../platform/events.js";
import { isolateErrors } from "../platform/isolateErrors.js";
import type { AuthEvent } from "../vocabulary/events.js";

/** Adds a listener, with `history` one that is first told of what happened before. */
export type OnEvent = (
  listener: (event: AuthEvent) => void,
  options?: { history?: boolean },
) => () => void;

/** How many events are kept. */
const length = 200;

/** Keeps the latest events for a panel that opens later. */
export function keepHistory(events: Events): OnEvent {
  const history: AuthEvent[] = [];
  /** Requests on their way. */
  const open = new Set<number>();

  events.add((event) => {
    history.push(event);
    if (history.length > length) history.shift();
    if (event.type === "request-sent") open.add(event.id);
    if (event.type === "request-answered") open.delete(event.id);
  });

  return (listener, options) => {
    if (options?.history) {
      const tell = isolateErrors(listener);
      for (const event of history) tell(event);
      return events.add(listener);
    }
    // As in production, where nobody has heard of the start of these.
    const unheard = new Set(open);
    return events.add((event) =>
      "id" in event && unheard.has(event.id) ? undefined : listener(event),
    );
  };
}
