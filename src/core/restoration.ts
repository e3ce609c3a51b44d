import { AuthError } from "./errors.js";
import type { Renewal } from "./renewal.js";
import type { AuthState, Session } from "./session.js";

/** Recovers the session on load: one refresh, tried again by itself as long as the answer is open. */
export interface Restoration {
  /** Starts on the first call. Resolves once the status is not `loading`; rejects when an attempt fails. */
  ready(): Promise<AuthState>;
  /** Tries the cookie now. */
  restore(): Promise<AuthState>;
  dispose(reason: AuthError): void;
}

export function createRestoration(
  session: Session,
  renewal: Renewal,
  mode: "always" | "never",
): Restoration {
  let started = false;
  let attempt = newAttempt();
  let stopRetry = () => {};

  const unsubscribe = session.subscribe(() => {
    if (!session.getState().isLoading) attempt.resolve();
  });

  function start(): void {
    if (started) return;
    started = true;
    if (mode === "never") {
      session.end("logout");
      return;
    }
    void tryOnce();
  }

  async function tryOnce(): Promise<void> {
    stopRetry();
    try {
      await renewal.renew("restore");
    } catch (error) {
      if (!session.getState().isLoading || !(error instanceof AuthError)) return;
      const failed = attempt;
      attempt = newAttempt();
      failed.reject(error);
      stopRetry = renewal.onPauseEnd(() => {
        if (session.getState().isLoading) void tryOnce();
      });
    }
  }

  return {
    async ready() {
      start();
      if (session.getState().isLoading) await attempt.promise;
      return session.getState();
    },
    async restore() {
      started = true;
      try {
        if (session.getState().isLoading) {
          const { promise } = attempt;
          void tryOnce();
          await promise;
        } else {
          await renewal.renew("restore");
        }
      } catch (error) {
        // A refusal is an answer: nobody is signed in.
        if (!(error instanceof AuthError) || error.code !== "refused") throw error;
      }
      return session.getState();
    },
    dispose(reason) {
      stopRetry();
      unsubscribe();
      attempt.reject(reason);
    },
  };
}

interface Attempt {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: AuthError) => void;
}

function newAttempt(): Attempt {
  let resolve = () => {};
  let reject: Attempt["reject"] = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // An attempt that nobody waits for may fail in silence.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
