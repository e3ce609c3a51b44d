import { AuthError, type LogoutEvent } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { setup, type Setup } from "../support/setup.js";
import { ada, startBrowser } from "../support/tabbedBrowser.js";

const logoutCalls = "POST /auth/logout";

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

  test("ends the state within the call, and then tells the server", async () => {
    const { server, auth, logouts } = await setup();
    const telling = auth.logout();
    expect(auth.getState().status).toBe("unauthenticated");
    expect(await telling).toEqual({ serverTold: true });
    expect(logouts).toEqual(["logout"]);
    expect(server.cookie()).toBeUndefined();
  });

  test("with `logout: false` tells nobody", async () => {
    const { server, auth } = await setup({ logout: false });
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(server.received("POST /auth/logout")).toBe(0);
  });

  test("of a visitor does not fire onLogout", async () => {
    const { auth, logouts } = await setup({ signedIn: false });
    await auth.logout();
    expect(logouts).toEqual([]);
  });

  test("comes in this order: state, render, callback", async () => {
    const { auth } = await setup();
    const order: string[] = [];
    auth.subscribe(() => order.push(`render ${auth.getState().status}`));
    auth.onLogout(() => order.push("callback"));
    const telling = auth.logout();
    order.push("returned");
    await telling;
    expect(order).toEqual(["render unauthenticated", "returned", "callback"]);
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

test("a logout function that can never work is not tried again, not after a reload either", async () => {
  let calls = 0;
  const logout = () => {
    calls += 1;
    throw new AuthError("misconfigured");
  };
  const { clock, open, soon } = await startBrowser();
  const before = open({ logout });
  await before.auth.login(ada);
  expect(await soon(before.auth.logout())).toEqual({ serverTold: false });
  before.auth.dispose();
  await soon(open({ logout }).auth.ready());
  await clock.advance(60_000);
  expect(calls).toBe(1);
});
