import type { Instant } from "../platform/clock.js";
import { expiryOf } from "../token/accessToken.js";
import { userOfClaims, type Claims } from "../token/claims.js";
import {
  identityOf,
  isSamePerson,
  textOf,
  type Identify,
  type Identity,
} from "../token/identity.js";
import type { TokenSet } from "../token/tokenSet.js";
import { AuthError } from "../vocabulary/errors.js";
import type { AuthEvent, LogoutEvent, LogoutReason } from "../vocabulary/events.js";
import { misuse } from "../vocabulary/usageErrors.js";
import type { User } from "../vocabulary/user.js";
import { nextState, type AuthState, type StateFields } from "./authState.js";
import { createSessionScope, type AccessToken, type SessionScope } from "./sessionScope.js";

/** All that a session is made of. Never changed: each transition makes the next one. */
export interface SessionModel {
  /** What the app sees of it. */
  readonly state: AuthState;
  /** The present session, or the time in which there is none. */
  readonly scope: SessionScope;
  readonly token: AccessToken | null;
  /** How many tokens were received. */
  readonly tokenVersion: number;
  /** Refused: its requests on the wire go on, until it is known who signs in next. */
  readonly suspended: SessionScope | undefined;
  /** Whose session it is, also while it is refused; `undefined` if it is nobody's. */
  readonly identity: Identity | undefined;
  readonly claims: Claims | undefined;
  /** Claims name the user only as long as nobody who knows better has. */
  readonly isUserFromClaims: boolean;
  /** How often someone signed out: a login asked for before must not sign anyone in. */
  readonly logouts: number;
}

/** The next session, and what the store has to do about it, in this order. */
export interface Transition {
  readonly next: SessionModel;
  /** These sessions are over. */
  readonly ended?: readonly { readonly scope: SessionScope; readonly reason: LogoutReason }[];
  /** The data of the user who sat here have to go. */
  readonly clearsUserData?: boolean;
  readonly events?: readonly AuthEvent[];
  /** For whoever listens to the end of a session now, once what follows from it is rendered. */
  readonly logout?: LogoutEvent | undefined;
}

/** What the options say of a session. */
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
    suspended: undefined,
    identity: undefined,
    claims: undefined,
    isUserFromClaims: true,
    logouts: 0,
  };
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
  received: ReceivedToken,
  rules: SessionRules,
): Transition {
  const { tokenSet, sentAt } = received;
  const begun = begin(model, received, rules);
  const { scope, isUserFromClaims: wasFromClaims, state } = begun.next;
  const continues = scope === model.scope;
  const tokenVersion = model.tokenVersion + 1;
  const expiry = expiryOf(tokenSet.lifetimeSeconds, rules.aheadSeconds);
  const shown = continues ? state.user : null;
  const named = wasFromClaims ? (userOfClaims(tokenSet.claims) ?? shown) : shown;
  const user = tokenSet.user === undefined ? named : tokenSet.user;
  return {
    ...begun,
    next: {
      ...begun.next,
      state: nextState(state, { status: "authenticated", user: keepEqual(state.user, user) }),
      token: { value: tokenSet.token, tokenVersion, scope, sentAt, expiry },
      tokenVersion,
      suspended: undefined,
      identity: { ...(received.isSamePerson && model.identity), ...tokenSet.identity },
      claims: tokenSet.claims,
      isUserFromClaims: wasFromClaims && tokenSet.user === undefined,
    },
    events: [
      ...(begun.events ?? []),
      {
        type: "token-received",
        receipt: tokenVersion,
        ...(expiry && {
          lifetimeMs: expiry.lifetimeMs,
          softMs: expiry.refreshAfterMs,
          hardMs: expiry.expiresAfterMs,
        }),
      },
      ...(continues ? [] : [{ type: "session-started", generation: scope.id } as const]),
    ],
  };
}

/** The session that a token belongs to: the present one, or a new one. */
function begin(
  model: SessionModel,
  { isSamePerson: isSame }: ReceivedToken,
  rules: SessionRules,
): Transition {
  const { state, scope, suspended } = model;
  if (state.isAuthenticated && isSame) return { next: model };
  const isSwitch = state.isAuthenticated || (suspended && (!isSame || rules.forgetOnRefusal));
  const begun = isSwitch
    ? close(model, "switched", rules)
    : { next: { ...model, scope: createSessionScope(scope.id + 1, suspended) } };
  return { ...begun, next: { ...begun.next, isUserFromClaims: true } };
}

/** The server refused: ends the session, or the wait of a visitor. */
export function refuseSession(
  model: SessionModel,
  error: AuthError,
  rules: SessionRules,
): Transition {
  const { isAuthenticated, user, expiredUser } = model.state;
  return withState(close(model, "refused", rules, error), {
    status: "unauthenticated",
    expiredUser: rules.forgetOnRefusal ? null : (user ?? expiredUser),
    // A visitor without a cookie is refused too: that is no error.
    error: isAuthenticated ? error : null,
  });
}

/** Someone signed out, here or in another tab, or another user signed in there. Nothing revives it. */
export function endSession(
  model: SessionModel,
  reason: Exclude<LogoutReason, "refused">,
  rules: SessionRules,
): Transition {
  const { next, ...effects } = close(model, reason, rules);
  const logouts = model.logouts + (reason === "switched" ? 0 : 1);
  return withState(
    { ...effects, next: { ...next, identity: undefined, logouts } },
    { status: "unauthenticated" },
  );
}

/** Closes the present session and opens the time after it. */
function close(
  model: SessionModel,
  reason: LogoutReason,
  rules: SessionRules,
  error?: AuthError,
): Transition & { next: SessionModel } {
  const { scope, suspended, state } = model;
  const { isAuthenticated: wasSignedIn, isLoading } = state;
  const isRefusal = reason === "refused";
  const over = isRefusal || !suspended ? [scope] : [scope, suspended];
  return {
    next: {
      ...model,
      scope: createSessionScope(scope.id + 1),
      token: null,
      suspended: isRefusal ? (wasSignedIn ? scope : suspended) : undefined,
    },
    ended: over.map((each) => ({ scope: each, reason })),
    clearsUserData: isRefusal
      ? wasSignedIn && rules.forgetOnRefusal
      : // While loading there may be what a server rendered for the user who is signed out now.
        wasSignedIn || isLoading || (!!suspended && !rules.forgetOnRefusal),
    ...(wasSignedIn && {
      events: [{ type: "session-ended", generation: scope.id, reason }],
      logout: error ? { reason, error } : { reason },
    }),
  };
}

/** A refresh failed without ending the session; `null` once that is over. */
export function failRefresh(model: SessionModel, error: AuthError | null): Transition {
  const { state } = model;
  const isLost = state.isLoading && error?.code === "misconfigured";
  const status = isLost ? "unauthenticated" : state.status;
  return withState({ next: model }, { ...state, status, error });
}

/** The token is good no more: whoever needs one waits for the next. */
export function expireToken(model: SessionModel): Transition {
  const expiry = { lifetimeMs: 0, refreshAfterMs: 0, expiresAfterMs: 0 };
  return { next: { ...model, token: model.token && { ...model.token, expiry } } };
}

/**
 * The profile was edited.
 *
 * @throws TypeError if it is another user's; {@link AuthError} `signed_out` if nobody is signed in.
 */
export function editUser(
  model: SessionModel,
  user: User,
  identify: Identify | undefined,
): Transition {
  const { state, identity } = model;
  if (!state.isAuthenticated) throw new AuthError("signed_out");
  const edited = identityOf(user, undefined, identify);
  // Where only claims named the user, the profile that was shown did so too.
  const shown = identityOf(state.user, undefined, identify);
  if (!isSamePerson({ ...identity, ...shown }, edited, false)) throw misuse("another_user");
  const next = { ...model, identity: { ...identity, ...edited }, isUserFromClaims: false };
  return withState({ next }, { ...state, user: keepEqual(state.user, user) });
}

function withState(transition: Transition, fields: StateFields): Transition {
  const { next } = transition;
  return { ...transition, next: { ...next, state: nextState(next.state, fields) } };
}

/** The present object where the other says the same. */
function keepEqual(present: User | null, other: User | null): User | null {
  return textOf(other) === textOf(present) ? present : other;
}
