import { describe, expect, test } from "vitest";
import { after, answer, drop, hang } from "../support/answers.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { guardedLogout } from "../support/guardedLogout.js";
import { roundTrip } from "../support/roundTrip.js";
import { setup, type SetupOptions } from "../support/setup.js";
import { ada, startBrowser } from "../support/tabbedBrowser.js";

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

describe("logout during a refresh", () => {
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

describe("logout while a login is on the wire that has run out of time", () => {
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

describe("logout", () => {
  test("during a refresh: the late answer revives nothing, in memory or in the cookie jar", async () => {
    const { server, auth } = await setup();
    const held = deferred<"default">();
    server.on("POST /auth/refresh", () => held.promise);
    const waiting = auth.api.get("/me").catch((error: unknown) => error);
    await waiting;
    const refreshing = auth.getAccessToken({ forceRefresh: true }).catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    const telling = auth.logout();
    expect(await refreshing).toMatchObject({ code: "session_ended" });
    expect(server.received("POST /auth/logout")).toBe(0);
    held.resolve("default");
    expect(await telling).toEqual({ serverTold: true });
    expect(auth.getState().isAuthenticated).toBe(false);
    expect(await auth.getAccessToken()).toBeNull();
    expect(server.cookie()).toBeUndefined();
  });

  test("during a login: nobody is signed in afterwards", async () => {
    const { server, auth } = await setup({ signedIn: false });
    const held = deferred<"default">();
    server.on("POST /auth/login", () => held.promise);
    const login = auth.login({ password: "right" }).catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/login")).toBe(1);
    const telling = auth.logout();
    held.resolve("default");
    expect(await login).toMatchObject({ code: "session_ended" });
    await telling;
    expect(auth.getState().status).toBe("unauthenticated");
    expect(server.cookie()).toBeUndefined();
  });
});

describe("a logout", () => {
  test("is not settled by a late answer to an earlier one: a reload signs nobody in", async () => {
    const { server, open, clock } = await startBrowser();
    const { auth } = open();
    await auth.login(ada);
    const go = deferred();
    server.on(logoutCalls, (_, response) =>
      go.promise.then(() => void response.writeHead(204).end()),
    );
    const first = auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    await clock.advance(10_000);
    expect(await first).toEqual({ serverTold: false });
    await auth.login(ada);
    server.on(logoutCalls, hang);
    void auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    go.resolve();
    await expect.poll(() => server.requests.filter(({ aborted }) => aborted).length).toBe(0);
    await clock.advance(0);
    auth.dispose();
    expect(await open().auth.ready()).toMatchObject({ status: "unauthenticated" });
  });

  test("says that the server was told only if it was: restore() may come before", async () => {
    const { server, auth } = await setup();
    const logout = auth.logout();
    await auth.restore();
    expect(await logout).toEqual({ serverTold: false });
    expect(server.received(logoutCalls)).toBe(0);
  });

  test("repeated when the page wakes is sent with its token, where the endpoint wants it", async () => {
    const { server, open, clock } = await startBrowser();
    const { auth } = open({ logout: { url: "/auth/logout", sendToken: true } });
    await auth.login(ada);
    const token = await auth.getAccessToken();
    server.on(logoutCalls, drop);
    await auth.logout();
    server.off(logoutCalls);
    clock.wake();
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    expect(server.requests.at(-1)?.token).toBe(token);
  });
});
