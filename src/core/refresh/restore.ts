import type { AuthState } from "../session/authState.js";
import type { Session } from "../session/session.js";
import type { Tabs } from "../tabs/tabs.js";
import { AuthError, toAuthError, unlessRefused } from "../vocabulary/errors.js";
import type { Refresher } from "./refresh.js";

/** The options that the restoration reads. */
export interface RestoreOptions {
  /**
   * Whether the cookie is tried on load: `"always"` (the default), `"hint"` only where someone
   * was signed in when this browser was last used (no 401 in a visitor's console; needs `localStorage`), `"never"`.
   */
  restore?: "always" | "hint" | "never";
}

/** Recovers the session on load: one refresh, tried again by itself as long as the answer is open. */
export interface Restoration {
  /**
   * Starts on the first call. Resolves once the status is not `loading`; rejects when an attempt fails.
   * The same promise until something changes, so that React's `use` can wait for it.
   */
  ready(): Promise<AuthState>;
  /** Tries the cookie now: with a refresh of its own, after the one that is under way. */
  restore(): Promise<AuthState>;
  /** Rejects all callers that wait. */
  dispose(reason: AuthError): void;
}

/** The dependencies of the restoration. */
export interface RestorationDependencies {
  readonly session: Session;
  readonly refresher: Refresher;
  readonly tabs: Tabs;
  readonly options: Required<RestoreOptions>;
  readonly logout: {
    /** Tells the server of a pending logout; `false` if there is none. */
    resume(): boolean;
    /** No logout is pending any more. */
    settle(): void;
  };
}

export function createRestoration({
  session,
  refresher,
  tabs,
  options,
  logout,
}: RestorationDependencies): Restoration {
  const readyPromise = createReadyPromise(session);
  let isStarted = false;

  async function start(): Promise<void> {
    isStarted = true;
    // The cookie of a pending logout may be good still, and must not sign anyone in again.
    const isLogoutPending = logout.resume();
    const { restore } = options;
    const isWanted = restore === "always" || (restore === "hint" && tabs.isHinted());
    if (!isWanted || isLogoutPending) session.refuse(new AuthError("signed_out"));
    else await refresher.refresh("restore");
  }

  /** The cookie may be of someone who has signed in elsewhere, say by redirect. */
  async function tryCookie(): Promise<AuthState> {
    isStarted = true;
    tabs.catchUp();
    const before = session.logouts();
    logout.settle();
    tabs.expectSignIn();
    // The refresh under way may have been sent before the cookie came.
    await refresher.idle();
    tabs.catchUp();
    if (session.logouts() !== before) throw new AuthError("session_ended");
    tabs.expectSignIn();
    try {
      await unlessRefused(refresher.refresh("restore"));
    } catch (error) {
      // The cookie was another user's: the old session has ended, and the new one is here.
      if (!session.getState().isAuthenticated || toAuthError(error).code !== "session_ended")
        throw error;
    }
    return session.getState();
  }

  return {
    ready() {
      // Someone may have signed in before anyone asked.
      if (!isStarted && session.getState().isLoading) {
        // The state shows the failure of a refresh already, but nothing else that was thrown.
        start().catch(
          (thrown) => session.getState().isLoading && session.fail(toAuthError(thrown)),
        );
      }
      return readyPromise.get();
    },
    restore: tryCookie,
    dispose: readyPromise.settle,
  };
}

/** The promise of the state that is not `loading` any more. */
interface ReadyPromise {
  /** The same promise until something changes, so that React's `use` can wait for it. */
  get(): Promise<AuthState>;
  /** Ends the wait: rejects with the error, or resolves with the state. */
  settle(error: AuthError | null): void;
}

function createReadyPromise(session: Session): ReadyPromise {
  /** The state that the promise is of: it resolves with that, or with what follows on `loading`. */
  let known: AuthState | undefined;
  let promise: Promise<AuthState>;
  let settle: ReadyPromise["settle"] = () => {};

  function wait(): Promise<AuthState> {
    return new Promise((resolve, reject) => {
      settle = (error) => {
        settle = () => {};
        if (error) return reject(error);
        known = session.getState();
        resolve(known);
      };
    });
  }

  session.subscribe(() => {
    const { isLoading, error } = session.getState();
    // While loading the state changes only by an attempt that failed.
    settle(isLoading ? error : null);
  });

  return {
    get() {
      const state = session.getState();
      if (state !== known) {
        known = state;
        promise = state.isLoading ? wait() : Promise.resolve(state);
        // `void auth.ready()` is a fine way to start: its failure shows in the state.
        promise.catch(() => {});
      }
      return promise;
    },
    settle: (error) => settle(error),
  };
}
