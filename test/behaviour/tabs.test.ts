import { describe, expect, test } from "vitest";
import { answer, drop } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { ada, startBrowser, twoSignedIn, type Tab } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";

const statuses = (...tabs: Tab[]) => tabs.map(({ auth }) => auth.getState().status);

describe("tabs of one session", () => {
  test("a new tab gets the token of the one beside it, and the server is not asked", async () => {
    const { server, one, two } = await twoSignedIn();
    expect(statuses(two)).toEqual(["authenticated"]);
    expect(await two.auth.getAccessToken()).toBe(await one.auth.getAccessToken());
    expect(server.received(refreshes)).toBe(0);
    expect(two.events).toContainEqual(
      expect.objectContaining({ type: "token-adopted", tab: expect.any(String) }),
    );
  });

  test("eight meet expiry at once with one refresh", async () => {
    const { server, open, soon, one, two } = await twoSignedIn();
    const tabs = [one, two, ...Array.from({ length: 6 }, () => open())];
    await soon(Promise.all(tabs.map(({ auth }) => auth.ready())));
    server.expireTokens();
    const replies = await soon(Promise.all(tabs.map(({ auth }) => auth.api.get("/me"))));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(server.received(refreshes)).toBe(1);
  });

  test("`shareToken: false` keeps tokens out of messages: each tab refreshes for itself", async () => {
    const { server, origin, one, two } = await twoSignedIn({ tabs: { shareToken: false } });
    expect(server.received(refreshes)).toBe(1);
    const token = await one.auth.getAccessToken();
    expect(JSON.stringify(origin.posted)).not.toContain(token);
    await one.auth.logout();
    expect(two.logouts).toEqual(["other-tab"]);
  });
});

describe("what happens in one tab", () => {
  test("a logout ends the session in the other, which sends no request with its token after", async () => {
    const { server, one, two } = await twoSignedIn();
    await one.auth.logout();
    expect(statuses(one, two)).toEqual(["unauthenticated", "unauthenticated"]);
    expect([one.logouts, two.logouts]).toEqual([["logout"], ["other-tab"]]);
    server.on("/me", answer(200, {}));
    await two.auth.api.get("/me");
    expect(server.requests.at(-1)?.token).toBeUndefined();
  });

  test("a login is followed by a tab whose own refresh has just failed", async () => {
    const options = { tabs: { shareToken: false } };
    const { server, one, two, soon } = await twoSignedIn(options);
    server.on(refreshes, answer(503, {}, { "retry-after": "300" }));
    await soon(failure(two.auth.getAccessToken({ forceRefresh: true })));
    server.off(refreshes);
    await soon(one.auth.logout());
    await soon(one.auth.login(ada));
    await soon(two.auth.api.get("/me"));
    expect(statuses(two)).toEqual(["authenticated"]);
  });

  test("a login is followed by a tab that is signed out", async () => {
    const { open } = await startBrowser();
    const [one, two] = [open(), open()];
    await Promise.all([one.auth.ready(), two.auth.ready()]);
    await one.auth.login(ada);
    expect(statuses(two)).toEqual(["authenticated"]);
    expect(two.logouts).toEqual([]);
  });

  test("a login as another user is a switch in the other, which asks the server who it is", async () => {
    const { server, soon, one, two } = await twoSignedIn();
    server.tokens.claims = { sub: "u2", name: "Grace" };
    await one.auth.login(ada);
    expect(two.auth.getState().user).toBeNull();
    await soon(new Promise<void>((resolve) => two.auth.subscribe(resolve)));
    expect(two.auth.getState().user).toEqual({ sub: "u2", name: "Grace" });
    expect(two.logouts).toEqual(["switched"]);
    expect(server.received(refreshes)).toBe(1);
  });

  test("a login as the same user ends nothing, and the old token is used no more", async () => {
    const { one, two } = await twoSignedIn();
    const before = await two.auth.getAccessToken();
    await one.auth.login(ada);
    expect(await two.auth.getAccessToken()).toBe(await one.auth.getAccessToken());
    expect(await two.auth.getAccessToken()).not.toBe(before);
    expect(two.logouts).toEqual([]);
  });

  test("a login as the same user makes the other renew its token, if that does not come along", async () => {
    const { server, soon, one, two } = await twoSignedIn({ tabs: { shareToken: false } });
    const before = await two.auth.getAccessToken();
    await one.auth.login(ada);
    await soon(two.auth.api.get("/me"));
    expect(server.requests.at(-1)?.token).not.toBe(before);
    expect(two.logouts).toEqual([]);
  });

  test("a refusal is one in the other, too", async () => {
    const { server, soon, one, two } = await twoSignedIn();
    server.revokeSession();
    await soon(one.auth.api.get("/me").catch(() => {}));
    expect(statuses(two)).toEqual(["unauthenticated"]);
    await Promise.resolve();
    expect(two.logouts).toEqual(["refused"]);
    expect(two.auth.getState().expiredUser).toEqual({ sub: "u1", name: "Ada" });
  });

  test("an edited profile is shown by the other", async () => {
    const { one, two } = await twoSignedIn();
    one.auth.setUser({ sub: "u1", name: "Ada Lovelace" });
    await Promise.resolve();
    expect(two.auth.getState().user).toEqual({ sub: "u1", name: "Ada Lovelace" });
  });

  test("tell of each other: who joined, who refreshes, who handed the token over", async () => {
    const { one, two } = await twoSignedIn();
    await one.auth.getAccessToken({ forceRefresh: true });
    await Promise.resolve();
    const [joined] = one.events.flatMap((event) =>
      event.type === "tab-joined" ? [event.tab] : [],
    );
    const told = two.events.slice(-3);
    expect(told.map(({ type }) => type)).toEqual([
      "tab-refreshing",
      "token-received",
      "token-adopted",
    ]);
    const tabs = told.flatMap((event) => ("tab" in event ? [event.tab] : []));
    expect(tabs).toEqual([joined, joined]);
  });

  test("its end is told of, once", async () => {
    const { one, two } = await twoSignedIn();
    two.auth.dispose();
    await Promise.resolve();
    const told = one.events.filter(({ type }) => type === "tab-seen" || type === "tab-gone");
    expect(told.map(({ type }) => type)).toEqual(["tab-seen", "tab-gone"]);
  });
});

describe("a logout that the server was not told of", () => {
  test("is not undone by a reload, and is told as soon as the server answers", async () => {
    const { server, open, clock } = await startBrowser();
    const before = open();
    await before.auth.login(ada);
    server.on(logoutCalls, drop);
    expect(await before.auth.logout()).toEqual({ serverTold: false });
    before.auth.dispose();
    const { auth } = open();
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    expect(server.received(refreshes)).toBe(0);
    server.off(logoutCalls);
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    clock.wake();
    await expect.poll(() => server.cookie()).toBeUndefined();
  });

  test("is told after a reload with a token, where `sendToken` says so", async () => {
    const { server, open } = await startBrowser();
    const options = { logout: { url: "/auth/logout", sendToken: true } };
    const before = open(options);
    await before.auth.login(ada);
    server.on(logoutCalls, drop);
    await before.auth.logout();
    before.auth.dispose();
    server.off(logoutCalls);
    const { auth } = open(options);
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(server.requests.at(-1)).toMatchObject({ path: "/auth/logout" });
    expect(server.requests.at(-1)?.token).toBeDefined();
    expect(await auth.getAccessToken()).toBeNull();
  });

  test("is owed no more after restore(), which tries the cookie", async () => {
    const { server, open } = await startBrowser();
    const { auth } = open({ logout: false });
    await auth.login(ada);
    await auth.logout();
    const reloaded = open({ logout: false });
    expect(await reloaded.auth.ready()).toMatchObject({ status: "unauthenticated" });
    expect(await reloaded.auth.restore()).toMatchObject({ status: "authenticated" });
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("a message", () => {
  const foreign = [
    ["of another version", { version: 99 }],
    ["of another app", { app: "another" }],
    ["without a tab", { tab: undefined }],
    ["whose record is none", { record: { revision: "now" } }],
    [
      "whose record is of no known state",
      { record: { revision: 9e15, sessionId: "x", status: "maybe", identityHash: {} } },
    ],
    [
      "of a session that is over",
      { record: { revision: 1, sessionId: "x", status: "logout-pending", identityHash: {} } },
    ],
    ["whose token is none", { token: "not\r\na token" }],
    ["that says not when its token was asked for", { sentAt: "then" }],
    ...[Number.NaN, Infinity, -Infinity, -1, 0, 8.64e15, Number.MAX_VALUE, null, undefined].map(
      (sentAt) => [`whose token was asked for at ${sentAt}`, { sentAt }] as const,
    ),
    ...["2125-01-01", "2036-01-01", "9999-12-31", "1970-01-02", "2016-01-01"].map(
      (day) => [`whose token was asked for on ${day}`, { sentAt: Date.parse(day) }] as const,
    ),
    ...[Number.NaN, Infinity, -Infinity, -600, 0, Number.MAX_VALUE, "600", null].map(
      (lifetimeSeconds) => [`whose token lives ${lifetimeSeconds} s`, { lifetimeSeconds }] as const,
    ),
    ...["ada", 7, null, ["ada"], true].map(
      (user) => [`whose user is ${JSON.stringify(user)}`, { user }] as const,
    ),
    ...[Number.NaN, Infinity, -Infinity, 8.64e15, 9e15, Date.parse("2125-01-01"), "soon", null].map(
      (revision) =>
        [
          `with a record of ${revision}`,
          { record: { revision, sessionId: "x", status: "signed-out", identityHash: {} } },
        ] as const,
    ),
    ...["signed-in", "refused", "logout-pending"].map(
      (status) =>
        [
          `that is ${status} in the far future`,
          { record: { revision: 9e15, sessionId: "x", status, identityHash: {} } },
        ] as const,
    ),
    ...[undefined, null, "ada", ["x"], { sub: 1 }].map(
      (identityHash) =>
        [
          `with a record of ${JSON.stringify(identityHash)}`,
          {
            record: {
              revision: Date.UTC(2026, 0, 2),
              sessionId: "x",
              status: "signed-in",
              identityHash,
            },
          },
        ] as const,
    ),
    [
      "whose record names no session",
      { record: { revision: Date.UTC(2026, 0, 2), status: "signed-out", identityHash: {} } },
    ],
    ["whose token is a number", { token: 7 }],
  ] as const;

  test.each(foreign)("%s changes nothing", async (_, change) => {
    const { server, origin, one, two } = await twoSignedIn();
    const handedOver = origin.posted.findLast(({ message }) => "token" in Object(message));
    const [before, token] = [two.auth.getState(), await two.auth.getAccessToken()];
    const forged = makeJWT({ sub: "u1", forged: true });
    origin.post(handedOver?.name ?? "", {
      ...Object(handedOver?.message),
      token: forged,
      sentAt: Date.UTC(2026, 0, 1) + 1,
      ...change,
    });
    expect(two.auth.getState()).toBe(before);
    expect(await two.auth.getAccessToken()).toBe(token);
    expect([one.logouts, two.logouts]).toEqual([[], []]);
    expect(server.received(refreshes)).toBe(0);
  });

  test.each([undefined, null, 7, "logout", [], { kind: "token" }])(
    "%j changes nothing",
    async (message) => {
      const { origin, two } = await twoSignedIn();
      const before = two.auth.getState();
      origin.post(origin.posted[0]?.name ?? "", message);
      expect(two.auth.getState()).toBe(before);
    },
  );

  test.each([Number.NaN, Infinity, 8.64e15, "now"])(
    "of a login whose token was asked for at %s is no login",
    async (sentAt) => {
      const { server, origin, two } = await twoSignedIn();
      const handedOver = origin.posted.findLast(({ message }) => "token" in Object(message));
      const before = two.auth.getState();
      origin.post(handedOver?.name ?? "", {
        ...Object(handedOver?.message),
        record: {
          revision: Date.UTC(2026, 0, 2),
          sessionId: "x",
          status: "signed-in",
          identityHash: {},
        },
        sentAt,
      });
      expect(two.auth.getState()).toBe(before);
      expect(two.logouts).toEqual([]);
      expect(server.received(refreshes)).toBe(0);
    },
  );

  test.each([9e15, Date.parse("2125-01-01"), -1, "soon", null])(
    "in the storage with a record of %s changes nothing, and is written over",
    async (revision) => {
      const { origin, clock, soon, one, two } = await twoSignedIn();
      const [[name = "", stored = ""] = []] = origin.storage;
      origin.storage.set(
        name,
        JSON.stringify({ revision, sessionId: "x", status: "signed-out", identityHash: {} }),
      );
      clock.wake();
      await soon(two.auth.api.get("/me"));
      expect(statuses(one, two)).toEqual(["authenticated", "authenticated"]);
      expect(origin.storage.get(name)).toBe(stored);
      await soon(one.auth.logout());
      expect(statuses(one, two)).toEqual(["unauthenticated", "unauthenticated"]);
    },
  );

  test("with the token of a server that ends it in the year 9999 is adopted", async () => {
    const { server, open, soon } = await startBrowser();
    server.tokens.lifetimeSeconds = Date.parse("9999-12-31") / 1000;
    const one = open();
    await one.auth.login(ada);
    const two = open();
    expect(await soon(two.auth.ready())).toMatchObject({ status: "authenticated" });
    expect(server.received(refreshes)).toBe(0);
  });

  test("with a token of another identity makes the tab refresh for itself", async () => {
    const { server, origin, clock, soon, two } = await twoSignedIn();
    const handedOver = origin.posted.findLast(({ message }) => "token" in Object(message));
    const forged = makeJWT({ sub: "u2" });
    await clock.advance(1000);
    origin.post(handedOver?.name ?? "", {
      ...Object(handedOver?.message),
      token: forged,
      sentAt: clock.platform.now(),
    });
    const reply = await soon(two.auth.api.get("/me"));
    expect(reply.status).toBe(200);
    expect(two.auth.getState().user).toEqual({ sub: "u1", name: "Ada" });
    expect(server.received(refreshes)).toBe(1);
    expect(server.requests.map(({ token }) => token)).not.toContain(forged);
  });

  test("about a profile of another user is ignored", async () => {
    const { origin, two } = await twoSignedIn();
    const [{ name, message } = { name: "", message: {} }] = origin.posted.slice(-1);
    origin.post(name, { ...Object(message), kind: "user", user: { sub: "u2" } });
    expect(two.auth.getState().user).toEqual({ sub: "u1", name: "Ada" });
  });
});

describe("the options", () => {
  test('`restore: "hint"` asks the server only where someone has signed in before', async () => {
    const { server, open, soon } = await startBrowser();
    const options = { restore: "hint" } as const;
    const visitor = open(options);
    expect(await visitor.auth.ready()).toMatchObject({ status: "unauthenticated" });
    expect(server.received()).toBe(0);
    await visitor.auth.login(ada);
    visitor.auth.dispose();
    expect(await soon(open(options).auth.ready())).toMatchObject({ status: "authenticated" });
    expect(server.received(refreshes)).toBe(1);
  });

  test("`tabs: { name }` keeps two apps on one origin apart", async () => {
    const { open } = await startBrowser();
    const [one, two] = [open({ tabs: { name: "one" } }), open({ tabs: { name: "two" } })];
    await Promise.all([one.auth.ready(), two.auth.ready()]);
    await one.auth.login(ada);
    expect(statuses(two)).toEqual(["unauthenticated"]);
    await two.auth.restore();
    await one.auth.logout();
    expect(statuses(two)).toEqual(["authenticated"]);
  });

  test("`tabs: false` says nothing and hears nothing", async () => {
    const { origin, one, two } = await twoSignedIn({ tabs: false });
    await one.auth.logout();
    expect(origin.posted).toEqual([]);
    expect(two.logouts).toEqual([]);
    expect(statuses(two)).toEqual(["authenticated"]);
  });
});
