import { describe, expect, test } from "vitest";
import { after } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { say, stored, type Mark } from "../support/otherTabs.js";
import { ada, startBrowser, twoSignedIn, type TabbedBrowser } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";

describe("of two tabs that end and begin sessions in the same millisecond", () => {
  const later = "~";
  const earlier = "!";

  test.each([
    ["signed out", later, "unauthenticated"],
    ["still signed in", earlier, "authenticated"],
  ])("all take the same for the newer: %s", async (_, id, status) => {
    const browser = await twoSignedIn();
    const { mark } = stored(browser);
    say(browser, "record", { ...mark, sessionId: id, status: "logout-pending" });
    const { one, two } = browser;
    expect([one, two].map(({ auth }) => auth.getState().status)).toEqual([status, status]);
  });

  test.each([
    [later, earlier],
    [earlier, later],
  ])("the order in which they are heard makes no difference: %s, %s", async (...ids) => {
    const browser = await twoSignedIn();
    const { mark } = stored(browser);
    const revision = mark.revision + 1;
    for (const id of ids) {
      const status = id === later ? "logout-pending" : "signed-in";
      say(browser, "record", { ...mark, revision, sessionId: id, status });
    }
    expect(browser.two.auth.getState().status).toBe("unauthenticated");
  });

  test("of one session its end is the newer than its life", async () => {
    const browser = await twoSignedIn();
    const { mark } = stored(browser);
    say(browser, "record", { ...mark, status: "refused" });
    expect(browser.two.auth.getState().status).toBe("unauthenticated");
  });
});

describe("the storage", () => {
  test("in which an older state was left ends no session, and is put right", async () => {
    const browser = await twoSignedIn();
    const { server, origin, two } = browser;
    const { key, mark } = stored(browser);
    const older = JSON.stringify({
      ...mark,
      revision: mark.revision - 1,
      sessionId: "older",
      status: "logout-pending",
    });
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

  test.each(["", "{", "null", "7", '{"revision":"now"}'])(
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
    ["a time that is a text", { revision: "9999999999999" }],
    ["no id", { sessionId: undefined }],
    ["an id that is a number", { sessionId: 5 }],
    ["no known state", { status: "signed out" }],
    ["a state that begins like one", { status: "signed-outside" }],
    ["a state that ends like one", { status: "not-signed-in" }],
    ["someone who is a number", { status: "signed-in", identityHash: { "claims.sub": 5 } }],
    [
      "someone who is half a number",
      { status: "signed-in", identityHash: { "claims.sub": 5, "user.id": "x" } },
    ],
  ])("that says %s ends none, and is put right", async (_, change) => {
    const browser = await twoSignedIn();
    const { key, mark } = stored(browser);
    const newer = {
      ...mark,
      revision: Date.UTC(2026, 1, 1),
      sessionId: "newer",
      status: "signed-out",
      ...change,
    };
    browser.origin.storage.set(key, JSON.stringify(newer));
    await browser.two.auth.api.get("/me");
    expect(browser.two.logouts).toEqual([]);
    expect(stored(browser).mark).toEqual(mark);
  });
});

describe("of a session that has ended", () => {
  /** A token that nobody may take over, asked for just now. */
  const forged = (browser: TabbedBrowser) => ({
    token: makeJWT({ sub: "u1", forged: true }),
    sentAt: browser.clock.platform.now(),
    lifetimeSeconds: 600,
  });

  const over: [string, (mark: Mark) => Mark][] = [
    ["an earlier moment", (mark) => ({ ...mark, revision: mark.revision - 1 })],
    ["another id of the same moment", (mark) => ({ ...mark, sessionId: "!" })],
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
    say(
      browser,
      "token",
      { ...mark, revision: mark.revision + 1, status: "refused" },
      forged(browser),
    );
    expect(browser.two.auth.getState().status).toBe("unauthenticated");
    expect(await browser.two.auth.getAccessToken()).toBeNull();
  });
});

describe("of two tabs that write at once", () => {
  test("the younger one's word stands in the storage, whichever came last", async () => {
    const { origin, soon, open, one, two } = await twoSignedIn();
    const [[key, signedIn] = ["", ""]] = [...origin.storage];
    await soon(one.auth.logout());
    // The other tab read the storage before the logout, and writes after it.
    origin.storage.set(key, signedIn);
    one.bringBack();
    expect(origin.storage.get(key)).not.toBe(signedIn);
    const later = open({ restore: "hint" });
    expect(await soon(later.auth.ready())).toMatchObject({ status: "unauthenticated" });
    expect([one, two].map(({ auth }) => auth.getState().status)).toEqual([
      "unauthenticated",
      "unauthenticated",
    ]);
    expect(later.authCalls).toEqual([]);
  });
});

describe("a page that comes back from a sign-in by redirect, without storage", () => {
  test("does not take the refusal of an earlier session for its own", async () => {
    const platform = { readStorage: () => undefined, writeStorage() {} };
    const { server, origin, clock, soon, open } = await startBrowser({ platform });
    await soon(open().auth.login(ada));
    const { name = "", message } = origin.posted.at(-1) ?? {};
    const { promise, resolve } = deferred();
    server.on("POST /auth/refresh", after(promise));
    const { auth } = open();
    const restored = auth.restore();
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    const { record, ...rest } = Object(message);
    origin.post(name, {
      ...rest,
      kind: "record",
      record: { ...record, revision: record.revision + 1, status: "refused" },
    });
    await clock.advance(1);
    expect(auth.getState().status).toBe("loading");
    resolve();
    expect(await soon(restored)).toMatchObject({ status: "authenticated" });
  });
});

test("a visitor whose cookie is refused leaves no record", async () => {
  const { origin, open, soon } = await startBrowser();
  const { auth } = open();
  expect(await soon(auth.ready())).toMatchObject({ status: "unauthenticated" });
  expect([...origin.storage]).toEqual([]);
});
