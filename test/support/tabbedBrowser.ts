import { createAuth, type Auth, type AuthEvent, type CreateAuthOptions } from "react-authed-query";
import { onTestFinished } from "vitest";
import type { Platform } from "../../src/core/platform.js";
import { startAuthServer, type AuthServer } from "./authServer.js";
import { createClock, type Clock } from "./clock.js";
import { createOrigin, type Origin } from "./origin.js";

export const ada = { email: "ada@example.com", password: "right" };

export interface Tab {
  auth: Auth;
  logouts: string[];
  events: AuthEvent[];
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
export async function startBrowser(): Promise<TabbedBrowser> {
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
    open(options = {}, platform = {}) {
      const given = { baseURL: server.url, fetch: server.fetch, ...options };
      const auth = createAuth(given, { ...clock.platform, ...origin.tab(), ...platform });
      opened.push(auth);
      const logouts: string[] = [];
      const events: AuthEvent[] = [];
      auth.onLogout(({ reason }) => logouts.push(reason));
      auth.onEvent((event) => events.push(event));
      return { auth, logouts, events };
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
