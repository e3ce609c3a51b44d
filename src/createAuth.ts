import axios, { type AxiosInstance } from "axios";
import { assertAlive, untilAborted } from "./core/platform/abort.js";
import { createAuthorizedSend, type Waiting } from "./core/request/sendAuthorized.js";
import { createAuthServer } from "./core/authServer/authServer.js";
import {
  createIsAuthCall,
  endpointOf,
  resolveURL,
  sendsToken,
} from "./core/authServer/endpoints.js";
import { createDevWarnings, type DevWarnings } from "./core/dev/devWarnings.js";
import { keepHistory } from "./core/dev/eventHistory.js";
import { noteAuth } from "./core/dev/knownAuths.js";
import { AuthError, unlessRefused } from "./core/vocabulary/errors.js";
import { createListeners, guarded } from "./core/platform/listeners.js";
import type { AuthEvent, EventDetails } from "./core/vocabulary/events.js";
import { exposeForgetting } from "./core/forgetting.js";
import { detachReplaced, noteSource, sourceOf } from "./core/dev/replacedAuths.js";
import { assertOptions } from "./core/dev/validateOptions.js";
import type { AuthOptions } from "./core/options.js";
import { createOriginGate } from "./core/authServer/origins.js";
import { browserPlatform } from "./core/platform/browserPlatform.js";
import type { Platform } from "./core/platform/platform.js";
import { createReader } from "./core/authServer/readAnswer.js";
import { createRenewal } from "./core/refresh/refresh.js";
import { createRestoration } from "./core/refresh/restore.js";
import { createSession, type AuthState } from "./core/session/session.js";
import type { LogoutEvent } from "./core/vocabulary/events.js";
import type { User } from "./core/vocabulary/user.js";
import { createSignIn, type LoginFunction } from "./core/login/signIn.js";
import { createTabs } from "./core/tabs/tabs.js";
import { createTurns } from "./core/tabs/crossTabLock.js";
import { attachAuth } from "./http/authedAxios.js";
import { createAuthedFetch, type AuthedFetch } from "./http/authedFetch.js";
import type { ClientAuth } from "./http/clientAuth.js";

/** The options of {@link createAuth}. All are optional. */
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
  /** An axios instance that adds the token, refreshes, and replays. */
  readonly api: AxiosInstance;
  /**
   * `fetch` that adds the token, refreshes, and replays: for generated clients, for uploads and
   * downloads as streams. May be passed on by itself. With `skipAuth: true`, with a header of its own
   * in place of the token's, and to any other origin it is plain `fetch`. Relative URLs start from
   * the document, as for `fetch`, and not from `baseURL`: `auth.api.getUri({ url })` gives the one
   * that `auth.api` would take.
   *
   * Resolves with every answer, as `fetch` does, also with a 401 that could not be cured: `getState()`
   * says why not, by its `error` or because nobody is signed in. A body that is a stream is sent once
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
   * Tries the cookie now, say after a sign-in by redirect. Resolves with the state, also if the
   * server refused. Like a login, it is a switch of user unless something tells that it is the same
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
   * `session_ended` if someone signs out, or another user in, meanwhile, and if a former user's tree asks
   * as it is unmounted, or by `useAuth()` later.
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
   * @throws TypeError if it is another user; {@link AuthError} `signed_out` if nobody is signed in,
   * `session_ended` if a former user's tree calls it as it is unmounted, or `useAuth()`'s later.
   */
  setUser(user: User): void;
  /**
   * Calls back once for each session that ends, when all of it is over and what follows is rendered:
   * whoever listened when it ended, also if that very rendering removes them. Returns its unsubscribe.
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
  if (process.env.NODE_ENV !== "production") assertOptions({ axios: given, ...options });
  const baseURL = options.baseURL ?? given?.defaults.baseURL ?? "/";
  const { refreshAhead, refreshTimeoutMs: timeoutMs = 10_000 } = options;
  const { header = "Authorization", scheme = "Bearer" } = options;
  const ahead = typeof refreshAhead === "number" ? { seconds: refreshAhead } : refreshAhead;
  const identify = options.identify && guarded(options.identify);
  const origins = createOriginGate(baseURL, options.allowedOrigins ?? [], platform);

  const events = createListeners<AuthEvent>();
  const emit = (event: EventDetails) => {
    if (events.size() > 0) events.call(Object.assign(event, { at: platform.now() }));
  };
  let onEvent: Auth["onEvent"] = events.add;
  if (process.env.NODE_ENV !== "production") onEvent = keepHistory(events);
  const disposal = new AbortController();
  const disposed = new AuthError("disposed");
  const { signal } = disposal;
  const session = createSession(
    identify,
    ahead?.seconds,
    options.forgetOnRefusal ?? false,
    platform,
    emit,
  );
  const refresh = endpointOf(options, "refresh");
  // A function is taken to call the API.
  const refreshURL = resolveURL("url" in refresh ? refresh.url : "", baseURL, origins);
  const originOf = (url: string) => origins.resolve(url)?.origin;
  let readAnswer = createReader(options, identify, (url) => originOf(url) === originOf(refreshURL));
  const { name = "", shareToken = true } = options.tabs || {};
  const isTalking = options.tabs !== false;
  // What the tabs of one app have in common, and those of another do not.
  const app = ["react-authed-query", refreshURL, name, header].join(" ");
  let devWarnings: DevWarnings | undefined;
  if (process.env.NODE_ENV !== "production") {
    devWarnings = createDevWarnings({
      options,
      baseURL,
      origins,
      platform,
      app: isTalking ? app : undefined,
      header,
      isSignedIn: () => session.getState().isAuthenticated,
      signal,
    });
    readAnswer = devWarnings.readAnswer(readAnswer);
  }
  const tabs = createTabs(session, platform, app, isTalking, shareToken, identify, emit, {
    adopt(grant, sentAt) {
      session.receive(grant, sentAt, true);
      renewal.startAnew(true);
    },
    follow() {
      // The server has just signed someone in: it is there.
      renewal.pause.clear();
      catchUp();
    },
    tellPending: () => signIn.tellPending(),
  });

  /** A tab that shows nobody signed in makes no request with which to try again: it does so by itself. */
  function catchUp(): void {
    renewal.renew("other-tab").catch(({ retryAt }: AuthError) => {
      const isWanted = () => tabs.isBehind() && !session.getState().isAuthenticated;
      if (retryAt) renewal.pause.onEnd(() => isWanted() && catchUp());
    });
  }

  const call = createAuthServer({
    options,
    baseURL,
    platform,
    origins,
    inTurn: createTurns(platform, isTalking ? app : undefined, timeoutMs + 2000, signal),
    readAnswer,
    accessToken: () => session.pass()?.token ?? null,
    header,
    scheme,
    timeoutMs,
    signal,
  });
  const renewal = createRenewal(
    session,
    tabs,
    call,
    platform,
    emit,
    ahead?.background ?? false,
    sendsToken(options, "refresh"),
  );
  const signIn = createSignIn(session, renewal, tabs, call, platform, emit, options);
  const restoration = createRestoration(
    session,
    renewal,
    tabs,
    options.restore ?? "always",
    signIn.tellPending,
  );
  const { send, passFor } = createAuthorizedSend(
    session,
    renewal,
    restoration,
    tabs,
    () => (events.size() > 0 ? emit : undefined),
    options.refreshOn,
  );
  const api = given ?? axios.create({ baseURL });
  const isAuthCall = createIsAuthCall(options, baseURL, origins);
  const client: ClientAuth = {
    send,
    caller: session.caller,
    origins,
    isAuthCall,
    platform,
    header,
    scheme,
  };
  if (process.env.NODE_ENV !== "production" && devWarnings) {
    client.send = devWarnings.send(send);
    client.sentPlain = devWarnings.sentPlain;
  }
  let source = "";
  if (process.env.NODE_ENV !== "production") {
    source = sourceOf(app, new Error().stack);
    detachReplaced(api, source);
  }
  let detach = attachAuth(api, client, options.baseURL);
  const authedFetch = createAuthedFetch(client, options.fetch ?? platform.fetch);
  if (options.onLogout) session.onLogout(options.onLogout);
  if (options.onEvent) events.add(options.onEvent);

  /** Rejects whoever waits. One listener each on the signal would make Node warn of a leak. */
  const waiting = new Set<(reason: unknown) => void>();

  function ifAlive<Result>(verb: () => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(disposed);
      waiting.add(reject);
      return verb()
        .then(resolve, reject)
        .finally(() => waiting.delete(reject));
    });
  }

  const auth: Auth = {
    api,
    // Its requests are the session's, which breaks them off by one signal for all: a listener for
    // each on the signal of dispose() would make Node warn of a leak.
    async fetch(input, init) {
      assertAlive(signal);
      return authedFetch(input, init);
    },
    getState: session.getState,
    subscribe: session.subscribe,
    ready(wait) {
      const state = signal.aborted
        ? Promise.reject<AuthState>(disposed)
        : untilAborted(restoration.ready(), wait?.signal);
      state.catch(() => {});
      return state;
    },
    restore: () =>
      ifAlive(() => {
        signIn.settle();
        return restoration.restore();
      }),
    getAccessToken: (wanted = {}) =>
      ifAlive(async () => {
        const waiter: Waiting = {
          isReplayable: true,
          wait: (promise) => untilAborted(promise, wanted.signal),
        };
        if (wanted.signal?.aborted) await waiter.wait(Promise.resolve());
        return (await unlessRefused(passFor(waiter, wanted.forceRefresh)))?.token ?? null;
      }),
    login: (input) => ifAlive(() => signIn.login(input)),
    logout: () => ifAlive(signIn.logout).catch(() => ({ serverTold: false })),
    setUser(user) {
      session.setUser(user);
      tabs.edited(user);
    },
    onLogout: session.onLogout,
    onEvent,
    expireToken: session.spoil,
    dispose() {
      if (signal.aborted) return;
      disposal.abort(disposed);
      for (const reject of waiting) reject(disposed);
      restoration.dispose(disposed);
      detach();
      signIn.dispose();
      renewal.dispose();
      tabs.dispose();
      session.dispose();
      events.clear();
    },
  };
  exposeForgetting(auth, { ...session, disposal: signal, pauseOver: renewal.pause.over });
  if (process.env.NODE_ENV !== "production") {
    noteAuth(auth, app);
    noteSource(auth, source, () => {
      detach();
      // It has another Auth by the time this one is disposed of.
      detach = () => {};
    });
  }
  return auth;
}
