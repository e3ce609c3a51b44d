import type { AxiosInstance } from "axios";
import type { LoginFunction } from "./core/login/login.js";
import type { AuthState } from "./core/session/authState.js";
import type { AuthEvent, LogoutEvent } from "./core/vocabulary/events.js";
import type { User } from "./core/vocabulary/user.js";
import type { AuthedFetch } from "./http/authedFetch.js";
import type { AuthOptions } from "./options.js";

/** The options of `createAuth`. All are optional. */
export interface CreateAuthOptions extends AuthOptions {
  /**
   * The app's axios instance, to which the behaviour is attached; one of our own if omitted. Without
   * a `baseURL` of its own it is given the option's. The global `axios` is refused, and so is
   * attaching twice.
   */
  axios?: AxiosInstance;
}

/** A session and the clients that carry it. Usable outside React: in route loaders, sockets, modules. */
export interface Auth {
  /**
   * An axios instance that adds the token, refreshes, and replays. With `skipAuth: true` in its config a
   * request is sent as it is.
   */
  readonly api: AxiosInstance;
  /**
   * `fetch` that adds the token, refreshes, and replays: for generated clients, for uploads and
   * downloads as streams. May be passed on by itself. With `skipAuth: true`, with a header of its own
   * in place of the token's, and to any other origin it is plain `fetch`. Relative URLs start from
   * the document, as for `fetch`, and not from `baseURL`: `auth.api.getUri({ url })` gives the one
   * that `auth.api` would take.
   *
   * Resolves with every answer, as `fetch` does, also with a 401 that a refresh did not help: `getState()`
   * says why, by its `error` or because nobody is signed in. A body that is a stream is sent once
   * only: its token is made fresh first.
   *
   * @throws {@link AuthError} for what was not sent (`refused`, `unavailable`, `timeout`) and for
   * what a logout or a switch of user ended (`session_ended`); whatever `fetch` throws; the reason
   * of its `signal`.
   */
  readonly fetch: AuthedFetch;
  /** The present state: a new object when something changed, the same one when not. */
  getState(): AuthState;
  /** Calls back after each change of the state; never for a mere rotation of the token. */
  subscribe(listener: () => void): () => void;
  /**
   * Resolves with the state once it is not `loading`, and starts the restoration if nothing has. The
   * same promise until something changes, so `use(auth.ready())` works; not with a `signal`.
   *
   * @throws {@link AuthError} when an attempt fails in transit. The status stays `loading`, attempts
   * go on by themselves, and a later call waits for the next one.
   */
  ready(options?: { signal?: AbortSignal }): Promise<AuthState>;
  /**
   * Tries the cookie now, say after a sign-in by redirect: with a refresh of its own, after the one that
   * is under way. Resolves with the state, also if the server refused. Like a login, it is a switch of user unless something tells that it is the same
   * person.
   *
   * @throws {@link AuthError} `unavailable`, `timeout`, `misconfigured`.
   */
  restore(): Promise<AuthState>;
  /**
   * An access token that is good now, for sockets and signed links; `null` if nobody is signed in or
   * the refresh is refused. Ask again for each connection instead of keeping it.
   *
   * @throws {@link AuthError} `unavailable` or `timeout` if there is no good token and none to be had;
   * `session_ended` if someone signs out or another user signs in meanwhile, and if a former user's tree
   * asks while it is unmounted, or later by `useAuth()`.
   */
  getAccessToken(options?: {
    /** Gets a new one even if the current one looks good. */
    forceRefresh?: boolean;
    /** Ends the wait of this call. The refresh goes on. */
    signal?: AbortSignal;
  }): Promise<string | null>;
  /**
   * Signs in with credentials for the login endpoint, or with a function that gets the session in
   * another way (sign-up, passkey, OAuth callback). The function is one bounded network call: ask
   * the person for things before it, not inside.
   *
   * @throws {@link AuthError} `login_failed` with the server's `status` and `data`; `unavailable` or
   * `timeout` if there was no answer. The present session is left alone then.
   */
  login(input: LoginFunction | Credentials): Promise<AuthState>;
  /**
   * Signs out: the state ends within the call, the promise settles when the server was told or could
   * not be, and never rejects.
   */
  logout(): Promise<{ serverTold: boolean }>;
  /**
   * Shows an edited profile.
   *
   * @throws TypeError if it is another user; {@link AuthError} `signed_out` if nobody is signed in,
   * `session_ended` if a former user's tree calls it as it is unmounted, or `useAuth()`'s later.
   */
  setUser(user: User): void;
  /**
   * Calls back once for each session that ends, after the end is rendered. A listener that was there
   * when the session ended is called even if that rendering removes it. Returns its unsubscribe.
   */
  onLogout(listener: (event: LogoutEvent) => void): () => void;
  /**
   * Calls back with everything that happens inside, never with a token. With `history: true`, and in
   * development only, first with the last 200 events. Returns its unsubscribe.
   */
  onEvent(listener: (event: AuthEvent) => void, options?: { history?: boolean }): () => void;
  /**
   * Treats the token as expired in this tab, for tools and tests: the next request waits for a new one,
   * as after a long sleep. The server is told nothing and would still accept it.
   */
  expireToken(): void;
  /** Stops everything and gives the app's axios instance back as it was. */
  dispose(): void;
}

/** Credentials for the login endpoint: sent as JSON, unless they are a form or a string. */
export type Credentials = object | string;
