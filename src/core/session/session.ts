import { expiryOf, type Claims, type Expiry } from "../token/accessToken.js";
import { msSince, type Instant } from "../platform/clock.js";
import { AuthError } from "../vocabulary/errors.js";
import { createListeners } from "../platform/listeners.js";
import type { EventDetails, LogoutEvent, LogoutReason } from "../vocabulary/events.js";
import type { Grant } from "../token/tokenSet.js";
import {
  contentOf,
  identityOf,
  isSamePerson,
  textOf,
  userOfClaims,
  type Identify,
  type Identity,
} from "../token/identity.js";
import { misuse } from "../vocabulary/usageErrors.js";
import type { User } from "../vocabulary/user.js";
import type { Platform } from "../platform/platform.js";

/** `loading` until the first answer about the session, and never again. */
export type AuthStatus = "loading" | "authenticated" | "unauthenticated";

/** An immutable picture of the session. Never holds a token. */
export interface AuthState {
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

/** One session from its start to its end. Work notes it when it starts and checks it before it writes. */
export interface Generation {
  readonly id: number;
  endedBy: LogoutReason | undefined;
  /** Work to break off when the session ends by logout or switch. */
  readonly ongoing: Set<() => void>;
}

/** An access token as requests carry it. */
export interface Pass {
  readonly token: string;
  /** Which receipt of a token this is: a number, since two tokens of one second can be equal. */
  readonly receipt: number;
  readonly generation: Generation;
  readonly sentAt: Instant;
  /** `undefined` if nothing tells: then only a 401 does. */
  readonly expiry: Expiry | undefined;
}

/** A token on its way to another tab. */
export interface Handover {
  token: string;
  /** When it was asked for, by the wall clock: the one that tabs share. */
  sentAt: number;
  lifetimeSeconds: number | undefined;
  /** `undefined` if the token's claims are all that is known. */
  user: User | undefined;
}

/** Who is signed in. The token stays inside: it is handed out in a {@link Pass} only. */
export interface Session {
  getState(): AuthState;
  subscribe(listener: () => void): () => void;
  generation(): Generation;
  pass(): Pass | null;
  /** What another tab needs to carry requests with the same token. */
  handover(): Handover | undefined;
  /** Whose session it is, also while it is refused; `undefined` if it is nobody's. */
  identity(): Identity | undefined;
  /** How often someone signed out: a login asked for before must not sign anyone in. */
  logouts(): number;
  /** `due`: past the hard margin. `ageing`: past the soft one. */
  freshness(pass: Pick<Pass, "sentAt" | "expiry">): "fresh" | "ageing" | "due";
  /**
   * A token arrived: starts a session, goes on with it, or switches to another user's.
   *
   * @param isSame - it is of the same person as the session, where there is one.
   */
  receive(grant: Grant, sentAt: Instant, isSame: boolean): void;
  /** The server refused: ends the session, or the wait of a visitor. */
  refuse(error: AuthError): void;
  /** A refresh failed without ending the session; `null` once that is over. */
  fail(error: AuthError | null): void;
  /** Ends the session, if there is one, and its wait if it is loading. Nothing revives it. */
  end(reason: Exclude<LogoutReason, "refused">): void;
  /** The token is good no more: whoever needs one waits for the next. */
  spoil(): void;
  setUser(user: User): void;
  onLogout(listener: (event: LogoutEvent) => void): () => void;
  /** Calls back in the same turn in which a session ends by logout or switch, before anyone renders. */
  onForget(listener: () => void): () => void;
  /** Names whoever sits here, among all Auths: another number whenever that may be another person. */
  person(): number;
  /** Whose code runs at this moment: a former user's while their tree is cleaned up, say. */
  caller(): number;
  /** Says whose code runs from here on: if omitted, that of whoever sits here. Returns the one before. */
  runAs(key: number | undefined): number | undefined;
  dispose(): void;
}

/**
 * @param softSeconds - the soft margin; by the token's lifetime if omitted.
 * @param forgetOnRefusal - a refusal leaves nothing for the case that the same user signs in again.
 */
export function createSession(
  identify: Identify | undefined,
  softSeconds: number | undefined,
  forgetOnRefusal: boolean,
  platform: Platform,
  emit: (event: EventDetails) => void,
): Session {
  const subscribers = createListeners<void>();
  const logoutListeners = createListeners<LogoutEvent>();
  const forgetListeners = createListeners<void>();

  let state = loadingState;
  let generation = newGeneration(0);
  let pass: Pass | null = null;
  let receipts = 0;
  let person = ++persons;
  let caller: number | undefined;
  let logouts = 0;
  let identity: Identity | undefined;
  let claims: Claims | undefined;
  /** Refused: its requests on the wire go on, until it is known who signs in next. */
  let suspended: Generation | undefined;
  /** Claims name the user only as long as nobody who knows better has. */
  let userFromClaims = true;

  /** Whoever reads the state in `follow` already reads the new one; what that returns comes last. */
  function setState(fields: StateFields, follow?: Follow): void {
    const next = snapshot(fields);
    const changed = stateFields.some((field) => state[field] !== next[field]);
    if (changed) state = next;
    const conclude = follow?.();
    if (changed) subscribers.call();
    conclude?.();
  }

  function freshness({
    expiry,
    sentAt,
  }: Pick<Pass, "sentAt" | "expiry">): "fresh" | "ageing" | "due" {
    if (!expiry) return "fresh";
    const age = msSince(sentAt, platform);
    return age < expiry.softMs ? "fresh" : age < expiry.hardMs ? "ageing" : "due";
  }

  /** Closes the present generation and opens the next. Returns what follows from that. */
  function close(reason: LogoutReason, error?: AuthError): Follow {
    const ended = generation;
    const wasSignedIn = state.isAuthenticated;
    // Also those that what is rendered next removes: they were there when it ended.
    const tell = logoutListeners.prepare(error ? { reason, error } : { reason });
    const isRefusal = reason === "refused";
    const isForgotten = isRefusal
      ? wasSignedIn && forgetOnRefusal
      : // While loading there may be what a server rendered for the user who is signed out now.
        wasSignedIn || state.isLoading || (!!suspended && !forgetOnRefusal);
    ended.endedBy = reason;
    generation = newGeneration(ended.id + 1);
    pass = null;
    const over = isRefusal ? [] : [ended, suspended];
    suspended = isRefusal ? (wasSignedIn ? ended : suspended) : undefined;
    return () => {
      for (const each of over) {
        if (!each) continue;
        each.endedBy = reason;
        // So that nothing of what still goes on for it lands.
        for (const breakOff of [...each.ongoing]) breakOff();
        each.ongoing.clear();
      }
      if (isForgotten) {
        person = ++persons;
        forgetListeners.call();
      }
      if (!wasSignedIn) return undefined;
      emit({ type: "session-ended", generation: ended.id, reason });
      // After whatever the subscribers schedule: React renders in a microtask of its own.
      return () => queueMicrotask(tell);
    };
  }

  return {
    getState: () => state,
    subscribe: subscribers.add,
    generation: () => generation,
    pass: () => pass,

    handover: () =>
      pass && freshness(pass) !== "due"
        ? {
            token: pass.token,
            sentAt: pass.sentAt.wall,
            lifetimeSeconds: pass.expiry && pass.expiry.lifetimeMs / 1000,
            user: userFromClaims ? undefined : (state.user ?? undefined),
          }
        : undefined,
    identity: () =>
      identity && { ...identity, content: contentOf(state.user ?? state.expiredUser, claims) },
    logouts: () => logouts,

    freshness,

    receive(grant, sentAt, isSame) {
      const continues = state.isAuthenticated && isSame;
      let follow: Follow | undefined;
      if (!continues) {
        userFromClaims = true;
        if (state.isAuthenticated || (suspended && (!isSame || forgetOnRefusal))) {
          follow = close("switched");
        } else {
          generation = newGeneration(generation.id + 1);
          // The same user goes on, and what is still on the wire ends with this session.
          for (const each of suspended?.ongoing ?? []) generation.ongoing.add(each);
        }
      }
      suspended = undefined;

      const expiry = expiryOf(grant.lifetimeSeconds, softSeconds);
      pass = { token: grant.token, receipt: ++receipts, generation, sentAt, expiry };
      identity = { ...(isSame && identity), ...grant.identity };
      claims = grant.claims;
      let user = continues ? state.user : null;
      if (grant.user !== undefined) {
        user = grant.user;
        userFromClaims = false;
      } else if (userFromClaims) {
        user = userOfClaims(grant.claims) ?? user;
      }
      if (textOf(user) === textOf(state.user)) user = state.user;

      const { receipt } = pass;
      const { id } = generation;
      setState({ status: "authenticated", user }, () => {
        const conclude = follow?.();
        emit({ type: "token-received", receipt, sentAt: sentAt.wall, ...expiry });
        if (!continues) emit({ type: "session-started", generation: id });
        return conclude;
      });
    },

    refuse(error) {
      // A visitor without a cookie is refused too: that is no error.
      const shown = state.isAuthenticated ? error : null;
      const expiredUser = forgetOnRefusal ? null : (state.user ?? state.expiredUser);
      const follow = close("refused", error);
      setState({ status: "unauthenticated", expiredUser, error: shown }, follow);
    },

    fail(error) {
      const lost = state.isLoading && error?.code === "misconfigured";
      setState({ ...state, status: lost ? "unauthenticated" : state.status, error });
    },

    end(reason) {
      const follow = close(reason);
      identity = undefined;
      if (reason !== "switched") logouts += 1;
      setState({ status: "unauthenticated" }, follow);
    },

    spoil() {
      if (!pass) return;
      pass = { ...pass, expiry: { lifetimeMs: 0, softMs: 0, hardMs: 0 } };
      emit({ type: "token-expired" });
    },

    setUser(user) {
      if (!state.isAuthenticated) {
        throw new AuthError("signed_out");
      }
      // A former user's tree as it is unmounted, say: nothing else may tell the two apart.
      if ((caller ?? person) !== person) throw new AuthError("session_ended");
      const edited = identityOf(user, undefined, identify);
      // Where only claims named the user, the profile that was shown did so too.
      const shown = identityOf(state.user, undefined, identify);
      if (!isSamePerson({ ...identity, ...shown }, edited, false)) {
        throw misuse("another_user");
      }
      identity = { ...identity, ...edited };
      userFromClaims = false;
      setState({ ...state, user: textOf(user) === textOf(state.user) ? state.user : user });
    },

    onLogout: logoutListeners.add,
    onForget: forgetListeners.add,
    person: () => person,
    caller: () => caller ?? person,
    runAs(key) {
      const before = caller;
      caller = key;
      return before;
    },

    dispose() {
      for (const each of generation.ongoing) each();
      generation = newGeneration(generation.id + 1);
      pass = null;
      for (const listeners of [subscribers, logoutListeners, forgetListeners]) listeners.clear();
    },
  };
}

let persons = 0;

/** What follows from a change, before it is rendered; returns what comes after that. */
type Follow = () => (() => void) | undefined;

/** The state of every session before its first answer, and of every server rendering. */
export const loadingState: AuthState = /* @__PURE__ */ snapshot({ status: "loading" });

/** What a state is made from: what is left out is `null`. */
type StateFields = Pick<AuthState, "status"> & Partial<AuthState>;
const stateFields = ["status", "user", "expiredUser", "error"] as const;

function snapshot({
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

function newGeneration(id: number): Generation {
  return { id, endedBy: undefined, ongoing: new Set() };
}
