import { isolateErrors } from "./isolateErrors.js";
import type { Platform } from "./platform.js";

/** A set of listeners: user code, so each may throw without harm to the others or to us. */
export interface Listeners<Argument> {
  add(listener: (argument: Argument) => unknown): () => void;
  call(argument: Argument): void;
  /** Returns a function that calls the present listeners later. */
  prepare(argument: Argument): () => void;
  size(): number;
  clear(): void;
}

export function createListeners<Argument>(): Listeners<Argument> {
  const entries = new Set<(argument: Argument) => unknown>();
  const prepare = (argument: Argument) => {
    const present = [...entries];
    return () => present.forEach((entry) => entry(argument));
  };
  return {
    add(listener) {
      // Wrapped anew, so that the same function added twice is two subscriptions.
      const entry = isolateErrors(listener);
      entries.add(entry);
      return () => entries.delete(entry);
    },
    call: (argument) => prepare(argument)(),
    prepare,
    size: () => entries.size,
    clear: () => entries.clear(),
  };
}

/** Resolves when the listeners are called, or after the time. */
export function untilCalled(
  listeners: Pick<Listeners<void>, "add">,
  platform: Platform,
  ms: number,
): Promise<void> {
  return new Promise((resolve) => {
    const stopTimer = platform.startTimer(done, ms);
    const stopListening = listeners.add(done);
    function done(): void {
      stopTimer();
      stopListening();
      resolve();
    }
  });
}
