import type { Auth, CreateAuthOptions } from "./auth.js";
import { exposeInternals } from "./authInternals.js";
import { keepHistory } from "./core/dev/eventHistory.js";
import { noteAuth } from "./core/dev/auths/knownAuths.js";
import { detachReplaced, noteSource, sourceOf } from "./core/dev/auths/replacedAuths.js";
import { assertOptions } from "./core/dev/validateOptions.js";
import { assertAlive, createEnding, untilAborted } from "./core/platform/abort.js";
import { browserPlatform } from "./core/platform/browserPlatform.js";
import { createEvents } from "./core/platform/events.js";
import type { Platform } from "./core/platform/platform.js";
import { accessTokenFor } from "./core/request/tokenFor.js";
import type { AuthState } from "./core/session/authState.js";
import { AuthError } from "./core/vocabulary/errors.js";
import { createParts } from "./createParts.js";
import { createAuthedAxios } from "./http/authedAxios.js";
import { createAuthedFetch } from "./http/authedFetch.js";
import { withDefaults } from "./options.js";

/**
 * Makes a session and its clients. Starts nothing: the first `ready()`, request, `getAccessToken()`
 * or provider does.
 *
 * @param options - The options that differ from the defaults.
 * @param platform - Clocks, timers and network; the browser's if omitted. For tests.
 * @throws TypeError for a wrong option, with the remedy.
 */
export function createAuth(
  { axios: given, ...options }: CreateAuthOptions = {},
  platform: Platform = browserPlatform,
): Auth {
  if (process.env.NODE_ENV !== "production") assertOptions({ axios: given, ...options });
  const { signal, until: whileAlive, abort } = createEnding();
  const events = createEvents(platform);
  const onEvent = process.env.NODE_ENV === "production" ? events.add : keepHistory(events);
  const settings = withDefaults(options, given?.defaults.baseURL);
  const parts = createParts({ options: settings, platform, events, signal });
  const { session, tabs, refresher, restoration, logout } = parts;
  const source =
    process.env.NODE_ENV === "production" ? "" : sourceOf(parts.key, new Error().stack);
  if (process.env.NODE_ENV !== "production" && given) detachReplaced(given, source);
  const { api, detach } = createAuthedAxios(parts, given, options.baseURL);
  const authedFetch = createAuthedFetch(parts);

  const auth: Auth = {
    api,
    // Without `whileAlive`: the session's own signal aborts its requests.
    async fetch(input, init) {
      assertAlive(signal);
      return authedFetch(input, init);
    },
    getState: session.getState,
    subscribe: session.subscribe,
    ready(wait) {
      const state = signal.aborted
        ? Promise.reject<AuthState>(new AuthError("disposed"))
        : untilAborted(restoration.ready(), wait?.signal);
      state.catch(() => {});
      return state;
    },
    restore: () => whileAlive(restoration.restore),
    getAccessToken: (wanted = {}) => whileAlive(() => accessTokenFor(parts, wanted)),
    login: (input) => whileAlive(() => parts.login(input)),
    logout: () => whileAlive(logout.logout).catch(() => ({ serverTold: false })),
    setUser(user) {
      session.setUser(user);
      tabs.publishUser(user);
    },
    onLogout: session.onLogout,
    onEvent,
    expireToken: session.expireToken,
    dispose() {
      if (signal.aborted) return;
      const reason = new AuthError("disposed");
      abort(reason);
      restoration.dispose(reason);
      detach();
      for (const part of [logout, refresher, tabs, session]) part.dispose();
      events.clear();
    },
  };
  const backoffOver = () => whileAlive(refresher.backoff.over);
  exposeInternals(auth, { ...session, disposal: signal, backoffOver });
  if (process.env.NODE_ENV !== "production") {
    noteAuth(auth, parts.key);
    noteSource(auth, source, detach);
  }
  return auth;
}
