import type { LogoutEvent } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { after, answer, drop, hang, page } from "../support/answers.js";
import { makeJWT, sendJSON, startAuthServer, type Handler } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { guardedLogout } from "../support/guardedLogout.js";
import { roundTrip } from "../support/roundTrip.js";
import { setup, type Setup, type SetupOptions } from "../support/setup.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";

describe.each(clients)("%s, 17: logout during a refresh", (client) => {
  test("ends the requests that wait for it at once, before the server has answered", async () => {
    const { server, auth, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, hang);
    const waiting = send("/me");
    await expect.poll(() => server.received(refreshes)).toBe(1);
    void auth.logout();
    expect(await waiting).toMatchObject({ code: "session_ended" });
    expect(server.received(logoutCalls)).toBe(0);
  });

  test("in the background: no token arrives, and requests go out without one", async () => {
    const { server, auth, clock, events, get } = await client.setup();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    server.on("/public", answer(200, {}));
    await clock.advance(550_000);
    await get("/me");
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const telling = auth.logout();
    go.resolve();
    await telling;
    await get("/public");
    expect(server.requests.at(-1)?.token).toBeUndefined();
    expect(events.filter(({ type }) => type === "token-received")).toHaveLength(1);
  });
});

describe("17: logout during a refresh", () => {
  test("is told to the server after the refresh has ended, so that the jar stays empty", async () => {
    const { server, auth } = await setup();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const forced = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const telling = auth.logout();
    await forced;
    await server.fetch(`${server.url}/ping`, {});
    expect(server.received(logoutCalls)).toBe(0);
    go.resolve();
    expect(await telling).toEqual({ serverTold: true });
    expect(server.requests.at(-1)?.path).toBe("/auth/logout");
    expect(server.cookie()).toBeUndefined();
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
  });

  test("that was to restore the session: the late answer revives nothing", async () => {
    const { server, auth, logouts } = await setup({ signedIn: false });
    server.signInBefore();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const ready = auth.ready();
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const telling = auth.logout();
    expect(await ready).toMatchObject({ status: "unauthenticated" });
    go.resolve();
    await telling;
    expect(await auth.getAccessToken()).toBeNull();
    expect(server.cookie()).toBeUndefined();
    expect(logouts).toEqual([]);
  });

  test("that is not answered: the server is told when its time is up", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, hang);
    const forced = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const telling = auth.logout();
    await forced;
    await clock.advance(9999);
    expect(server.received(logoutCalls)).toBe(0);
    await clock.advance(1);
    expect(await telling).toEqual({ serverTold: true });
  });
});

test.each(clients)(
  "%s, 17: logout before the restoration began, offline: none follows it",
  async (client) => {
    const { server, auth, send } = await client.setup({ signedIn: false });
    server.signInBefore();
    server.on(logoutCalls, drop);
    await auth.logout();
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    expect(await send("/me")).toMatchObject({ status: 401 });
    expect(server.received(refreshes)).toBe(0);
  },
);

describe("17: logout while a login is on the wire that has run out of time", () => {
  async function lateLogin(options?: SetupOptions) {
    const made = await setup({ signedIn: false, ...options });
    const { server, auth, clock } = made;
    const go = deferred();
    server.on("POST /auth/login", after(go.promise));
    const login = failure(auth.login({ password: "right" }));
    await expect.poll(() => server.received("POST /auth/login")).toBe(1);
    await clock.advance(10_000);
    expect(await login).toMatchObject({ code: "timeout" });
    return { ...made, go };
  }

  test("ends what its late answer brings, too: the cookie goes, and a reload finds nobody", async () => {
    const { server, auth, go } = await lateLogin();
    expect(await auth.logout()).toEqual({ serverTold: true });
    go.resolve();
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(auth.getState().status).toBe("unauthenticated");
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
  });

  test("ends it with its own token, where the endpoint wants one", async () => {
    const logout = { url: "/auth/logout", sendToken: true };
    const { server, auth, go } = await lateLogin({ logout });
    await auth.logout();
    server.on(logoutCalls, guardedLogout(server));
    const refreshed = server.received(refreshes);
    go.resolve();
    await expect.poll(() => server.requests.at(-1)?.token).toBeDefined();
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(server.received(refreshes)).toBe(refreshed);
  });

  test("leaves alone who has signed in since", async () => {
    const { server, auth, go } = await lateLogin();
    await auth.logout();
    server.off("POST /auth/login");
    await auth.login({ password: "right" });
    go.resolve();
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(1);
    expect(auth.getState().status).toBe("authenticated");
  });
});

describe("logout that the server could not be told of", () => {
  test.each([
    ["answered 503", answer(503)],
    ["answered 429", answer(429)],
    ["without a network", drop],
  ])("%s: is told by itself after the pause, until it is answered", async (_, handler) => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, handler);
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(auth.getState().status).toBe("unauthenticated");
    await clock.advance(1000);
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    await expect.poll(() => clock.timers()).toBe(1);
    server.off(logoutCalls);
    await clock.advance(2000);
    await expect.poll(() => server.cookie()).toBeUndefined();
    await expect.poll(() => clock.timers()).toBe(0);
  });

  test("for want of an answer settles at the time limit", async () => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, hang);
    const telling = auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    await clock.advance(10_000);
    expect(await telling).toEqual({ serverTold: false });
  });

  test("in time is not repeated once the late answer is there", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    server.on(logoutCalls, after(go.promise));
    const telling = auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    await clock.advance(10_000);
    expect(await telling).toEqual({ serverTold: false });
    expect(clock.timers()).toBe(1);
    go.resolve();
    await expect.poll(() => clock.timers()).toBe(0);
  });

  test("is owed no more once somebody has signed in", async () => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, answer(503));
    await auth.logout();
    await auth.login({ password: "right" });
    expect(clock.timers()).toBe(0);
  });

  test.each([
    [401, true],
    [400, true],
    [404, false],
  ])("%i is an answer: serverTold is %s, and it is not repeated", async (status, serverTold) => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, answer(status));
    expect(await auth.logout()).toEqual({ serverTold });
    expect(clock.timers()).toBe(0);
  });

  test.each<[string, Handler]>([
    ["a text", answer(200, "OK", { "content-type": "text/plain" })],
    ["a page", page(200)],
    ["a text that nothing describes", answer(202, "Bye")],
    ["a body that breaks off as JSON", answer(200, "{", { "content-type": "application/json" })],
    ["nothing, and 205", answer(205)],
    ["a redirect to the login page", answer(302, undefined, { location: "/login?logout" })],
    ["a redirect to the page after it", answer(303, undefined, { location: "/login" })],
  ])("a success is the answer, whatever it says: %s", async (_, handler) => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, handler);
    server.on("GET /login", page(200));
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(clock.timers()).toBe(0);
  });

  test("a success that a function returns is the answer, too", async () => {
    const { auth, clock } = await setup({ logout: () => new Response("<h1>Bye</h1>") });
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(clock.timers()).toBe(0);
  });

  test("a page of another origin, a captive portal's, is no answer", async () => {
    const { server, auth, clock } = await setup();
    const portal = await startAuthServer();
    onTestFinished(() => portal.close());
    portal.on("GET /welcome", page(200));
    server.on(logoutCalls, answer(302, undefined, { location: `${portal.url}/welcome` }));
    expect(await auth.logout()).toEqual({ serverTold: false });
    server.off(logoutCalls);
    await clock.advance(1500);
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(clock.timers()).toBe(0);
  });

  test("by a function that throws never rejects", async () => {
    const { auth } = await setup({ logout: () => Promise.reject(new Error("mine")) });
    expect(await auth.logout()).toEqual({ serverTold: false });
  });
});

describe("logout of the session whose token it is sent with", () => {
  const logout = { url: "/auth/logout", sendToken: true };

  test("carries that token", async () => {
    const { server, auth } = await setup({ logout });
    const token = await auth.getAccessToken();
    await auth.logout();
    expect(server.requests.at(-1)?.token).toBe(token);
    expect(server.received(refreshes)).toBe(0);
  });

  test("renews an old one first, for the server would end nothing", async () => {
    const { server, auth, clock, events } = await setup({ logout });
    server.on(logoutCalls, guardedLogout(server));
    await clock.advance(700_000);
    const telling = auth.logout();
    expect(auth.getState().status).toBe("unauthenticated");
    expect(await telling).toEqual({ serverTold: true });
    expect(server.cookie()).toBeUndefined();
    expect([server.received(refreshes), server.received(logoutCalls)]).toEqual([1, 1]);
    expect(events.filter(({ type }) => type === "token-received")).toHaveLength(1);
    expect(await auth.getAccessToken()).toBeNull();
  });

  test("twice in a row renews it once", async () => {
    const { server, auth, clock } = await setup({ logout });
    server.on(logoutCalls, guardedLogout(server));
    await clock.advance(700_000);
    const both = await Promise.all([auth.logout(), auth.logout()]);
    expect(both).toEqual([{ serverTold: true }, { serverTold: true }]);
    expect(server.cookie()).toBeUndefined();
    expect([server.received(refreshes), server.received(logoutCalls)]).toEqual([1, 1]);
  });

  test("is sent without one where that too is refused, and is over", async () => {
    const { server, auth, clock } = await setup({ logout });
    server.on(logoutCalls, guardedLogout(server));
    server.revokeSession();
    await clock.advance(700_000);
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(clock.timers()).toBe(0);
  });

  test("waits for the pause if the old one cannot be renewed now", async () => {
    const { server, auth, clock } = await setup({ logout });
    server.on(logoutCalls, guardedLogout(server));
    server.on(refreshes, answer(503));
    await clock.advance(700_000);
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(server.received(logoutCalls)).toBe(0);
    server.off(refreshes);
    await clock.advance(1500);
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(server.received(logoutCalls)).toBe(1);
    expect(clock.timers()).toBe(0);
  });

  test("renews none where the refresh needs the very token that is gone", async () => {
    const refresh = { url: "/auth/refresh", sendToken: true };
    const { server, auth } = await setup({ logout, refresh, signedIn: false });
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect([server.received(refreshes), server.received(logoutCalls)]).toEqual([0, 1]);
  });

  test("asked for again after it failed carries the token still", async () => {
    const { server, auth, clock } = await setup({ logout });
    const token = await auth.getAccessToken();
    server.on(logoutCalls, answer(503));
    await auth.logout();
    server.off(logoutCalls);
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(server.requests.at(-1)?.token).toBe(token);
    expect(clock.timers()).toBe(0);
  });

  test("asked for again after the server was told carries it no more", async () => {
    const { server, auth } = await setup({ logout });
    await auth.logout();
    await auth.logout();
    expect(server.requests.at(-1)).toMatchObject({ path: "/auth/logout", token: undefined });
  });

  test("is told before a login right after it", async () => {
    const { server, auth, clock } = await setup({ logout });
    server.on(logoutCalls, guardedLogout(server));
    await clock.advance(700_000);
    const telling = auth.logout();
    const login = auth.login({ password: "right" });
    expect(await telling).toEqual({ serverTold: true });
    expect(await login).toMatchObject({ status: "authenticated" });
    expect(server.requests.map(({ path }) => path).slice(1)).toEqual([
      "/auth/refresh",
      "/auth/logout",
      "/auth/login",
    ]);
    expect(server.cookie()).toBeDefined();
  });

  test("renews a token whose lifetime nobody knows", async () => {
    const { server, auth } = await setup({ logout, signedIn: false });
    server.tokens.make = () => `opaque-${Math.random()}`;
    await auth.login({ password: "right" });
    const first = await auth.getAccessToken();
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(server.received(refreshes)).toBe(1);
    expect(server.requests.at(-1)?.token).not.toBe(first);
  });

  test("renewed too late takes nothing from the next one", async () => {
    // Else each logout has the same name.
    const { server, auth, clock } = await setup({ logout, platform: { random: Math.random } });
    const go = deferred();
    const answered = deferred();
    server.on(refreshes, async (_, response) => {
      await go.promise;
      sendJSON(response, 200, { accessToken: makeJWT({ sub: "u1", of: "the first" }) });
      answered.resolve();
    });
    await clock.advance(700_000);
    const telling = auth.logout();
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    expect(await telling).toEqual({ serverTold: false });
    await auth.login({ password: "right" });
    const second = await auth.getAccessToken();
    server.on(logoutCalls, answer(503));
    expect(await auth.logout()).toEqual({ serverTold: false });
    go.resolve();
    await answered.promise;
    await roundTrip(server);
    server.off(logoutCalls);
    await clock.advance(2000);
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    expect(server.requests.findLast(({ path }) => path === "/auth/logout")?.token).toBe(second);
  });

  test("after dispose() is not sent", async () => {
    const { server, auth, clock } = await setup({ logout });
    const go = deferred();
    server.on(refreshes, after(go.promise));
    await clock.advance(700_000);
    const telling = auth.logout();
    await expect.poll(() => server.received(refreshes)).toBe(1);
    auth.dispose();
    expect(await telling).toEqual({ serverTold: false });
    go.resolve();
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(0);
    expect(clock.timers()).toBe(0);
  });
});

describe("logout", () => {
  test("and a login right after it are told to the server in this order", async () => {
    const { server, auth, logouts } = await setup();
    const telling = auth.logout();
    const login = auth.login({ password: "right" });
    expect(await telling).toEqual({ serverTold: true });
    expect(await login).toMatchObject({ status: "authenticated" });
    expect(server.requests.map(({ path }) => path).slice(1)).toEqual([
      "/auth/logout",
      "/auth/login",
    ]);
    expect(server.cookie()).toBeDefined();
    expect(logouts).toEqual(["logout"]);
  });

  test("twice in a row is told to the server once, and both callers learn of it", async () => {
    const { server, auth } = await setup();
    const both = await Promise.all([auth.logout(), auth.logout()]);
    expect(server.cookie()).toBeUndefined();
    expect(server.received(logoutCalls)).toBe(1);
    expect(both).toEqual([{ serverTold: true }, { serverTold: true }]);
  });

  test("after a refusal forgets the expired user, and onLogout fires no second time", async () => {
    const { server, auth, logouts } = await setup();
    server.revokeSession();
    await auth.getAccessToken({ forceRefresh: true });
    await auth.logout();
    expect(auth.getState()).toMatchObject({ expiredUser: null, error: null });
    expect(logouts).toEqual(["refused"]);
  });
});

describe("onLogout", () => {
  test("is called once per listener, the option's among them", async () => {
    const told: string[] = [];
    const { auth } = await setup({ onLogout: () => told.push("option") });
    const listener = () => told.push("listener");
    auth.onLogout(listener);
    auth.onLogout(listener);
    await auth.logout();
    await auth.logout();
    expect(told).toEqual(["option", "listener", "listener"]);
  });

  test("is silent once unsubscribed, and the others are not", async () => {
    const { auth, logouts } = await setup();
    const told: string[] = [];
    const unsubscribe = auth.onLogout(() => told.push("mine"));
    unsubscribe();
    await auth.logout();
    expect(told).toEqual([]);
    expect(logouts).toEqual(["logout"]);
  });

  test("names the error of a refusal, and none otherwise", async () => {
    const { server, auth } = await setup();
    const told: LogoutEvent[] = [];
    auth.onLogout((event) => told.push(event));
    server.revokeSession();
    await auth.getAccessToken({ forceRefresh: true });
    await auth.login({ password: "right" });
    await auth.logout();
    expect(told).toMatchObject([
      { reason: "refused", error: { code: "refused", status: 401 } },
      {},
    ]);
    expect(told[1]).toEqual({ reason: "logout" });
  });

  test("finds the state already ended, and comes after the caller's own lines", async () => {
    const { auth } = await setup();
    const order: string[] = [];
    auth.onLogout(() => order.push(auth.getState().status));
    const telling = auth.logout();
    order.push("returned");
    await telling;
    expect(order).toEqual(["returned", "unauthenticated"]);
  });

  test.each<[string, (made: Setup) => unknown]>([
    ["logout", ({ auth }) => auth.logout()],
    [
      "a refusal",
      ({ server, auth }) => {
        server.revokeSession();
        return auth.getAccessToken({ forceRefresh: true });
      },
    ],
    ["a switch", ({ auth }) => auth.login({ password: "right" })],
  ])("comes after what a subscriber schedules, as React its rendering: %s", async (_, end) => {
    const made = await setup();
    const { server, auth } = made;
    const order: string[] = [];
    auth.subscribe(() => queueMicrotask(() => order.push("rendered")));
    auth.onLogout(() => order.push("told"));
    server.tokens.claims = { sub: "u2" };
    await end(made);
    expect(order.slice(0, 2)).toEqual(["rendered", "told"]);
  });

  test("tells also a listener that the rendering removes, and no new one", async () => {
    const { auth } = await setup();
    const told: string[] = [];
    const unsubscribe = auth.onLogout(() => told.push("removed"));
    auth.subscribe(() =>
      queueMicrotask(() => {
        unsubscribe();
        auth.onLogout(() => told.push("new"));
      }),
    );
    await auth.logout();
    expect(told).toEqual(["removed"]);
  });

  test("fires for each session that ends", async () => {
    const { auth, logouts } = await setup();
    await auth.logout();
    await auth.login({ password: "right" });
    await auth.logout();
    expect(logouts).toEqual(["logout", "logout"]);
  });
});
