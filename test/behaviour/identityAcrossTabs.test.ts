import type { CreateAuthOptions } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { startBrowser, type Tab, type TabbedBrowser } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const password = { password: "right" };

/** What the server says of someone: the claims of the token, or an opaque one; the user of a login. */
interface Says {
  claims?: Record<string, unknown>;
  user?: Record<string, unknown>;
}

const course = (username: string): Says => ({ claims: { UserInfo: { username } } });

const strangers: [string, Says, Says][] = [
  ["nested claims", course("alice"), course("bob")],
  ["a name", { claims: { name: "Alice" } }, { claims: { name: "Bob" } }],
  ["opaque tokens", {}, {}],
  ["opaque tokens, the user at the login", { user: { id: 1 } }, { user: { id: 2 } }],
  ["a sub", { claims: { sub: "1" } }, { claims: { sub: "2" } }],
  [
    "the id of the user beside the same sub, at the login",
    { claims: { sub: "1" }, user: { id: 1 } },
    { claims: { sub: "1" }, user: { id: 2 } },
  ],
];

const same: [string, Says][] = [
  ["nested claims", course("alice")],
  ["a name", { claims: { name: "Alice" } }],
  ["opaque tokens, the user at the login", { user: { id: 1 } }],
  ["opaque tokens, a user without an id at the login", { user: { name: "A" } }],
  ["a sub", { claims: { sub: "1" } }],
];

/** Hears nothing of the other tabs, and reads the storage when it wakes. */
const asleep = { openChannel: () => undefined };

/** Signs in by a login that names the user; the refreshes do not. */
async function signIn({ server, soon }: TabbedBrowser, { auth }: Tab, { claims, user }: Says) {
  if (claims) server.tokens.claims = claims;
  server.tokens.make = claims ? undefined : () => `opaque-${Math.random()}`;
  server.tokens.body = user ? { user } : {};
  await soon(auth.login(password));
  server.tokens.body = {};
}

/** One tab of someone who has signed in, and one beside it. */
async function twoOf(first: Says, options: CreateAuthOptions = {}, platform = {}) {
  const browser = await startBrowser();
  const one = browser.open(options);
  await signIn(browser, one, first);
  const two = browser.open(options, platform);
  await browser.soon(two.auth.ready());
  return { ...browser, one, two, browser };
}

const shares: [string, CreateAuthOptions][] = [
  ["tokens are shared", {}],
  ["they are not", { tabs: { shareToken: false } }],
];

describe.each(shares)("a login in one tab, where %s,", (_, options) => {
  test.each(strangers)(
    "as someone else is a switch in the other: %s",
    async (__, first, second) => {
      const { browser, soon, one, two } = await twoOf(first, options);
      await signIn(browser, one, second);
      await soon(two.auth.api.get("/me"));
      expect([one.logouts, two.logouts]).toEqual([["switched"], ["switched"]]);
      expect(two.auth.getState().status).toBe("authenticated");
    },
  );

  test.each(same)("as the same person ends nothing in the other: %s", async (__, person) => {
    const { browser, soon, one, two } = await twoOf(person, options);
    await signIn(browser, one, person);
    await soon(two.auth.api.get("/me"));
    expect([one.logouts, two.logouts]).toEqual([[], []]);
  });

  test.each(strangers)(
    "as someone else is one in a tab that slept: %s",
    async (__, first, second) => {
      const { browser, soon, one, two } = await twoOf(first, options, asleep);
      await signIn(browser, one, second);
      browser.clock.wake();
      await soon(two.auth.api.get("/me"));
      expect(two.logouts).toEqual(["switched"]);
    },
  );

  test.each(same)("as the same person is none in a tab that slept: %s", async (__, person) => {
    const { browser, soon, one, two } = await twoOf(person, options, asleep);
    await signIn(browser, one, person);
    browser.clock.wake();
    await soon(two.auth.api.get("/me"));
    expect(two.logouts).toEqual([]);
  });

  test.each(strangers)("over a refused session: %s: ends it in both", async (__, first, second) => {
    const { browser, server, soon, one, two } = await twoOf(first, options);
    server.on("/slow", () => {});
    const slow = two.auth.api.get("/slow").catch((error: unknown) => error);
    await expect.poll(() => server.received("/slow")).toBe(1);
    server.on(refreshes, answer(401));
    await soon(one.auth.getAccessToken({ forceRefresh: true }));
    server.off(refreshes);
    await signIn(browser, one, second);
    await soon(two.auth.api.get("/me"));
    expect([one.logouts, two.logouts]).toEqual([["refused"], ["refused"]]);
    expect(await slow).toMatchObject({ cause: { code: "session_ended" } });
    expect(two.auth.getState().status).toBe("authenticated");
  });

  test.each(same)(
    "over a refused session, as the same person: %s: goes on in both",
    async (__, person) => {
      const { browser, server, soon, one, two } = await twoOf(person, options);
      const go: (() => void)[] = [];
      server.on("/slow", (___, response) => void go.push(() => response.end("late")));
      const slow = two.auth.api.get("/slow");
      await expect.poll(() => go.length).toBe(1);
      server.on(refreshes, answer(401));
      await soon(one.auth.getAccessToken({ forceRefresh: true }));
      server.off(refreshes);
      await signIn(browser, one, person);
      await soon(two.auth.api.get("/me"));
      go[0]?.();
      expect(await slow).toMatchObject({ data: "late" });
    },
  );
});

describe.each(shares)(
  "a tab that sleeps while someone else signs in and is refused, where %s,",
  (_, options) => {
    test.each(strangers)("sees a switch: %s", async (__, first, second) => {
      const { browser, server, soon, one, two } = await twoOf(first, options, asleep);
      await signIn(browser, one, second);
      server.on(refreshes, answer(401));
      await soon(one.auth.getAccessToken({ forceRefresh: true }));
      server.off(refreshes);
      browser.clock.wake();
      expect(two.auth.getState().expiredUser).toBeNull();
      await signIn(browser, one, second);
      await soon(two.auth.api.get("/me"));
      expect([one.logouts, two.logouts]).toEqual([["switched", "refused"], ["switched"]]);
    });
  },
);

test("a tab that slept through the logins of two others sees a switch", async () => {
  const { browser, soon, one, two } = await twoOf(course("alice"), {}, asleep);
  await signIn(browser, one, course("bob"));
  await signIn(browser, one, course("carol"));
  browser.clock.wake();
  await soon(two.auth.api.get("/me"));
  expect(two.logouts).toEqual(["switched"]);
});

test("a tab that slept while someone else came and went goes on as the same person", async () => {
  const { browser, soon, one, two } = await twoOf(course("alice"), {}, asleep);
  await signIn(browser, one, course("bob"));
  await signIn(browser, one, course("alice"));
  browser.clock.wake();
  await soon(two.auth.api.get("/me"));
  expect(two.logouts).toEqual([]);
});

test("a tab whose own refreshes named nobody is told by the tab of the login", async () => {
  const options = { tabs: { shareToken: false } };
  const { browser, soon, one, two } = await twoOf({ user: { name: "Alice" } }, options);
  expect(two.auth.getState().user).toBeNull();
  await signIn(browser, one, { user: { name: "Alice" } });
  await soon(two.auth.api.get("/me"));
  expect([one.logouts, two.logouts]).toEqual([[], []]);
});

describe("a tab that has just been opened", () => {
  test.each(strangers)(
    "signs in as someone else: a switch in the other: %s",
    async (_, first, second) => {
      const { browser, soon, one } = await twoOf(first);
      const three = browser.open({ restore: "never" });
      await signIn(browser, three, second);
      await soon(one.auth.api.get("/me"));
      expect([one.logouts, three.logouts]).toEqual([["switched"], []]);
    },
  );

  test.each(same)("signs in as the same person: the other goes on: %s", async (_, person) => {
    const { browser, soon, one } = await twoOf(person);
    const three = browser.open({ restore: "never" });
    await signIn(browser, three, person);
    await soon(one.auth.api.get("/me"));
    expect([one.logouts, three.logouts]).toEqual([[], []]);
  });

  test("comes back from a sign-in by redirect: whoever that may be is another person", async () => {
    const { browser, soon, one } = await twoOf({});
    const three = browser.open();
    await soon(three.auth.restore());
    await soon(one.auth.api.get("/me"));
    expect(one.logouts).toEqual(["switched"]);
  });

  test("and restores the session itself ends nothing in the other", async () => {
    const { browser, soon, one } = await twoOf({});
    const three = browser.open({}, asleep);
    await soon(three.auth.ready());
    await soon(one.auth.api.get("/me"));
    expect(one.logouts).toEqual([]);
  });
});

test("the token of a login as someone else is not adopted, though no field tells", async () => {
  const { browser, server, soon, one, two } = await twoOf(course("alice"));
  await signIn(browser, one, course("bob"));
  await soon(two.auth.api.get("/me"));
  expect(server.received(refreshes)).toBe(1);
  expect(two.events.filter(({ type }) => type === "token-adopted")).toHaveLength(1);
});
