import { textOf } from "../token/identity.js";
import type { AuthError } from "../vocabulary/errors.js";
import type { User } from "../vocabulary/user.js";

/** `loading` until the first answer about the session, and never again. */
export type AuthStatus = "loading" | "authenticated" | "unauthenticated";

/** An immutable picture of the session. Never holds a token. */
export interface AuthState {
  /** Whether somebody is signed in. */
  readonly status: AuthStatus;
  /** `status === "authenticated"`. */
  readonly isAuthenticated: boolean;
  /** `status === "loading"`. */
  readonly isLoading: boolean;
  /** Who is signed in; `null` when nobody is, or when no answer and no claim names the user. */
  readonly user: User | null;
  /** Who was signed in when the session was refused, until someone signs in. */
  readonly expiredUser: User | null;
  /** Why the last refresh failed, while the session stays; `null` once one succeeds. */
  readonly error: AuthError | null;
}

/** The state of every session before its first answer, and of every server rendering. */
export const loadingState: AuthState = /* @__PURE__ */ createState({ status: "loading" });

/** The fields of a state: one that is left out is `null`. */
export type StateFields = Pick<AuthState, "status"> & Partial<AuthState>;

/** The next state: the present object if nothing changes, and the present user if both say the same. */
export function nextState(present: AuthState, fields: StateFields): AuthState {
  const { user = null } = fields;
  const isSame = textOf(user) === textOf(present.user);
  const next = createState({ ...fields, user: isSame ? present.user : user });
  const isChanged = (["status", "user", "expiredUser", "error"] as const).some(
    (field) => present[field] !== next[field],
  );
  return isChanged ? next : present;
}

function createState({
  status,
  user = null,
  expiredUser = null,
  error = null,
}: StateFields): AuthState {
  return Object.freeze({
    status,
    isAuthenticated: status === "authenticated",
    isLoading: status === "loading",
    user,
    expiredUser,
    error,
  });
}
