import type { CreateAuthOptions, EndpointContext, EndpointFunction } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { after, answer, drop, hang, page } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { guardedLogout } from "../support/guardedLogout.js";
import { setup, type Setup, type SetupOptions } from "../support/setup.js";
import { ada, startBrowser, type TabbedBrowser } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";

async function setupGuarded(options?: SetupOptions, status?: number): Promise<Setup> {
  const made = await setup(options);
  made.server.on(logoutCalls, guardedLogout(made.server, status));
  return made;
}

async function startGuarded(): Promise<TabbedBrowser> {
  const browser = await startBrowser();
  browser.server.on(logoutCalls, guardedLogout(browser.server));
  return browser;
}

const sendToken = ({ accessToken, fetch }: EndpointContext) =>
  fetch("/auth/logout", { method: "POST", headers: { authorization: `Bearer ${accessToken}` } });

const calls = ({ server }: Setup) => [server.received(refreshes), server.received(logoutCalls)];

describe("a logout endpoint behind the access token", () => {
  test.each<[string, CreateAuthOptions["logout"], number]>([
    ["by default, 401", undefined, 401],
    ["by default, 403", undefined, 403],
    ["as a URL", "/auth/logout", 401],
    ["as a request", { url: "/auth/logout", headers: { "x-client": "web" } }, 401],
    ["as a request that says no", { url: "/auth/logout", sendToken: false }, 403],
  ])("gets the token with a second call: %s", async (_, logout, status) => {
    const made = await setupGuarded(logout ? { logout } : {}, status);
    const { server, auth } = made;
    const token = await auth.getAccessToken();
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(server.requests.slice(-2).map((request) => request.token)).toEqual([undefined, token]);
    expect(calls(made)).toEqual([0, 2]);
    expect(server.cookie()).toBeUndefined();
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
  });

  test("is asked in the same way the second time", async () => {
    const logout = {
      url: "/session",
      method: "DELETE",
      headers: { "x-client": "web" },
      body: { all: true },
    };
    const { server, auth } = await setup({ logout });
    server.on("DELETE /session", guardedLogout(server));
    await auth.logout();
    const [first, second] = server.requests.slice(-2);
    expect(second?.token).toBeDefined();
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers["x-client"]).toBe("web");
  });

  test("gets a renewed token in place of an old one, and nobody is signed in by that", async () => {
    const made = await setupGuarded();
    const { server, auth, clock, events } = made;
    await clock.advance(700_000);
    const telling = auth.logout();
    expect(auth.getState().status).toBe("unauthenticated");
    expect(await telling).toEqual({ serverTold: true });
    expect(server.cookie()).toBeUndefined();
    expect(calls(made)).toEqual([1, 2]);
    expect(events.filter(({ type }) => type === "token-received")).toHaveLength(1);
    expect(await auth.getAccessToken()).toBeNull();
  });

  test("gets a renewed token in place of one whose lifetime nobody knows", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.tokens.make = () => `opaque-${Math.random()}`;
    server.on(logoutCalls, ({ token }, response) =>
      token ? "default" : sendJSON(response, 401, {}),
    );
    await auth.login(ada);
    const first = await auth.getAccessToken();
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(server.received(refreshes)).toBe(1);
    expect(server.requests.at(-1)?.token).not.toBe(first);
  });

  test("that ends the session without one is called once", async () => {
    const made = await setup();
    expect(await made.auth.logout()).toEqual({ serverTold: true });
    expect(calls(made)).toEqual([0, 1]);
  });

  test.each([400, 404, 405, 410, 422])("%i is no question for the token", async (status) => {
    const made = await setup();
    made.server.on(logoutCalls, answer(status));
    await made.auth.logout();
    expect(calls(made)).toEqual([0, 1]);
  });

  test("403 with a page comes from a firewall: the logout is told later", async () => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, page(403));
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(server.received(logoutCalls)).toBe(1);
    server.on(logoutCalls, guardedLogout(server));
    await clock.advance(1500);
    await expect.poll(() => server.cookie()).toBeUndefined();
  });

  test("a function sees to the token itself, and is called once", async () => {
    const given: (string | null)[] = [];
    const made = await setup({
      logout: ({ accessToken, fetch }) => {
        given.push(accessToken);
        return fetch("/auth/logout", { method: "POST" });
      },
    });
    made.server.on(logoutCalls, guardedLogout(made.server));
    const token = await made.auth.getAccessToken();
    expect(await made.auth.logout()).toEqual({ serverTold: true });
    expect(given).toEqual([token]);
    expect(calls(made)).toEqual([0, 1]);
  });

  test.each<[string, EndpointFunction]>([
    ["returns the answer", sendToken],
    [
      "throws its status",
      async (context) => {
        const { ok, status } = await sendToken(context);
        if (!ok) throw Object.assign(new Error("refused"), { status });
      },
    ],
    ["drops the answer", async (context) => void (await sendToken(context))],
  ])(
    "a function is given a renewed token in place of an old one: one that %s",
    async (_, logout) => {
      const made = await setupGuarded({ logout });
      const { server, auth, clock } = made;
      await clock.advance(700_000);
      expect(await auth.logout()).toEqual({ serverTold: true });
      expect(server.cookie()).toBeUndefined();
      expect(calls(made)).toEqual([1, 1]);
      expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
    },
  );

  test("a function is given a renewed token in place of one whose lifetime nobody knows", async () => {
    const { server, auth } = await setup({ signedIn: false, logout: sendToken });
    server.tokens.make = () => `opaque-${Math.random()}`;
    await auth.login(ada);
    const first = await auth.getAccessToken();
    server.on(logoutCalls, ({ token }, response) =>
      token && token !== first ? "default" : sendJSON(response, 401, {}),
    );
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(server.cookie()).toBeUndefined();
  });

  test("a function that sends no token and is refused has its answer: it is called once", async () => {
    const made = await setup({ logout: ({ fetch }) => fetch("/auth/logout", { method: "POST" }) });
    made.server.on(logoutCalls, answer(401));
    await made.clock.advance(700_000);
    expect(await made.auth.logout()).toEqual({ serverTold: true });
    expect(calls(made)).toEqual([1, 1]);
    expect(made.clock.timers()).toBe(0);
  });

  test("after a reload a function is given a token, and nobody is signed in by that", async () => {
    const { server, open } = await startBrowser();
    const before = open({ logout: sendToken });
    await before.auth.login(ada);
    server.on(logoutCalls, drop);
    await before.auth.logout();
    before.auth.dispose();
    server.on(logoutCalls, guardedLogout(server));
    const { auth } = open({ logout: sendToken });
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    await expect.poll(() => server.cookie()).toBeUndefined();
  });

  test("that refuses the token too has answered: nothing is repeated", async () => {
    const made = await setup();
    made.server.on(logoutCalls, answer(401));
    expect(await made.auth.logout()).toEqual({ serverTold: true });
    expect(calls(made)).toEqual([0, 2]);
    expect(made.clock.timers()).toBe(0);
  });

  test("has answered a visitor, for whom no token is to be had", async () => {
    const made = await setupGuarded({ signedIn: false });
    expect(await made.auth.logout()).toEqual({ serverTold: true });
    expect(calls(made)).toEqual([1, 1]);
    expect(made.clock.timers()).toBe(0);
  });

  test("is not asked again where the refresh needs the very token that is gone", async () => {
    const refresh = { url: "/auth/refresh", sendToken: true };
    const made = await setupGuarded({ signedIn: false, refresh });
    expect(await made.auth.logout()).toEqual({ serverTold: true });
    expect(calls(made)).toEqual([0, 1]);
  });

  test("hears of the logout before a login right after it", async () => {
    const { server, auth, clock } = await setupGuarded();
    await clock.advance(700_000);
    const telling = auth.logout();
    const login = auth.login(ada);
    expect(await telling).toEqual({ serverTold: true });
    expect(await login).toMatchObject({ status: "authenticated" });
    expect(server.requests.map(({ path }) => path).slice(1)).toEqual([
      "/auth/logout",
      "/auth/refresh",
      "/auth/logout",
      "/auth/login",
    ]);
    expect(server.cookie()).toBeDefined();
  });

  test("that cannot take the second call now is told after the pause", async () => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, ({ token }, response) =>
      sendJSON(response, token === undefined ? 401 : 503, {}),
    );
    expect(await auth.logout()).toEqual({ serverTold: false });
    server.on(logoutCalls, guardedLogout(server));
    await clock.advance(1500);
    await expect.poll(() => server.cookie()).toBeUndefined();
    await expect.poll(() => clock.timers()).toBe(0);
  });

  test("waits for the pause if an old token cannot be renewed now", async () => {
    const { server, auth, clock } = await setupGuarded();
    server.on(refreshes, answer(503));
    await clock.advance(700_000);
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(server.received(logoutCalls)).toBe(1);
    server.off(refreshes);
    await clock.advance(1500);
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(server.received(refreshes)).toBe(2);
  });

  test("is not sent a token after dispose()", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    server.on(logoutCalls, async (_, response) => {
      await go.promise;
      sendJSON(response, 401, {});
    });
    const telling = auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    auth.dispose();
    expect(await telling).toEqual({ serverTold: false });
    go.resolve();
    await server.fetch(`${server.url}/ping`, {});
    await server.fetch(`${server.url}/ping`, {});
    expect(server.received(logoutCalls)).toBe(1);
    expect(clock.timers()).toBe(0);
  });

  test("says that it was not told if someone signs in elsewhere before the second call", async () => {
    const { server, open } = await startBrowser();
    const one = open();
    await one.auth.login(ada);
    const go = deferred();
    server.on(logoutCalls, async (_, response) => {
      await go.promise;
      sendJSON(response, 401, {});
    });
    const telling = one.auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    const two = open();
    const login = two.auth.login(ada);
    go.resolve();
    expect(await telling).toEqual({ serverTold: false });
    expect(await login).toMatchObject({ status: "authenticated" });
    expect(server.received(logoutCalls)).toBe(1);
    expect(server.cookie()).toBeDefined();
  });
});

describe("after a reload, a logout endpoint behind the access token", () => {
  test.each([
    ["offline", drop, 1],
    ["before any answer", hang, 1],
    [
      "between the refusal and the second call",
      ({ token }, response) => (token ? undefined : sendJSON(response, 401, {})),
      2,
    ],
  ] satisfies [string, Parameters<TabbedBrowser["server"]["on"]>[1], number][])(
    "gets a token by a refresh that signs nobody in: signed out %s",
    async (_, handler, heard) => {
      const { server, open, origin } = await startBrowser();
      const before = open();
      await before.auth.login(ada);
      server.on(logoutCalls, handler);
      void before.auth.logout();
      await expect.poll(() => server.received(logoutCalls)).toBe(heard);
      before.auth.dispose();

      server.on(logoutCalls, guardedLogout(server));
      const { auth, events } = open();
      expect(await auth.ready()).toMatchObject({ status: "unauthenticated", user: null });
      await expect.poll(() => server.cookie()).toBeUndefined();
      expect(server.requests.at(-1)).toMatchObject({ path: "/auth/logout" });
      expect(server.requests.at(-1)?.token).toBeDefined();
      expect(await auth.getAccessToken()).toBeNull();
      expect(events.map(({ type }) => type)).not.toContain("token-received");
      expect(JSON.stringify([...origin.storage])).not.toContain(server.requests.at(-1)?.token);

      auth.dispose();
      expect(await open().auth.ready()).toMatchObject({ status: "unauthenticated" });
    },
  );

  test("has answered if the refresh is refused: the mark is gone", async () => {
    const { server, open, soon, origin } = await startGuarded();
    const before = open();
    await before.auth.login(ada);
    server.on(logoutCalls, drop);
    await before.auth.logout();
    before.auth.dispose();
    server.on(logoutCalls, guardedLogout(server));
    server.revokeSession();
    const reloaded = open();
    await soon(reloaded.auth.ready());
    // Received by the server is not yet answered here.
    await expect.poll(() => JSON.stringify([...origin.storage])).not.toContain("logout-pending");
    expect(server.received(refreshes)).toBe(1);
    expect(server.received(logoutCalls)).toBe(2);
    reloaded.auth.dispose();
    // Without the mark the next page looks for a session, and tells of no logout.
    await soon(open().auth.ready());
    expect(server.received(refreshes)).toBe(2);
    expect(server.received(logoutCalls)).toBe(2);
  });

  test("hears of it again and again while the refresh does not answer", async () => {
    const { server, open, clock } = await startGuarded();
    const before = open();
    await before.auth.login(ada);
    server.on(logoutCalls, drop);
    await before.auth.logout();
    before.auth.dispose();
    server.on(logoutCalls, guardedLogout(server));
    server.on(refreshes, answer(503));
    const { auth } = open();
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    await expect.poll(() => server.received(refreshes)).toBe(1);
    server.off(refreshes);
    await clock.advance(2000);
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
  });
});

describe("signed out during a refresh, a logout endpoint behind the access token", () => {
  test("hears of it when that refresh has ended, with a token that is still good", async () => {
    const { server, auth } = await setupGuarded();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const telling = auth.logout();
    go.resolve();
    expect(await telling).toEqual({ serverTold: true });
    expect(server.cookie()).toBeUndefined();
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
  });
});
