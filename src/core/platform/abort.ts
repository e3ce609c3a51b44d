import { AuthError } from "../vocabulary/errors.js";

/**
 * Waits for the promise, or for what rejects before.
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
  abort(reason: AuthError): void;
}

export function createEnding(): Ending {
  const controller = new AbortController();
  const listeners = new Set<(reason: AuthError) => void>();

  return {
    signal: controller.signal,
    onAbort(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    abort(reason) {
      controller.abort(reason);
      for (const listener of listeners) listener(reason);
      listeners.clear();
    },
  };
}

/** The end of an Auth. */
export interface Disposal extends Ending {
  /** Does something, but rejects with `disposed` as soon as the end comes. */
  whileAlive<Result>(verb: () => Promise<Result>): Promise<Result>;
}

export function createDisposal(): Disposal {
  const ending = createEnding();
  return {
    ...ending,
    async whileAlive(verb) {
      assertAlive(ending.signal);
      return waitUnless(verb(), ending.onAbort);
    },
  };
}
