import type { Auth } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { after, answer, drop, hang } from "../support/answers.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";
import { ada } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const logins = "POST /auth/login";
const logoutCalls = "POST /auth/logout";

describe("after dispose()", () => {
  test("every verb that asks the server rejects `disposed` and sends nothing", async () => {
    const { server, auth } = await setup();
    auth.dispose();
    const before = server.received();
    const verbs = [auth.ready(), auth.restore(), auth.getAccessToken(), auth.login({})];
    for (const verb of verbs) expect(await failure(verb)).toMatchObject({ code: "disposed" });
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(server.received()).toBe(before);
  });

  test("the axios instance is the app's again: no token, no refresh", async () => {
    const { server, auth } = await setup();
    auth.dispose();
    expect(await failure(auth.api.get("/me"))).toMatchObject({ response: { status: 401 } });
    expect(server.requests.at(-1)?.token).toBeUndefined();
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("the axios instance can be given to another Auth", async () => {
    const { server, auth } = await setup();
    auth.dispose();
    const next = await setup({ axios: auth.api, baseURL: server.url, fetch: server.fetch });
    expect((await next.auth.api.get("/me")).status).toBe(200);
  });

  test("an answer on its way changes nothing and tells nobody", async () => {
    const { server, auth, events } = await setup();
    const go = deferred();
    server.on("POST /auth/refresh", after(go.promise));
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    auth.dispose();
    await waiting;
    const told = events.length;
    const cookie = server.cookie();
    go.resolve();
    await expect.poll(() => server.cookie()).not.toBe(cookie);
    expect(events).toHaveLength(told);
  });

  test.each<[string, (auth: Auth) => Promise<unknown>]>([
    ["POST /auth/refresh", (auth) => auth.getAccessToken({ forceRefresh: true })],
    ["POST /auth/refresh", (auth) => auth.restore()],
    ["POST /auth/login", (auth) => auth.login({})],
  ])("whoever waits for %s is told at once, and no timer is left", async (path, verb) => {
    const { server, auth, clock } = await setup();
    const before = server.received(path);
    server.on(path, hang);
    const waiting = failure(verb(auth));
    await expect.poll(() => server.received(path)).toBe(before + 1);
    auth.dispose();
    expect(clock.timers()).toBe(0);
    expect(await waiting).toMatchObject({ code: "disposed" });
  });

  test("what waited for its turn at the server is not sent", async () => {
    const { server, auth } = await setup();
    const go = deferred();
    server.on("POST /auth/refresh", after(go.promise));
    void failure(auth.getAccessToken({ forceRefresh: true }));
    void failure(auth.login({}));
    auth.dispose();
    const before = server.received();
    go.resolve();
    await server.fetch(`${server.url}/ping`, {});
    await server.fetch(`${server.url}/ping`, {});
    expect(server.received()).toBe(before + 2);
  });

  test("no restoration and no owed logout is tried again", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/logout", drop);
    await auth.logout();
    const loading = await setup({ signedIn: false });
    loading.server.on("POST /auth/refresh", answer(503));
    await failure(loading.auth.ready());
    auth.dispose();
    loading.auth.dispose();
    expect(clock.timers() + loading.clock.timers()).toBe(0);
  });

  test("the background timer is gone", async () => {
    const { auth, clock } = await setup({ refreshAhead: { background: true } });
    expect(clock.timers()).toBe(1);
    auth.dispose();
    expect(clock.timers()).toBe(0);
  });

  test("an endpoint function's signal is aborted, and was not before", async () => {
    const signals: AbortSignal[] = [];
    const { auth } = await setup({
      refresh: ({ signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([false]);
    auth.dispose();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await waiting;
  });

  test("listeners hear nothing more", async () => {
    const { server, auth, logouts } = await setup();
    let told = 0;
    auth.subscribe(() => (told += 1));
    server.on("POST /auth/refresh", hang);
    auth.dispose();
    await auth.logout();
    expect(logouts).toEqual([]);
    expect(told).toBe(0);
  });

  test("a second dispose() is harmless", async () => {
    const { auth } = await setup();
    auth.dispose();
    expect(() => auth.dispose()).not.toThrow();
  });
});

describe("dispose", () => {
  test("stops everything: verbs reject `disposed`, waiting requests end", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    await auth.ready().catch(() => {});
    const waiting = auth.ready().catch((error: unknown) => error);
    auth.dispose();
    expect(await waiting).toMatchObject({ code: "disposed" });
    await expect(auth.login({})).rejects.toMatchObject({ code: "disposed" });
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(clock.timers()).toBe(0);
  });
});

describe("dispose()", () => {
  /** Counts the turns that are waited for, and breaks a loop of them that would never give way. */
  async function setupCounting() {
    let turns = 0;
    const made = await setup({
      signedIn: false,
      platform: {
        onHide: () => {
          turns += 1;
          return () => {};
        },
        now() {
          if (turns > 500) throw new Error("The restoration is tried again without end.");
          return Date.UTC(2026, 0, 1);
        },
      },
    });
    return { ...made, turns: () => turns };
  }

  test("while loading ends the restoration", async () => {
    const { server, auth, clock, turns } = await setupCounting();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    auth.ready().catch(() => {});
    await expect.poll(() => server.received(refreshes)).toBe(1);
    auth.dispose();
    go.resolve();
    await clock.advance(0);
    expect(turns()).toBeLessThan(3);
  });

  test("before its turn has come ends it as well", async () => {
    const { auth, clock, turns } = await setupCounting();
    auth.ready().catch(() => {});
    auth.dispose();
    await clock.advance(0);
    expect(turns()).toBeLessThan(3);
  });

  test("signs nobody in by a login that is answered later, and arms no timer", async () => {
    const { server, auth, clock } = await setup({
      signedIn: false,
      refreshAhead: { background: true },
    });
    const go = deferred();
    server.on(logins, after(go.promise));
    const login = failure(auth.login(ada));
    await expect.poll(() => server.received(logins)).toBe(1);
    auth.dispose();
    expect(await login).toMatchObject({ code: "disposed" });
    go.resolve();
    await expect.poll(() => server.cookie()).toBeDefined();
    await clock.advance(0);
    expect([auth.getState().status, clock.timers()]).toEqual(["loading", 0]);
  });

  test("tries no logout again that fails later", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    server.on(logoutCalls, (request, response) => go.promise.then(() => drop(request, response)));
    const logout = auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    auth.dispose();
    await logout;
    go.resolve();
    await expect.poll(() => server.requests.at(-1)?.aborted).toBe(true);
    await clock.advance(0);
    expect(clock.timers()).toBe(0);
  });

  test.each(["restoration", "logout"])(
    "by a listener that is told of a pause leaves no timer: %s",
    async (paused) => {
      const { server, auth, clock } = await setup({ signedIn: paused === "logout" });
      server.on(paused === "logout" ? logoutCalls : refreshes, answer(503));
      auth.onEvent(({ type }) => void (type === "paused" && auth.dispose()));
      await Promise.allSettled([paused === "logout" ? auth.logout() : auth.ready()]);
      await clock.advance(0);
      expect(clock.timers()).toBe(0);
    },
  );
});
