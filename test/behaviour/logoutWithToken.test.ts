import { describe, expect, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { makeJWT, sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { guardedLogout } from "../support/guardedLogout.js";
import { roundTrip } from "../support/roundTrip.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";

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
