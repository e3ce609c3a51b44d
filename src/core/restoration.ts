import { AuthError, toAuthError } from "./errors.js";
import type { Renewal } from "./renewal.js";
import type { AuthState, Session } from "./session.js";
import type { Tabs } from "./tabs.js";

/** Recovers the session on load: one refresh, tried again by itself as long as the answer is open. */
export interface Restoration {
  /** Starts on the first call. Resolves once the status is not `loading`; rejects when an attempt fails. */
  ready(): Promise<AuthState>;
  /** Tries the cookie now. */
  restore(): Promise<AuthState>;
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
  const waiting = new Set<(error?: AuthError) => void>();

  function settle(error?: AuthError): void {
    for (const waiter of waiting) waiter(error);
    waiting.clear();
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
      if (!session.getState().isLoading) return Promise.resolve(session.getState());
      return new Promise((resolve, reject) => {
        waiting.add((error) => (error ? reject(error) : resolve(session.getState())));
      });
    },
    async restore() {
      // The cookie may be of someone who has signed in elsewhere, say by redirect.
      tabs.doubt();
      await attempt();
      return session.getState();
    },
  };
}
