import { isOfAnotherCopy } from "./dev/knownAuths.js";
import { misuse } from "./vocabulary/usageErrors.js";
import type { Pause } from "./authServer/backoff.js";
import type { Session } from "./session/session.js";

/** What the React skin must know of a session and `Auth` does not show. */
export interface Forgetting {
  /** Calls back in the turn in which a user's data has to go, before anyone renders. */
  onForget: Session["onForget"];
  /** Names whoever sits here: another number whenever that may be another person, and for each Auth. */
  person: Session["person"];
  /** Whose code runs at this moment. */
  caller: Session["caller"];
  /** Says whose code runs from here on. Returns the one before. */
  runAs: Session["runAs"];
  /** What is known of whose session it is. */
  identity: Session["identity"];
  /** Resolves when refreshes may be tried again; at once if they may. */
  pauseOver: Pause["over"];
  /** Aborts when the Auth is disposed of. */
  disposal: AbortSignal;
}

const known = new WeakMap<object, Forgetting>();

/** Lets the React skin forget a user's data at the right moment, without a public member for it. */
export function exposeForgetting(auth: object, forgetting: Forgetting): void {
  known.set(auth, forgetting);
}

/** @throws TypeError for anything that `createAuth` did not make. */
export function forgettingOf(auth: object): Forgetting {
  const forgetting = known.get(auth);
  if (!forgetting) {
    if (process.env.NODE_ENV !== "production" && isOfAnotherCopy(auth)) {
      throw misuse("two_copies", "createAuth()");
    }
    throw misuse("not_an_auth");
  }
  return forgetting;
}
