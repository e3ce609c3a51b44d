import type { AuthEvent, EventDetails } from "../vocabulary/events.js";
import { createListeners, type Listeners } from "./listeners.js";
import type { Platform } from "./platform.js";

/** The listeners of {@link AuthEvent}s. */
export interface Events extends Pick<Listeners<AuthEvent>, "add" | "size" | "clear"> {
  /** Tells what happened, and that it was now. */
  call(event: EventDetails): void;
}

export function createEvents(platform: Platform): Events {
  const { call, ...listeners } = createListeners<AuthEvent>();
  return {
    ...listeners,
    call(event) {
      if (listeners.size() > 0) call(Object.assign(event, { at: platform.now() }));
    },
  };
}
