import { isOfAnotherCopy } from "./core/dev/auths/knownAuths.js";
import { misuse } from "./core/vocabulary/usageErrors.js";
import type { Backoff } from "./core/authServer/backoff.js";
import type { Session } from "./core/session/session.js";

/** The parts of a session that `Auth` does not show and `react` needs. */
export interface AuthInternals {
  /** Calls back in the turn in which a user's data has to go, before anyone renders. */
  onClearUserData: Session["onClearUserData"];
  /** Names the present user: another number whenever that may be another person, and for each Auth. */
  userKey: Session["userKey"];
  /** Whose code runs at this moment. */
  callerKey: Session["callerKey"];
  /** Says whose code runs from here on. Returns the one before. */
  runAs: Session["runAs"];
  /** Whose session it is, as far as that is known. */
  identity: Session["identity"];
  /** Resolves when refreshes may be tried again; at once if they may. Rejects with `disposed`. */
  backoffOver: Backoff["over"];
  /** Aborts when the Auth is disposed of. */
  disposal: AbortSignal;
}

const known = new WeakMap<object, AuthInternals>();

/** Shows the internals to `react`, without a public member for them. */
export function exposeInternals(auth: object, internals: AuthInternals): void {
  known.set(auth, internals);
}

/** @throws TypeError for anything that `createAuth` did not make. */
export function internalsOf(auth: object): AuthInternals {
  const internals = known.get(auth);
  if (!internals) {
    if (process.env.NODE_ENV !== "production" && isOfAnotherCopy(auth)) {
      throw misuse("two_copies", "createAuth()");
    }
    throw misuse("not_an_auth");
  }
  return internals;
}
