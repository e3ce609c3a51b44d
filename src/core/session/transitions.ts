import type { Instant } from "../platform/clock.js";
import { expiryOf } from "../token/accessToken.js";
import { userOfClaims, type Claims } from "../token/accessToken.js";
import {
  contentOf,
  identityOf,
  isSamePerson,
  type Identify,
  type Identity,
} from "../token/identity.js";
import type { TokenSet } from "../token/tokenSet.js";
import { AuthError } from "../vocabulary/errors.js";
import type { EventDetails, LogoutEvent, LogoutReason } from "../vocabulary/events.js";
import { misuse } from "../vocabulary/usageErrors.js";
import type { User } from "../vocabulary/user.js";
import { nextState, type AuthState, type StateFields } from "./authState.js";
import { createSessionScope, type AccessToken, type SessionScope } from "./sessionScope.js";

/** All that a session is made of. Never changed: each transition makes the next one. */
export interface SessionModel {
  /** The part that the app sees. */
  readonly state: AuthState;
  /** The present session, or the time in which there is none. */
  readonly scope: SessionScope;
  readonly token: AccessToken | null;
  /** How many tokens were received. */
  readonly tokenVersion: number;
  /** Refused: its requests on the wire go on, until it is known who signs in next. */
  readonly suspended?: SessionScope | undefined;
  /** The person of the session, also while it is refused; `undefined` if it is nobody's. */
  readonly identity?: Identity | undefined;
  readonly claims?: Claims | undefined;
  /** Claims name the user only as long as nobody who knows better has. */
  readonly isUserFromClaims: boolean;
  /** How often someone signed out: a login asked for before must not sign anyone in. */
  readonly logouts: number;
}

/** The changes of a session, and their effects, which the store carries out in this order. */
export interface Transition {
  /** The state that the app sees from now on. */
  readonly state?: StateFields;
  /** The other fields that change. */
  readonly changes?: Partial<Omit<SessionModel, "state">>;
  /** These sessions are over. */
  readonly ended?: readonly { readonly scope: SessionScope; readonly reason: LogoutReason }[];
  /** The former user's data has to go. */
  readonly clearsUserData?: boolean;
  readonly events?: readonly EventDetails[];
  /** For the present listeners to the end of a session, once its consequences are rendered. */
  readonly logout?: LogoutEvent;
}

/** The session after a transition. */
export function nextSession(model: SessionModel, { state, changes }: Transition): SessionModel {
  return { ...model, ...changes, state: state ? nextState(model.state, state) : model.state };
}

/** The options that decide transitions. */
export interface SessionRules {
  /** How many seconds before its end a token is refreshed; by its lifetime if omitted. */
  readonly aheadSeconds: number | undefined;
  /** A refusal leaves nothing for the case that the same user signs in again. */
  readonly forgetOnRefusal: boolean;
}

/** The session of a page that has just loaded. */
export function initialSession(state: AuthState): SessionModel {
  return {
    state,
    scope: createSessionScope(0),
    token: null,
    tokenVersion: 0,
    isUserFromClaims: true,
    logouts: 0,
  };
}

/** The person of the session, as far as that is known. */
export function knownIdentity({ identity, state, claims }: SessionModel): Identity | undefined {
  return identity && { ...identity, content: contentOf(state.user ?? state.expiredUser, claims) };
}

/** A token that arrived. */
export interface ReceivedToken {
  readonly tokenSet: TokenSet;
  /** When it was asked for. */
  readonly sentAt: Instant;
  /** It is of the same person as the session, where there is one. */
  readonly isSamePerson: boolean;
}

/** A token arrived: starts a session, goes on with it, or switches to another user's. */
export function receiveToken(
  model: SessionModel,
  { tokenSet, sentAt, isSamePerson: isSame }: ReceivedToken,
  rules: SessionRules,
): Transition {
  const { claims, token: value, user: named } = tokenSet;
  const { suspended, state } = model;
  const continues = state.isAuthenticated && isSame;
  const isSwitch = state.isAuthenticated || (suspended && (!isSame || rules.forgetOnRefusal));
  const closed = !continues && isSwitch ? close(model, "switched", rules) : undefined;
  // The requests of a refused session on the wire end with the one that goes on with it.
  const begun = closed?.changes.scope ?? createSessionScope(model.scope.id + 1, suspended);
  const scope = continues ? model.scope : begun;
  const isFromClaims = !continues || model.isUserFromClaims;
  const shown = continues ? state.user : null;
  const known = isFromClaims ? (userOfClaims(claims) ?? shown) : shown;
  const tokenVersion = model.tokenVersion + 1;
  const expiry = expiryOf(tokenSet.lifetimeSeconds, rules.aheadSeconds);
  return {
    ...closed,
    state: {
      status: "authenticated",
      user: named === undefined ? known : named,
    },
    changes: {
      scope,
      token: { value, tokenVersion, scope, sentAt, expiry },
      tokenVersion,
      suspended: undefined,
      identity: { ...(isSame && model.identity), ...tokenSet.identity },
      claims,
      isUserFromClaims: isFromClaims && named === undefined,
    },
    events: [
      ...(closed?.events ?? []),
      {
        type: "token-received",
        tokenVersion,
        sentAt: sentAt.wall,
        ...expiry,
      },
      ...(continues ? [] : [{ type: "session-started", scopeId: scope.id } as const]),
    ],
  };
}

/** The server refused: ends the session, or the wait of a visitor. */
export function refuseSession(
  model: SessionModel,
  error: AuthError,
  rules: SessionRules,
): Transition {
  const { isAuthenticated, user, expiredUser } = model.state;
  return {
    ...close(model, "refused", rules, error),
    state: {
      status: "unauthenticated",
      expiredUser: rules.forgetOnRefusal ? null : (user ?? expiredUser),
      // A visitor without a cookie is refused too: that is no error.
      error: isAuthenticated ? error : null,
    },
  };
}

/** Someone signed out, here or in another tab, or another user signed in there. Nothing revives it. */
export function endSession(
  model: SessionModel,
  reason: Exclude<LogoutReason, "refused">,
  rules: SessionRules,
): Transition {
  const closed = close(model, reason, rules);
  const logouts = model.logouts + (reason === "switched" ? 0 : 1);
  return {
    ...closed,
    state: { status: "unauthenticated" },
    changes: { ...closed.changes, identity: undefined, logouts },
  };
}

/** Closes the present session and opens the time after it. */
function close(
  { scope, suspended, state }: SessionModel,
  reason: LogoutReason,
  { forgetOnRefusal }: SessionRules,
  error?: AuthError,
) {
  const { isAuthenticated: wasSignedIn, isLoading } = state;
  const isRefusal = reason === "refused";
  const over = isRefusal || !suspended ? [scope] : [scope, suspended];
  return {
    changes: {
      scope: createSessionScope(scope.id + 1),
      token: null,
      suspended: isRefusal ? (wasSignedIn ? scope : suspended) : undefined,
    },
    ended: over.map((each) => ({ scope: each, reason })),
    clearsUserData: isRefusal
      ? wasSignedIn && forgetOnRefusal
      : // While loading, the page may show what a server rendered for the user who is signed out now.
        wasSignedIn || isLoading || (!!suspended && !forgetOnRefusal),
    ...(wasSignedIn && {
      events: [{ type: "session-ended", scopeId: scope.id, reason }],
      logout: error ? { reason, error } : { reason },
    }),
  } satisfies Transition;
}

/** A refresh failed without ending the session; `null` once that is over. */
export function failRefresh({ state }: SessionModel, error: AuthError | null): Transition {
  const isLost = state.isLoading && error?.code === "misconfigured";
  const status = isLost ? "unauthenticated" : state.status;
  return { state: { ...state, status, error } };
}

/** Marks the token as expired: requests wait for the next. */
export function expireToken({ token }: SessionModel): Transition {
  const expiry = { lifetimeMs: 0, refreshAfterMs: 0, expiresAfterMs: 0 };
  if (!token) return { changes: {} };
  return { changes: { token: { ...token, expiry } }, events: [{ type: "token-expired" }] };
}

/**
 * The profile was edited.
 *
 * @throws TypeError if it is another user's; {@link AuthError} `signed_out` if nobody is signed in.
 */
export function editUser(
  { state, identity }: SessionModel,
  user: User,
  identify: Identify | undefined,
): Transition {
  if (!state.isAuthenticated) throw new AuthError("signed_out");
  const edited = identityOf(user, undefined, identify);
  // Where only claims name the user, they are the profile that is shown.
  const shown = identityOf(state.user, undefined, identify);
  if (!isSamePerson({ ...identity, ...shown }, edited, false)) throw misuse("another_user");
  return {
    state: { ...state, user },
    changes: { identity: { ...identity, ...edited }, isUserFromClaims: false },
  };
}
