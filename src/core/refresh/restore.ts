import { AuthError, toAuthError } from "../vocabulary/errors.js";
import type { Renewal } from "./refresh.js";
import type { AuthState, Session } from "../session/session.js";
import type { Tabs } from "../tabs/tabs.js";

/** Recovers the session on load: one refresh, tried again by itself as long as the answer is open. */
export interface Restoration {
  /**
   * Starts on the first call. Resolves once the status is not `loading`; rejects when an attempt fails.
   * The same promise until something changes, so that React's `use` can wait for it.
   */
  ready(): Promise<AuthState>;
  /** Tries the cookie now. */
  restore(): Promise<AuthState>;
  /** Rejects whoever waits. */
  dispose(reason: AuthError): void;
}

/** @param tellPending - tells the server of a logout that it could not be told of before. */
export function createRestoration(
  session: Session,
  renewal: Renewal,
  tabs: Tabs,
  mode: "always" | "hint" | "never",
  tellPending: () => void,
): Restoration {
  let started = false;
  let promise: Promise<AuthState> | undefined;
  /** What it has resolved with. */
  let promised: AuthState | undefined;
  let settle: (error?: AuthError) => void = () => {};

  function wait(): Promise<AuthState> {
    return new Promise((resolve, reject) => {
      settle = (error) => {
        settle = () => {};
        promised = error ? undefined : session.getState();
        if (promised) return resolve(promised);
        promise = undefined;
        reject(error);
      };
    });
  }

  session.subscribe(() => {
    if (!session.getState().isLoading) settle();
  });

  async function attempt(work = () => renewal.renew("restore")): Promise<void> {
    started = true;
    try {
      await work();
    } catch (error) {
      // A refusal is an answer: nobody is signed in.
      const failure = toAuthError(error);
      if (failure.code === "refused") return;
      const { isLoading, isAuthenticated } = session.getState();
      // The cookie was another user's: the old session has ended, and the new one is here.
      if (failure.code === "session_ended" && isAuthenticated) return;
      if (isLoading) {
        // Where nobody expected it, nobody has said so yet.
        session.fail(failure);
        settle(failure);
        // Without a pause nothing has failed in transit: the Auth was disposed of.
        if (failure.retryAt)
          renewal.pause.onEnd(() => session.getState().isLoading && void attempt().catch(() => {}));
      }
      throw failure;
    }
  }

  async function start(): Promise<void> {
    tabs.sync();
    const isOwed = tabs.stamp()?.state === "owed";
    if (isOwed) tellPending();
    const isWanted = mode === "always" || (mode === "hint" && tabs.isHinted());
    // The cookie of an owed logout may be good still, and must not sign anyone in again.
    if (!isWanted || isOwed) session.refuse(new AuthError("signed_out"));
    else await renewal.renew("restore");
  }

  return {
    ready() {
      // Someone may have signed in before anyone asked.
      if (!started && session.getState().isLoading) attempt(start).catch(() => {});
      const state = session.getState();
      const answer = state.isLoading ? undefined : state;
      if (!promise || promised !== answer) {
        promised = answer;
        promise = answer ? Promise.resolve(answer) : wait();
        // `void auth.ready()` is a fine way to start: its failure shows in the state.
        promise.catch(() => {});
      }
      return promise;
    },
    async restore() {
      // The cookie may be of someone who has signed in elsewhere, say by redirect.
      tabs.doubt();
      await attempt();
      return session.getState();
    },
    dispose: (reason) => settle(reason),
  };
}
