import { AuthError } from "../vocabulary/errors.js";

/**
 * Waits for the promise, or rejects earlier through `listen`.
 *
 * @param listen - is given what rejects, and returns its unsubscribe.
 */
export function waitUnless<Value>(
  promise: Promise<Value>,
  listen: (reject: (reason: unknown) => void) => () => unknown,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject).finally(listen(reject));
  });
}

/** Waits for the promise, or rejects with the signal's reason as soon as it aborts. */
export function untilAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (!signal) return promise;
  return waitUnless(promise, (reject) => {
    // Engines before 2022 and React Native keep no reason, and the latter has no DOMException.
    const onAbort = () =>
      reject(signal.reason ?? Object.assign(new Error("Aborted"), { name: "AbortError" }));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    return () => signal.removeEventListener("abort", onAbort);
  });
}

/** @throws {@link AuthError} `disposed` once the signal of `dispose()` has aborted. */
export function assertAlive(disposal: AbortSignal): void {
  if (disposal.aborted) throw new AuthError("disposed");
}

/** The end of something. Any number may listen to it, where Node would warn of the signal's own listeners. */
export interface Ending {
  /** Aborts at the end. */
  readonly signal: AbortSignal;
  /** Calls back at the end. Returns its unsubscribe. */
  onAbort(listener: (reason: AuthError) => void): () => void;
  /** Does something, but rejects with the reason as soon as the end comes, and at once after it. */
  until<Result>(verb: () => Promise<Result>): Promise<Result>;
  abort(reason: AuthError): void;
}

export function createEnding(): Ending {
  const controller = new AbortController();
  const listeners = new Set<(reason: AuthError) => void>();
  // Engines before 2022 keep no reason in the signal.
  let ended: AuthError | undefined;

  function onAbort(listener: (reason: AuthError) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return {
    signal: controller.signal,
    onAbort,
    async until(verb) {
      if (ended) throw ended;
      return waitUnless(verb(), onAbort);
    },
    abort(reason) {
      ended = reason;
      controller.abort(reason);
      for (const listener of listeners) listener(reason);
      listeners.clear();
    },
  };
}
