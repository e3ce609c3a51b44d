import axios, { type AxiosInstance } from "axios";
import { untilAborted } from "./core/abort.js";
import { createAuthorizedSend } from "./core/authorizedSend.js";
import { createAuthServer } from "./core/authServer.js";
import { AuthError, disposedError } from "./core/errors.js";
import { createListeners, type AuthEvent } from "./core/events.js";
import { exposeForgetting } from "./core/forgetting.js";
import { assertOptions, type AuthOptions } from "./core/options.js";
import { createOrder } from "./core/order.js";
import { createOriginGate } from "./core/origins.js";
import { browserPlatform, type Platform } from "./core/platform.js";
import { createRenewal } from "./core/renewal.js";
import { createRestoration } from "./core/restoration.js";
import { createSession, type AuthState, type LogoutEvent, type User } from "./core/session.js";
import { createSignIn, type LoginFunction } from "./core/signIn.js";
import { attachAuth } from "./http/authedAxios.js";

/** The options of {@link createAuth}. All are optional. */
export interface CreateAuthOptions extends AuthOptions {
  /**
   * The app's axios instance, to which the behaviour is attached; one of our own if omitted. The
   * global `axios` is refused, and so is attaching twice.
   */
  axios?: AxiosInstance;
}

/** A session and the clients that carry it. Usable outside React: in route loaders, sockets, modules. */
export interface Auth {
  /** An axios instance that adds the token, refreshes, and replays. */
  readonly api: AxiosInstance;
  /** The present state: a new object when something changed, the same one when not. */
  getState(): AuthState;
  /** Calls back after each change of the state; never for a mere rotation of the token. */
  subscribe(listener: () => void): () => void;
  /**
   * Resolves with the state once it is not `loading`, and starts the restoration if nothing has.
   *
   * @throws {@link AuthError} when an attempt fails in transit. The status stays `loading`, attempts
   * go on by themselves, and a later call waits for the next one.
   */
  ready(options?: { signal?: AbortSignal }): Promise<AuthState>;
  /**
   * Tries the cookie now, say after a sign-in by redirect. Resolves with the state, also if the
   * server refused.
   *
   * @throws {@link AuthError} `unavailable`, `timeout`, `misconfigured`.
   */
  restore(): Promise<AuthState>;
  /**
   * An access token that is good now, for sockets and signed links; `null` if nobody is signed in or
   * the refresh is refused. Ask again for each connection instead of keeping it.
   *
   * @throws {@link AuthError} `unavailable` or `timeout` if there is no good token and none to be had.
   */
  getAccessToken(options?: {
    /** Gets a new one even if the current one looks good. */
    forceRefresh?: boolean;
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
   * @throws TypeError if it is another user; {@link AuthError} `signed_out` if nobody is signed in.
   */
  setUser(user: User): void;
  /** Calls back once for each session that ends. Returns its unsubscribe. */
  onLogout(listener: (event: LogoutEvent) => void): () => void;
  /** Calls back with everything that happens inside, never with a token. Returns its unsubscribe. */
  onEvent(listener: (event: AuthEvent) => void): () => void;
  /** Stops everything and gives the app's axios instance back as it was. */
  dispose(): void;
}

/** What the login endpoint takes: sent as JSON, unless it is a form or a string. */
export type Credentials = object | string;

/**
 * Makes a session and its clients. Starts nothing: the first `ready()`, request, `getAccessToken()`
 * or provider does.
 *
 * @param platform - Clocks, timers and network; the browser's if omitted. For tests.
 * @throws TypeError for a wrong option, with the remedy.
 */
export function createAuth(
  { axios: given, ...options }: CreateAuthOptions = {},
  platform: Platform = browserPlatform,
): Auth {
  assertOptions(options);
  const baseURL = options.baseURL ?? given?.defaults.baseURL ?? "/";
  const { header = "Authorization", scheme = "Bearer", refreshTimeoutMs = 10_000 } = options;
  const { login = "/auth/login", refresh = "/auth/refresh", logout = "/auth/logout" } = options;
  const ahead: { seconds?: number; background?: boolean } =
    typeof options.refreshAhead === "number"
      ? { seconds: options.refreshAhead }
      : (options.refreshAhead ?? {});
  const origins = createOriginGate(baseURL, options.allowedOrigins ?? [], platform);

  const events = createListeners<AuthEvent>();
  const emit = (event: AuthEvent) => events.call(event);
  const disposal = new AbortController();
  const callAuthServer = createAuthServer<User>(
    { ...options, baseURL, header, scheme },
    options.fetch ? { ...platform, fetch: options.fetch } : platform,
  );
  const inOrder = createOrder();
  const session = createSession(
    { identify: options.identify, refreshAheadSeconds: ahead.seconds },
    platform,
    emit,
  );
  const renewal = createRenewal({
    session,
    platform,
    emit,
    inOrder,
    timeoutMs: refreshTimeoutMs,
    inBackground: ahead.background ?? false,
    callRefresh: () =>
      callAuthServer("refresh", refresh, {
        accessToken: session.pass()?.token ?? null,
        signal: disposal.signal,
      }),
  });
  const restoration = createRestoration(session, renewal, options.restore ?? "always");
  const signIn = createSignIn({
    session,
    renewal,
    platform,
    callAuthServer,
    inOrder,
    login,
    logout,
    timeoutMs: refreshTimeoutMs,
    signal: disposal.signal,
  });
  const send = createAuthorizedSend({
    session,
    renewal,
    restoration,
    refreshOn: options.refreshOn ?? [401],
    emitter: () => (events.size() > 0 ? emit : undefined),
  });
  const api = given ?? axios.create({ baseURL });
  const detach = attachAuth(api, { send, origins, platform, header, scheme });
  if (options.onLogout) session.onLogout(options.onLogout);
  if (options.onEvent) events.add(options.onEvent);

  function assertNotDisposed(): void {
    if (disposal.signal.aborted) throw disposedError();
  }

  async function currentToken(forceRefresh: boolean): Promise<string | null> {
    const paused = session.getState().isLoading && renewal.pausedBy();
    if (paused) throw paused;
    await restoration.ready();
    const pass = session.pass();
    if (!pass) return null;
    const freshness = session.freshness(pass);
    if (!forceRefresh && freshness !== "due") {
      if (freshness === "ageing") renewal.renewAhead();
      return pass.token;
    }
    try {
      await renewal.renew(forceRefresh ? "forced" : "expired");
    } catch (error) {
      const isOver = !session.getState().isAuthenticated;
      if (error instanceof AuthError && isOver && error.code === "refused") return null;
      throw error;
    }
    return session.pass()?.token ?? null;
  }

  const auth: Auth = {
    api,
    getState: session.getState,
    subscribe: session.subscribe,
    ready({ signal } = {}) {
      const state = disposal.signal.aborted
        ? Promise.reject(disposedError())
        : untilAborted(restoration.ready(), signal);
      // `void auth.ready()` is a fine way to start: its failure shows in the state.
      state.catch(() => {});
      return state;
    },
    async restore() {
      assertNotDisposed();
      return restoration.restore();
    },
    async getAccessToken({ forceRefresh = false, signal } = {}) {
      assertNotDisposed();
      return untilAborted(currentToken(forceRefresh), signal);
    },
    async login(input) {
      assertNotDisposed();
      return signIn.login(input);
    },
    async logout() {
      return disposal.signal.aborted ? { serverTold: false } : signIn.logout();
    },
    setUser(user) {
      assertNotDisposed();
      session.setUser(user);
    },
    onLogout: session.onLogout,
    onEvent: (listener) => events.add(listener),
    dispose() {
      if (disposal.signal.aborted) return;
      disposal.abort(disposedError());
      detach();
      restoration.dispose(disposedError());
      signIn.dispose();
      renewal.dispose();
      session.dispose();
      events.clear();
    },
  };
  exposeForgetting(auth, session);
  return auth;
}
