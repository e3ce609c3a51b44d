import { createListeners } from "../platform/listeners.js";
import type { Identify, Identity } from "../token/identity.js";
import { AuthError } from "../vocabulary/errors.js";
import type { EventDetails, LogoutEvent, LogoutReason } from "../vocabulary/events.js";
import type { User } from "../vocabulary/user.js";
import { loadingState, type AuthState } from "./authState.js";
import { createSessionScope, type AccessToken, type SessionScope } from "./sessionScope.js";
import {
  editUser,
  endSession,
  expireToken,
  failRefresh,
  initialSession,
  knownIdentity,
  nextSession,
  receiveToken,
  refuseSession,
  type ReceivedToken,
  type SessionRules,
  type Transition,
} from "./transitions.js";

/** The options that the session reads. */
export interface SessionOptions {
  /**
   * Names the person, so that a switch of user is noticed. If omitted, `sub`, `id` and the like in
   * claims and `user` do, and an e-mail address where nobody has an id. Where nothing names the person,
   * a sign-in over a session is another person's unless `user` and claims are equal.
   */
  identify?: Identify;
  /**
   * A refusal forgets like a logout: for shared terminals. If omitted, what was on the screen stays
   * for the case that the same user signs in again.
   */
  forgetOnRefusal?: boolean;
}

/** The session: carries out the effects of the transitions. */
export interface Session {
  getState(): AuthState;
  /** Calls back after each change of the state. */
  subscribe(listener: () => void): () => void;
  scope(): SessionScope;
  currentToken(): AccessToken | null;
  /** Who is signed in; `undefined` if the token's claims are all that is known. */
  namedUser(): User | undefined;
  /** The person of the session, also while it is refused; `undefined` if it is nobody's. */
  identity(): Identity | undefined;
  /** How often someone signed out: a login asked for before must not sign anyone in. */
  logouts(): number;
  /** A token arrived: starts a session, goes on with it, or switches to another user's. */
  receiveToken(received: ReceivedToken): void;
  /** The server refused: ends the session, or the wait of a visitor. */
  refuse(error: AuthError): void;
  /** A refresh failed without ending the session; `null` once that is over. */
  fail(error: AuthError | null): void;
  /** Ends the session, if there is one, and its wait if it is loading. Nothing revives it. */
  end(reason: Exclude<LogoutReason, "refused">): void;
  /** Marks the token as expired: requests wait for the next. */
  expireToken(): void;
  setUser(user: User): void;
  onLogout(listener: (event: LogoutEvent) => void): () => void;
  /** Calls back in the same turn in which a session ends by logout or switch, before anyone renders. */
  onClearUserData(listener: () => void): () => void;
  /** Names the present user, among all Auths: another number whenever that may be another person. */
  userKey(): number;
  /** The user whose code runs at this moment: a former one while their tree is cleaned up, say. */
  callerKey(): number;
  /** Sets whose code runs from here on; the present user's if `undefined`. Returns the former key. */
  runAs(key: number | undefined): number | undefined;
  dispose(): void;
}

/** The dependencies of a session. */
export interface SessionDependencies {
  readonly options: SessionRules & Pick<SessionOptions, "identify">;
  emit(event: EventDetails): void;
}

export function createSession({ options, emit }: SessionDependencies): Session {
  const subscribers = createListeners<void>();
  const logoutListeners = createListeners<LogoutEvent>();
  const clearListeners = createListeners<void>();
  let model = initialSession(loadingState);
  let userKey = ++userKeys;
  let caller: number | undefined;

  /** User code that is called here reads the new state, and may change it again. */
  function apply(transition: Transition): void {
    const { ended = [], clearsUserData, events = [], logout } = transition;
    // Listeners are taken now, because the next rendering may remove them.
    const tellLogout = logout && logoutListeners.prepare(logout);
    const next = nextSession(model, transition);
    const isChanged = next.state !== model.state;
    model = next;
    for (const { scope, reason } of ended) scope.end(reason);
    if (clearsUserData) {
      userKey = ++userKeys;
      clearListeners.call();
    }
    for (const event of events) emit(event);
    if (isChanged) subscribers.call();
    // After all that the subscribers schedule: React renders in a microtask of its own.
    if (tellLogout) queueMicrotask(tellLogout);
  }

  return {
    getState: () => model.state,
    subscribe: subscribers.add,
    scope: () => model.scope,
    currentToken: () => model.token,
    namedUser: () => (model.isUserFromClaims ? undefined : (model.state.user ?? undefined)),
    identity: () => knownIdentity(model),
    logouts: () => model.logouts,
    receiveToken: (received) => apply(receiveToken(model, received, options)),
    refuse: (error) => apply(refuseSession(model, error, options)),
    fail: (error) => apply(failRefresh(model, error)),
    end: (reason) => apply(endSession(model, reason, options)),
    expireToken: () => apply(expireToken(model)),
    setUser(user) {
      // A former user's tree may call this while it is unmounted. Only the caller's key shows that.
      if (model.state.isAuthenticated && (caller ?? userKey) !== userKey) {
        throw new AuthError("session_ended");
      }
      apply(editUser(model, user, options.identify));
    },
    onLogout: logoutListeners.add,
    onClearUserData: clearListeners.add,
    userKey: () => userKey,
    callerKey: () => caller ?? userKey,
    runAs(key) {
      const before = caller;
      caller = key;
      return before;
    },
    dispose() {
      const { scope } = model;
      model = { ...model, scope: createSessionScope(scope.id + 1), token: null };
      scope.abort();
      for (const listeners of [subscribers, logoutListeners, clearListeners]) listeners.clear();
    },
  };
}

let userKeys = 0;
