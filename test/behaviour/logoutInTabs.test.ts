import type { CreateAuthOptions, EndpointContext } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { answer, drop, hang } from "../support/answers.js";
import { guardedLogout } from "../support/guardedLogout.js";
import { roundTrip } from "../support/roundTrip.js";
import { ada, startBrowser, type Tab, type TabbedBrowser } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";
const sendToken = { logout: { url: "/auth/logout", sendToken: true } };

/** Signed-in tabs of one browser, all with the same token. */
async function signedInTabs(
  count: number,
  options?: CreateAuthOptions,
): Promise<TabbedBrowser & { tabs: Tab[]; one: Tab; another: Tab }> {
  const browser = await startBrowser();
  const first = browser.open(options);
  await first.auth.login(ada);
  const others = Array.from({ length: count - 1 }, () => browser.open(options));
  for (const { auth } of others) await browser.soon(auth.ready());
  return { ...browser, tabs: [first, ...others], one: first, another: others.at(-1) ?? first };
}

const calls = ({ server }: TabbedBrowser) => [
  server.received(refreshes),
  server.received(logoutCalls),
];

/** Tabs hear of what another wrote to the storage when they please, and more than once. */
async function hearing<Value>({ clock }: TabbedBrowser, promise: Promise<Value>): Promise<Value> {
  const pending = new Set([promise]);
  const settle = () => pending.clear();
  promise.then(settle, settle);
  clock.wake();
  while (pending.size > 0) {
    await clock.advance(5);
    clock.wake();
  }
  return promise;
}

describe.each([1, 2, 4, 8])("a logout in one of %i tabs", (count) => {
  test.each<[string, CreateAuthOptions, boolean, number, [number, number]]>([
    ["one call", {}, false, 0, [0, 1]],
    ["one call with the token", sendToken, true, 0, [0, 1]],
    ["one refresh and one call, of an old token", sendToken, true, 700_000, [1, 1]],
    ["two calls, where the endpoint is behind the token", {}, true, 0, [0, 2]],
    ["one refresh more, of an old token there", {}, true, 700_000, [1, 2]],
    ["the same without tokens in messages", { tabs: { shareToken: false } }, false, 0, [0, 1]],
  ])("costs %s, and the server was told", async (_, options, isGuarded, ageMs, expected) => {
    const made = await signedInTabs(count, options);
    const { server, clock, tabs, one } = made;
    if (isGuarded) server.on(logoutCalls, guardedLogout(server));
    const before = server.received(refreshes);
    await clock.advance(ageMs);
    expect(await hearing(made, one.auth.logout())).toEqual({ serverTold: true });
    expect(server.cookie()).toBeUndefined();
    await clock.advance(60_000);
    clock.wake();
    await roundTrip(server);
    const [refreshed = 0, told] = calls(made);
    expect([refreshed - before, told]).toEqual(expected);
    expect(tabs.map(({ auth }) => auth.getState().status)).toEqual(
      tabs.map(() => "unauthenticated"),
    );
    expect(tabs.map(({ logouts }) => logouts[0])).toEqual(
      tabs.map((tab) => (tab === one ? "logout" : "other-tab")),
    );
    expect(clock.timers()).toBe(0);
  });

  test("that cannot reach the server is told later by that tab, at its pace", async () => {
    const made = await signedInTabs(count);
    const { server, clock, one } = made;
    server.on(logoutCalls, answer(503, undefined, { "retry-after": "120" }));
    expect(await hearing(made, one.auth.logout())).toEqual({ serverTold: false });
    for (let seconds = 0; seconds < 119; seconds += 1) {
      await clock.advance(1000);
      clock.wake();
    }
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(1);
    server.off(logoutCalls);
    await clock.advance(1000);
    await expect.poll(() => server.cookie()).toBeUndefined();
    await clock.advance(600_000);
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(2);
    expect(clock.timers()).toBe(0);
  });

  test("at an endpoint that is not there: the server was not told, and is not asked again", async () => {
    const made = await signedInTabs(count);
    const { server, clock, one } = made;
    server.on(logoutCalls, answer(404));
    expect(await hearing(made, one.auth.logout())).toEqual({ serverTold: false });
    await clock.advance(60_000);
    clock.wake();
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(1);
    expect(clock.timers()).toBe(0);
  });
});

describe.each([2, 4, 8])("a logout in each of %i tabs at once", (count) => {
  test("is told once, and all learn that the server was told", async () => {
    const made = await signedInTabs(count);
    const all = Promise.all(made.tabs.map(({ auth }) => auth.logout()));
    expect(await hearing(made, all)).toEqual(made.tabs.map(() => ({ serverTold: true })));
    expect(made.server.received(logoutCalls)).toBe(1);
    expect(made.server.cookie()).toBeUndefined();
  });

  test("at an endpoint that is not there: none says that the server was told", async () => {
    const made = await signedInTabs(count);
    made.server.on(logoutCalls, answer(404));
    const all = Promise.all(made.tabs.map(({ auth }) => auth.logout()));
    expect(await hearing(made, all)).toEqual(made.tabs.map(() => ({ serverTold: false })));
    expect(made.server.received(logoutCalls)).toBe(1);
  });
});

describe.each([2, 8])("a logout in each of %i tabs at once, behind the access token,", (count) => {
  test.each([
    ["by default", {}],
    ["with sendToken", sendToken],
    [
      "by a function",
      {
        logout: ({ accessToken, fetch }: EndpointContext) =>
          fetch("/auth/logout", {
            method: "POST",
            headers: { authorization: `Bearer ${accessToken}` },
          }),
      },
    ],
  ])("is told with the token at hand, and no refresh: %s", async (_, options) => {
    const made = await signedInTabs(count, options);
    made.server.on(logoutCalls, guardedLogout(made.server));
    const before = made.server.received(refreshes);
    const all = Promise.all(made.tabs.map(({ auth }) => auth.logout()));
    expect(await hearing(made, all)).toEqual(made.tabs.map(() => ({ serverTold: true })));
    expect(made.server.received(refreshes)).toBe(before);
    expect(made.server.cookie()).toBeUndefined();
  });
});

describe("a logout whose tab is closed", () => {
  test.each<[string, CreateAuthOptions, boolean]>([
    ["", {}, false],
    [", with the token", sendToken, true],
    [", with the token after a refusal", {}, true],
  ])("before the server was told is told by one of the others%s", async (_, options, isGuarded) => {
    const made = await signedInTabs(4, options);
    const { server, clock, one, another } = made;
    server.on(logoutCalls, hang);
    const before = server.received(refreshes);
    void one.auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    await clock.advance(100);
    one.auth.dispose();
    server.off(logoutCalls);
    if (isGuarded) server.on(logoutCalls, guardedLogout(server));
    await clock.advance(15_000);
    await expect.poll(() => server.cookie()).toBeUndefined();
    await clock.advance(60_000);
    await roundTrip(server);
    // What asked for the token has none: it gets one, and signs nobody in with it.
    expect(server.received(refreshes) - before).toBe(isGuarded ? 1 : 0);
    expect(server.received(logoutCalls)).toBe(isGuarded && !options.logout ? 3 : 2);
    expect(another.auth.getState().status).toBe("unauthenticated");
    expect(clock.timers()).toBe(0);
  });

  test("in its pause is told by another when that is over, which keeps to the next", async () => {
    const { server, clock, one } = await signedInTabs(4);
    server.on(logoutCalls, answer(503, undefined, { "retry-after": "60" }));
    expect(await one.auth.logout()).toEqual({ serverTold: false });
    await clock.advance(1000);
    one.auth.dispose();
    await clock.advance(58_000);
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(1);
    await clock.advance(16_000);
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    await clock.advance(44_000);
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(2);
    server.off(logoutCalls);
    await clock.advance(16_000);
    await expect.poll(() => server.cookie()).toBeUndefined();
    await clock.advance(600_000);
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(3);
    expect(clock.timers()).toBe(0);
  });
});

test("a logout that another tab has taken over is left to that one", async () => {
  const { server, clock, open, one } = await signedInTabs(1);
  server.on(logoutCalls, drop);
  expect(await one.auth.logout()).toEqual({ serverTold: false });
  server.on(logoutCalls, answer(503, undefined, { "retry-after": "60" }));
  // A new page may be what became of the tab that asked: it does not wait for that one.
  await open().auth.ready();
  await expect.poll(() => server.received(logoutCalls)).toBe(2);
  await clock.advance(100);
  clock.wake();
  await clock.advance(59_000);
  await roundTrip(server);
  expect(server.received(logoutCalls)).toBe(2);
  server.off(logoutCalls);
  await clock.advance(1000);
  await expect.poll(() => server.cookie()).toBeUndefined();
  await clock.advance(600_000);
  expect(server.received(logoutCalls)).toBe(3);
});

test("a tab that is closed waits no longer for one that tells the server", async () => {
  const { server, clock, one, another } = await signedInTabs(2);
  server.on(logoutCalls, hang);
  void one.auth.logout();
  await expect.poll(() => server.received(logoutCalls)).toBe(1);
  one.auth.dispose();
  await clock.advance(0);
  expect(clock.timers()).toBe(1);
  another.auth.dispose();
  expect(clock.timers()).toBe(0);
});

test("restore() in a tab that is signed in signs the others out of nothing", async () => {
  const { soon, one, another } = await signedInTabs(2);
  expect(await soon(one.auth.restore())).toMatchObject({ status: "authenticated" });
  expect(another.auth.getState().status).toBe("authenticated");
  expect([one.logouts, another.logouts]).toEqual([[], []]);
});

describe("the mark of a logout that the server was not told of is cleared", () => {
  test("by a login in any tab: no tab tells of it any more", async () => {
    const made = await signedInTabs(3);
    const { server, clock, soon, tabs, one, another } = made;
    server.on(logoutCalls, drop);
    expect(await one.auth.logout()).toEqual({ serverTold: false });
    await soon(another.auth.login(ada));
    server.off(logoutCalls);
    await clock.advance(400_000);
    clock.wake();
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(1);
    expect(server.cookie()).toBeDefined();
    expect(tabs.map(({ auth }) => auth.getState().status)).toEqual(tabs.map(() => "authenticated"));
  });

  test("by restore() in any tab", async () => {
    const { server, clock, soon, one, another } = await signedInTabs(3);
    server.on(logoutCalls, drop);
    await one.auth.logout();
    expect(await soon(another.auth.restore())).toMatchObject({ status: "authenticated" });
    server.off(logoutCalls);
    await clock.advance(400_000);
    clock.wake();
    await roundTrip(server);
    expect(server.received(logoutCalls)).toBe(1);
    expect(server.cookie()).toBeDefined();
  });

  test("so that the next one is told again, by the tab that asks", async () => {
    const { server, clock, soon, one, another } = await signedInTabs(3);
    server.on(logoutCalls, drop);
    await one.auth.logout();
    await soon(another.auth.login(ada));
    server.off(logoutCalls);
    expect(await soon(another.auth.logout())).toEqual({ serverTold: true });
    expect(server.received(logoutCalls)).toBe(2);
    await clock.advance(400_000);
    expect(server.received(logoutCalls)).toBe(2);
  });
});

test("with `logout: false` the mark stands in all tabs until the next login", async () => {
  const { server, clock, soon, open, origin, one, another } = await signedInTabs(2, {
    logout: false,
  });
  expect(await one.auth.logout()).toEqual({ serverTold: false });
  const marks = origin.posted.length;
  await clock.advance(60_000);
  clock.wake();
  expect(origin.posted).toHaveLength(marks);
  expect(await open({ logout: false }).auth.ready()).toMatchObject({ status: "unauthenticated" });
  expect(server.received(logoutCalls)).toBe(0);
  expect(clock.timers()).toBe(0);
  await soon(another.auth.login(ada));
  const reloaded = open({ logout: false });
  expect(await soon(reloaded.auth.ready())).toMatchObject({ status: "authenticated" });
  expect(clock.timers()).toBe(0);
});
