import type { AuthState } from "../session/authState.js";
import type { Session } from "../session/session.js";
import type { AuthError } from "../vocabulary/errors.js";

/** The promise of the state that is not `loading` any more. */
export interface ReadyPromise {
  /** The same promise until something changes, so that React's `use` can wait for it. */
  get(): Promise<AuthState>;
  /** Ends the wait: rejects with the error, or resolves with the state. */
  settle(error?: AuthError): void;
}

export function createReadyPromise(session: Session): ReadyPromise {
  let promise: Promise<AuthState> | undefined;
  /** What it has resolved with. */
  let answer: AuthState | undefined;
  let settle: ReadyPromise["settle"] = () => {};

  function wait(): Promise<AuthState> {
    return new Promise((resolve, reject) => {
      settle = (error) => {
        settle = () => {};
        answer = error ? undefined : session.getState();
        if (answer) return resolve(answer);
        promise = undefined;
        reject(error);
      };
    });
  }

  session.subscribe(() => {
    if (!session.getState().isLoading) settle();
  });

  return {
    get() {
      const state = session.getState();
      const present = state.isLoading ? undefined : state;
      if (!promise || answer !== present) {
        answer = present;
        promise = present ? Promise.resolve(present) : wait();
        // `void auth.ready()` is a fine way to start: its failure shows in the state.
        promise.catch(() => {});
      }
      return promise;
    },
    settle: (error) => settle(error),
  };
}
