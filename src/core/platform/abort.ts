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

/** The end of an Auth. */
export interface Disposal {
  /** Aborts at the end. */
  readonly signal: AbortSignal;
  /** Does something, but rejects with `disposed` as soon as the end comes. */
  whileAlive<Result>(verb: () => Promise<Result>): Promise<Result>;
  dispose(reason: AuthError): void;
}

export function createDisposal(): Disposal {
  const controller = new AbortController();
  const { signal } = controller;
  /** Rejects whoever waits. One listener each on the signal would make Node warn of a leak. */
  const waiting = new Set<(reason: AuthError) => void>();

  return {
    signal,
    whileAlive: (verb) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new AuthError("disposed"));
        waiting.add(reject);
        return verb()
          .then(resolve, reject)
          .finally(() => waiting.delete(reject));
      }),
    dispose(reason) {
      controller.abort(reason);
      for (const reject of waiting) reject(reason);
    },
  };
}
