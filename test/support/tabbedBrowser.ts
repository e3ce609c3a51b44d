import { createAuth, type Auth, type AuthEvent, type CreateAuthOptions } from "react-authed-query";
import { onTestFinished } from "vitest";
import type { Platform } from "../../src/core/platform/platform.js";
import { startAuthServer, type AuthServer } from "./authServer.js";
import { createClock, type Clock } from "./clock.js";
import { createOrigin, type Origin } from "./origin.js";

export const ada = { email: "ada@example.com", password: "right" };

export interface Tab {
  auth: Auth;
  logouts: string[];
  events: AuthEvent[];
  /** What it sent to the auth server, and whether it had the lock then. */
  authCalls: { path: string; hadLock: boolean }[];
  /** How often it has asked for the lock. */
  lockRequests(): number;
  /** Into the back/forward cache. */
  putAway(): void;
  bringBack(): void;
  /** Its timers do not run, and nobody tells it. */
  freeze(): void;
  thaw(): void;
}

export interface TabbedBrowser {
  server: AuthServer;
  origin: Origin;
  clock: Clock;
  /** @param platform - members to change, say for a tab that hears nothing. */
  open(options?: CreateAuthOptions, platform?: Partial<Platform>): Tab;
  /** Waits for the promise while the clock runs on. */
  soon<Value>(promise: Promise<Value>): Promise<Value>;
}

/** One browser before one server; its tabs share a clock, storage, locks and channels. */
export async function startBrowser({
  platform = {},
}: { platform?: Partial<Platform> } = {}): Promise<TabbedBrowser> {
  const server = await startAuthServer();
  const origin = createOrigin();
  const clock = createClock();
  server.tokens.now = clock.platform.now;
  const opened: Auth[] = [];
  onTestFinished(async () => {
    for (const auth of opened) auth.dispose();
    await server.close();
  });
  return {
    server,
    origin,
    clock,
    open(options = {}, own = {}) {
      const authCalls: Tab["authCalls"] = [];
      const page = createPage({ ...clock.platform, ...origin.tab(), ...platform, ...own });
      const send: typeof server.fetch = (input, init) => {
        const path = new URL(typeof input === "string" ? input : input.url).pathname;
        if (path.startsWith("/auth/")) authCalls.push({ path, hadLock: page.hasLock() });
        return server.fetch(input, init);
      };
      const given = { baseURL: server.url, fetch: send, ...options };
      const auth = createAuth(given, page.platform);
      opened.push(auth);
      const logouts: string[] = [];
      const events: AuthEvent[] = [];
      auth.onLogout(({ reason }) => logouts.push(reason));
      auth.onEvent((event) => events.push(event));
      return { ...page.life, lockRequests: page.lockRequests, auth, logouts, events, authCalls };
    },
    async soon(promise) {
      const pending = new Set([promise]);
      const settle = () => pending.clear();
      promise.then(settle, settle);
      while (pending.size > 0) await clock.advance(5);
      return promise;
    },
  };
}

/** What a tab has to itself: when it is put away, and the lock. */
function createPage(shared: Platform) {
  const hideListeners = new Set<() => void>();
  const wakeListeners = new Set<() => void>();
  let locks = 0;
  let lockRequests = 0;
  /** What fell due while the page was frozen. */
  let kept: (() => void)[] | undefined;

  const platform: Platform = {
    ...shared,
    onHide(listener) {
      hideListeners.add(listener);
      return () => hideListeners.delete(listener);
    },
    onWake(listener) {
      const stop = shared.onWake(listener);
      wakeListeners.add(listener);
      return () => {
        stop();
        wakeListeners.delete(listener);
      };
    },
    startTimer: (callback, delayMs) =>
      shared.startTimer(() => (kept ? kept.push(callback) : callback()), delayMs),
    async requestLock(name, signal) {
      lockRequests += 1;
      const lock = await shared.requestLock(name, signal);
      if (!lock) return undefined;
      let isHeld = true;
      locks += 1;
      return {
        wasContended: lock.wasContended,
        release() {
          if (isHeld) locks -= 1;
          isHeld = false;
          lock.release();
        },
      };
    },
  };
  const callAll = (listeners: Set<() => void>) => {
    for (const listener of [...listeners]) listener();
  };
  function freeze(): void {
    kept ??= [];
  }
  function thaw(): void {
    const due = kept ?? [];
    kept = undefined;
    for (const callback of due) callback();
  }
  return {
    platform,
    lockRequests: () => lockRequests,
    hasLock: () => locks > 0,
    life: {
      freeze,
      thaw,
      putAway() {
        callAll(hideListeners);
        freeze();
      },
      bringBack() {
        callAll(wakeListeners);
        thaw();
      },
    },
  };
}

/** A signed-in tab, and one beside it that got its token. */
export async function twoSignedIn(
  options?: CreateAuthOptions,
): Promise<TabbedBrowser & { one: Tab; two: Tab }> {
  const browser = await startBrowser();
  const one = browser.open(options);
  await one.auth.login(ada);
  const two = browser.open(options);
  await browser.soon(two.auth.ready());
  return { ...browser, one, two };
}
