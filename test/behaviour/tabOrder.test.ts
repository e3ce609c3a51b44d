import { createAuth, type Auth } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Platform } from "../../src/core/platform/platform.js";
import { after, answer } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { roundTrip } from "../support/roundTrip.js";
import { ada, startBrowser, twoSignedIn, type TabbedBrowser } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";
const forced = { forceRefresh: true };

/** What all tabs know of the session, as it stands in the storage and goes with each message. */
interface Mark {
  at: number;
  id: string;
  state: string;
  who: object;
}

/** The one key in the storage and the mark that stands there. */
function stored({ origin }: TabbedBrowser): { key: string; mark: Mark } {
  const [[key, text] = ["", "{}"]] = origin.storage;
  // The library has written it.
  return { key, mark: JSON.parse(text) as Mark };
}

/** Sends a message in the name of a third tab that knows this mark. */
function say({ origin }: TabbedBrowser, kind: string, mark: Mark, fields: object = {}): void {
  const [{ name, message } = { name: "", message: {} }] = origin.posted;
  origin.post(name, { ...Object(message), tab: "third", kind, stamp: mark, ...fields });
}

/** A tab of this browser with another platform. */
function openOn(
  { server, clock, origin }: TabbedBrowser,
  change: (shared: Partial<Platform>) => Partial<Platform>,
): Auth {
  const shared = origin.tab();
  const auth = createAuth(
    { baseURL: server.url, fetch: server.fetch },
    { ...clock.platform, ...shared, ...change(shared) },
  );
  onTestFinished(() => auth.dispose());
  return auth;
}

describe("31: of two tabs that end and begin sessions in the same millisecond", () => {
  const later = "~";
  const earlier = "!";

  test.each([
    ["signed out", later, "unauthenticated"],
    ["still signed in", earlier, "authenticated"],
  ])("all take the same for the newer: %s", async (_, id, status) => {
    const browser = await twoSignedIn();
    const { mark } = stored(browser);
    say(browser, "stamp", { ...mark, id, state: "owed" });
    const { one, two } = browser;
    expect([one, two].map(({ auth }) => auth.getState().status)).toEqual([status, status]);
  });

  test.each([
    [later, earlier],
    [earlier, later],
  ])("the order in which they are heard makes no difference: %s, %s", async (...ids) => {
    const browser = await twoSignedIn();
    const { mark } = stored(browser);
    const at = mark.at + 1;
    for (const id of ids) {
      say(browser, "stamp", { ...mark, at, id, state: id === later ? "owed" : "in" });
    }
    expect(browser.two.auth.getState().status).toBe("unauthenticated");
  });

  test("of one session its end is the newer than its life", async () => {
    const browser = await twoSignedIn();
    const { mark } = stored(browser);
    say(browser, "stamp", { ...mark, state: "refused" });
    expect(browser.two.auth.getState().status).toBe("unauthenticated");
  });
});

describe("31: the storage", () => {
  test("in which an older state was left ends no session, and is put right", async () => {
    const browser = await twoSignedIn();
    const { server, origin, two } = browser;
    const { key, mark } = stored(browser);
    const older = JSON.stringify({ ...mark, at: mark.at - 1, id: "older", state: "owed" });
    origin.storage.set(key, older);
    await two.auth.api.get("/me");
    expect(server.requests.at(-1)?.token).toBe(await two.auth.getAccessToken());
    expect(two.logouts).toEqual([]);
    expect(stored(browser).mark).toEqual(mark);
  });

  test("that was cleared is written again, for a tab that opens later", async () => {
    const browser = await twoSignedIn();
    const { mark } = stored(browser);
    browser.origin.storage.clear();
    await browser.two.auth.api.get("/me");
    expect(stored(browser).mark).toEqual(mark);
  });

  test.each(["", "{", "null", "7", '{"at":"now"}'])(
    "in which stands %j ends none",
    async (text) => {
      const browser = await twoSignedIn();
      const { key } = stored(browser);
      browser.origin.storage.set(key, text);
      expect((await browser.two.auth.api.get("/me")).status).toBe(200);
      expect(browser.two.logouts).toEqual([]);
    },
  );

  test.each([
    ["a time that is a text", { at: "9999999999999" }],
    ["no id", { id: undefined }],
    ["an id that is a number", { id: 5 }],
    ["no known state", { state: "signed out" }],
    ["a state that begins like one", { state: "outside" }],
    ["a state that ends like one", { state: "timeout" }],
    ["someone who is a number", { state: "in", who: { "claims.sub": 5 } }],
    ["someone who is half a number", { state: "in", who: { "claims.sub": 5, "user.id": "x" } }],
  ])("that says %s ends none, and is put right", async (_, change) => {
    const browser = await twoSignedIn();
    const { key, mark } = stored(browser);
    const newer = { ...mark, at: Date.UTC(2026, 1, 1), id: "newer", state: "out", ...change };
    browser.origin.storage.set(key, JSON.stringify(newer));
    await browser.two.auth.api.get("/me");
    expect(browser.two.logouts).toEqual([]);
    expect(stored(browser).mark).toEqual(mark);
  });
});

describe("34: of a session that has ended", () => {
  /** A token that nobody may take over, asked for just now. */
  const forged = (browser: TabbedBrowser) => ({
    token: makeJWT({ sub: "u1", forged: true }),
    sentAt: browser.clock.platform.now(),
    lifetimeSeconds: 600,
  });

  const over: [string, (mark: Mark) => Mark][] = [
    ["an earlier moment", (mark) => ({ ...mark, at: mark.at - 1 })],
    ["another id of the same moment", (mark) => ({ ...mark, id: "!" })],
  ];

  test.each(over)("a token is not taken over: %s", async (_, past) => {
    const browser = await twoSignedIn();
    await browser.clock.advance(1000);
    const token = await browser.two.auth.getAccessToken();
    say(browser, "token", past(stored(browser).mark), forged(browser));
    expect(await browser.two.auth.getAccessToken()).toBe(token);
    expect(browser.server.received(refreshes)).toBe(0);
  });

  test.each(over)("a profile is not shown: %s", async (_, past) => {
    const browser = await twoSignedIn();
    const user = { sub: "u1", name: "Of old" };
    say(browser, "user", past(stored(browser).mark), { user });
    expect(browser.two.auth.getState().user).toMatchObject({ name: "Ada" });
  });

  test.each(over)("a question is not answered with the token: %s", async (_, past) => {
    const browser = await twoSignedIn();
    const before = browser.origin.posted.length;
    say(browser, "ask", past(stored(browser).mark));
    expect(browser.origin.posted).toHaveLength(before);
  });

  test("a token that comes with the refusal signs nobody in again", async () => {
    const browser = await twoSignedIn();
    await browser.clock.advance(1000);
    const { mark } = stored(browser);
    say(browser, "token", { ...mark, at: mark.at + 1, state: "refused" }, forged(browser));
    expect(browser.two.auth.getState().status).toBe("unauthenticated");
    expect(await browser.two.auth.getAccessToken()).toBeNull();
  });
});

test("30: a token that another tab asked for earlier takes the place of no newer one", async () => {
  const browser = await twoSignedIn();
  const { clock, origin, soon, two } = browser;
  const older = origin.posted.findLast(({ message }) => "token" in Object(message));
  await clock.advance(1000);
  const token = await soon(two.auth.getAccessToken(forced));
  origin.post(older?.name ?? "", older?.message);
  expect(await two.auth.getAccessToken()).toBe(token);
});

test("30: a token that another tab asked for later takes the place of an older one", async () => {
  const browser = await twoSignedIn();
  const fresh = makeJWT({ sub: "u1", fresh: true });
  await browser.clock.advance(1000);
  const sentAt = browser.clock.platform.now();
  say(browser, "token", stored(browser).mark, { token: fresh, sentAt });
  expect(await browser.two.auth.getAccessToken()).toBe(fresh);
});

describe("30: a token that is handed over", () => {
  test("takes its user along, to a tab that opens later", async () => {
    const { server, open, soon } = await startBrowser();
    server.tokens.body = { user: { id: "u1", name: "Ada, Countess of Lovelace" } };
    await open().auth.login(ada);
    const two = open();
    expect(await soon(two.auth.ready())).toMatchObject({ user: server.tokens.body["user"] });
    expect(server.received(refreshes)).toBe(0);
  });

  test("takes the profile along as it was edited", async () => {
    const { open, soon } = await startBrowser();
    const one = open();
    await one.auth.login(ada);
    one.auth.setUser({ sub: "u1", name: "Ada Lovelace" });
    const two = open();
    expect(await soon(two.auth.ready())).toMatchObject({ user: { name: "Ada Lovelace" } });
  });

  test("takes its lifetime along: the other tab knows as well when it is due", async () => {
    const { server, clock, open, soon } = await startBrowser();
    server.tokens.make = () => `opaque${server.received()}`;
    server.tokens.body = { expires_in: 600 };
    await open().auth.login(ada);
    await clock.advance(300_000);
    const two = open();
    await soon(two.auth.ready());
    expect(two.events).toContainEqual(expect.objectContaining({ lifetimeMs: 600_000 }));
    await clock.advance(299_000);
    await soon(two.auth.api.get("/me"));
    expect(server.received(refreshes)).toBe(1);
    expect(server.received("/me")).toBe(1);
  });

  test("that may live for ever may do so in the other tab", async () => {
    const { server, clock, open, soon } = await startBrowser();
    server.tokens.make = () => "opaque";
    await open().auth.login(ada);
    const two = open();
    await soon(two.auth.ready());
    await clock.advance(86_400_000);
    await soon(two.auth.api.get("/me"));
    expect(server.received(refreshes)).toBe(0);
  });

  test("is told of, by both tabs", async () => {
    const { one, two } = await twoSignedIn();
    expect(one.events).toContainEqual(expect.objectContaining({ type: "token-handed-over" }));
    expect(two.events).toContainEqual(
      expect.objectContaining({ type: "token-adopted", tab: expect.any(String) }),
    );
  });

  test("is not too old: a tab that has no good one hands over none", async () => {
    const { server, clock, open, soon } = await startBrowser();
    await open().auth.login(ada);
    await clock.advance(700_000);
    const two = open();
    await soon(two.auth.ready());
    expect(two.events.map(({ type }) => type)).not.toContain("token-adopted");
    expect(server.received(refreshes)).toBe(1);
  });

  test("takes no user along whom only its claims name: the next token's claims do", async () => {
    const { server, soon, two } = await twoSignedIn();
    server.tokens.claims = { sub: "u1", name: "Ada Lovelace" };
    await soon(two.auth.getAccessToken(forced));
    expect(two.auth.getState().user).toEqual({ sub: "u1", name: "Ada Lovelace" });
  });
});

describe("31: a page that wakes after a login elsewhere", () => {
  /** `one` signs in; `two` hears of it and gets no token, for the server is down. */
  async function behind(isSignedIn: boolean) {
    const options = { tabs: { shareToken: false } };
    const { open, ...browser } = await startBrowser();
    const [one, two] = [open(options), open(options)];
    await Promise.all([one.auth.ready(), two.auth.ready()]);
    if (isSignedIn) {
      await browser.soon(one.auth.login(ada));
      await browser.soon(two.auth.api.get("/me"));
    }
    browser.server.on(refreshes, answer(503, {}, { "retry-after": "1" }));
    const before = browser.server.received(refreshes);
    await one.auth.login(ada);
    const asked = async () => {
      await browser.clock.advance(50);
      return browser.server.received(refreshes);
    };
    await expect.poll(asked).toBe(before + 1);
    await expect.poll(() => two.auth.getState().error?.code).toBe("unavailable");
    browser.server.off(refreshes);
    return { ...browser, two };
  }

  test("follows it at once where nobody is signed in", async () => {
    const { clock, two } = await behind(false);
    expect(two.auth.getState().status).toBe("unauthenticated");
    clock.wake();
    const status = async () => {
      await clock.advance(50);
      return two.auth.getState().status;
    };
    await expect.poll(status).toBe("authenticated");
  });

  test("gets its new token with the next request where the same person is", async () => {
    const { server, clock, soon, two } = await behind(true);
    const before = server.received(refreshes);
    clock.wake();
    await clock.advance(2000);
    expect(server.received(refreshes)).toBe(before);
    await soon(two.auth.api.get("/me"));
    expect(server.received(refreshes)).toBe(before + 1);
  });
});

test("31: a login elsewhere that cannot be followed yet: a request ends and is not sent", async () => {
  const options = { tabs: { shareToken: false } };
  const { server, clock, soon, one, two } = await twoSignedIn(options);
  server.tokens.claims = { sub: "u2", name: "Grace" };
  server.on(refreshes, answer(503));
  await one.auth.login(ada);
  expect(await soon(failure(two.auth.api.get("/me")))).toMatchObject({ code: "unavailable" });
  expect(server.received("/me")).toBe(0);
  await clock.advance(5000);
  await soon(failure(two.auth.api.get("/me")));
  const causes = two.events.flatMap((event) => (event.type === "refresh-sent" ? event.cause : []));
  expect(new Set(causes)).toEqual(new Set(["restore", "other-tab"]));
});

describe("30: where messages are slower than locks", () => {
  test("a tab that gets the lock after another waits for the token on its way", async () => {
    const browser = await startBrowser();
    const { server, clock, soon } = browser;
    const slow = (shared: Partial<Platform>): Partial<Platform> => ({
      openChannel: (name, onMessage) =>
        shared.openChannel?.(name, (message) => {
          clock.platform.startTimer(() => onMessage(message), 50);
        }),
    });
    const tabs = [openOn(browser, slow), openOn(browser, slow)];
    await soon(Promise.all(tabs.map((auth) => auth.ready())));
    await soon(tabs[0]?.login(ada) ?? Promise.reject());
    await clock.advance(60);
    const before = server.received(refreshes);
    const tokens = tabs.map(async (auth, place) => {
      await clock.advance(place);
      return auth.getAccessToken(forced);
    });
    expect(new Set(await soon(Promise.all(tokens))).size).toBe(1);
    expect(server.received(refreshes)).toBe(before + 1);
  });
});

test("17: a login without locks that is answered after a logout elsewhere leaves no cookie", async () => {
  const browser = await startBrowser();
  const { server, soon } = browser;
  const lockless = () => ({ requestLock: () => Promise.resolve(undefined) });
  const [one, two] = [openOn(browser, lockless), openOn(browser, lockless)];
  await soon(Promise.all([one.ready(), two.ready()]));
  const go = deferred();
  server.on("POST /auth/login", after(go.promise));
  const login = failure(one.login(ada));
  await expect.poll(() => server.received("POST /auth/login")).toBe(1);
  await two.logout();
  go.resolve();
  expect(await soon(login)).toMatchObject({ code: "session_ended" });
  await expect.poll(() => server.received(logoutCalls)).toBe(2);
  await expect.poll(() => server.cookie()).toBeUndefined();
});

test("17: a login is not overtaken by the news that an earlier logout has reached the server", async () => {
  const { server, soon, one, two } = await twoSignedIn();
  const go = deferred();
  server.on(logoutCalls, after(go.promise));
  const logout = one.auth.logout();
  await expect.poll(() => server.received(logoutCalls)).toBe(1);
  const login = two.auth.login(ada);
  go.resolve();
  expect(await soon(logout)).toEqual({ serverTold: true });
  expect(await soon(login)).toMatchObject({ status: "authenticated" });
});

describe("33: a refresh without locks that is refused", () => {
  /** Its cookie was spent by a sibling, which may have said so, and may have a token by now. */
  async function refused(isAnnounced: boolean, status = 401) {
    const browser = await twoSignedIn();
    const { server, clock, two } = browser;
    await clock.advance(1000);
    server.on(refreshes, answer(status, {}));
    const before = server.received(refreshes);
    const token = two.auth.getAccessToken(forced);
    const { mark } = stored(browser);
    if (isAnnounced) say(browser, "refreshing", mark);
    await clock.advance(100);
    await expect.poll(() => server.received(refreshes)).toBe(before + 1);
    await roundTrip(server);
    return { ...browser, mark, token };
  }

  test.each([
    ["401", 401],
    ["409, for a newer one is in use", 409],
  ])("waits for the token of the sibling that announced one: %s", async (_name, status) => {
    const { clock, token, two, mark, ...browser } = await refused(true, status);
    await clock.advance(499);
    expect(two.auth.getState().status).toBe("authenticated");
    const fresh = makeJWT({ sub: "u1", fresh: true });
    const all = { ...browser, clock };
    say(all, "token", mark, { token: fresh, sentAt: clock.platform.now() });
    expect(await token).toBe(fresh);
    expect(two.logouts).toEqual([]);
    expect(two.auth.getState().error).toBeNull();
  });

  test("waits for it no longer than half a second", async () => {
    const { clock, token, two } = await refused(true);
    await clock.advance(499);
    expect(two.auth.getState().status).toBe("authenticated");
    await clock.advance(1);
    expect(await token).toBeNull();
  });

  test("waits for nobody where none was announced", async () => {
    const { token } = await refused(false);
    expect(await token).toBeNull();
  });

  test("is announced by the tab that sends it", async () => {
    const { origin, soon, two } = await twoSignedIn();
    await soon(two.auth.getAccessToken(forced));
    const kinds = origin.posted.map(({ message }): unknown => Object(message)["kind"]);
    expect(kinds).toContain("refreshing");
  });
});
