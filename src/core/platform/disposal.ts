import { AuthError } from "../vocabulary/errors.js";

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
