import type { AuthState } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { after, answer } from "../support/answers.js";
import type { Handler } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { openOn, say, stored } from "../support/otherTabs.js";
import { ada, startBrowser, twoSignedIn, type Tab } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const forced = { forceRefresh: true };
const forItself = { tabs: { shareToken: false } };

describe("pages that load at once", () => {
  /** Someone was signed in; the server holds back the refresh of the first page that loads. */
  async function loadingPages(
    handler: Handler = () => "default",
    load = ({ auth }: Tab): Promise<AuthState> => auth.ready(),
  ) {
    const browser = await startBrowser();
    const { server, clock, open, soon } = browser;
    const before = open();
    await soon(before.auth.login(ada));
    before.auth.dispose();
    const held = deferred();
    server.on(refreshes, (...given) => held.promise.then(() => handler(...given)));
    const pages = [open(), open()];
    const ready = pages.map(load);
    // The first has the lock, after it has asked the other for a token.
    await clock.advance(200);
    await expect.poll(() => server.received(refreshes)).toBe(1);
    return { ...browser, held, pages, ready };
  }

  test("learn of one refusal that nobody is signed in", async () => {
    const { server, soon, held, ready } = await loadingPages(answer(401, {}));
    held.resolve();
    const states = await soon(Promise.all(ready));
    expect(states.map(({ status }) => status)).toEqual(["unauthenticated", "unauthenticated"]);
    expect(server.received(refreshes)).toBe(1);
  });

  test.each<[string, (tab: Tab) => Promise<AuthState>]>([
    ["by ready()", ({ auth }) => auth.ready()],
    ["by restore()", ({ auth }) => auth.restore().catch(() => auth.getState())],
  ])("learn of a logout in another tab before they have an answer: %s", async (_, load) => {
    const { soon, held, open, pages, ready } = await loadingPages(undefined, load);
    const told = open().auth.logout();
    const out = ["unauthenticated", "unauthenticated"];
    const states = await soon(Promise.all(ready));
    expect(states.map(({ status }) => status)).toEqual(out);
    held.resolve();
    await soon(told);
    expect(pages.map(({ auth }) => auth.getState().status)).toEqual(out);
  });
});

test("one refusal ends the requests of two tabs, each with the cause", async () => {
  const { server, soon, one, two } = await twoSignedIn();
  server.revokeSession();
  const ends = await soon(Promise.all([one, two].map(({ auth }) => failure(auth.api.get("/me")))));
  for (const end of ends) expect(end).toMatchObject({ status: 401, cause: { code: "refused" } });
  expect(server.received(refreshes)).toBe(1);
  expect([one.logouts, two.logouts]).toEqual([["refused"], ["refused"]]);
  for (const { auth } of [one, two]) expect(auth.getState().error?.code).toBe("refused");
});

test("a login of the same person elsewhere is followed without a request, where no token comes along", async () => {
  const platform = { readStorage: () => undefined, writeStorage: () => {} };
  const { clock, open, soon } = await startBrowser({ platform });
  const [one, two] = [open(forItself), open(forItself)];
  await soon(one.auth.login(ada));
  await soon(two.auth.ready());
  const before = two.events.length;
  await soon(one.auth.login(ada));
  await clock.advance(200);
  await expect
    .poll(() => two.events.slice(before))
    .toContainEqual(expect.objectContaining({ type: "refresh-sent", cause: "other-tab" }));
});

test("a tab that is left says so to the others", async () => {
  const { one, two } = await twoSignedIn();
  one.putAway();
  await expect.poll(() => two.events).toContainEqual(expect.objectContaining({ type: "tab-gone" }));
});

test("a refresh is told once, and a tab that nobody has seen is not told to be gone", async () => {
  const browser = await twoSignedIn();
  const { soon, one, two } = browser;
  await soon(one.auth.getAccessToken(forced));
  say(browser, "gone", stored(browser).mark);
  const told = two.events.filter(({ type }) => type === "tab-refreshing" || type === "tab-gone");
  expect(told.map(({ type }) => type)).toEqual(["tab-refreshing"]);
});

test("an older token of another tab brings no older profile", async () => {
  const browser = await twoSignedIn();
  const { clock, two } = browser;
  const { user } = two.auth.getState();
  say(browser, "token", stored(browser).mark, {
    token: await two.auth.getAccessToken(),
    sentAt: clock.platform.now() - 1000,
    user: { ...user, name: "Old" },
  });
  expect(two.auth.getState().user).toBe(user);
});

test("a message about the profile that has no profile changes nothing", async () => {
  const browser = await twoSignedIn();
  const { user } = browser.two.auth.getState();
  say(browser, "user", stored(browser).mark);
  expect(browser.two.auth.getState().user).toBe(user);
});

test("a tab for itself takes no lock, and hears of nothing by the storage either", async () => {
  const { open, soon, clock } = await startBrowser();
  const [one, own] = [open(), open({ tabs: false })];
  await soon(one.auth.login(ada));
  await soon(own.auth.login(ada));
  await soon(one.auth.logout());
  clock.wake();
  await soon(own.auth.api.get("/me"));
  expect(own.auth.getState().status).toBe("authenticated");
  expect(own.lockRequests()).toBe(0);
});

test("requests write nothing to the storage", async () => {
  const { origin, open, soon } = await startBrowser();
  const written: string[] = [];
  const { writeStorage } = origin.tab();
  const { auth } = open(
    {},
    {
      writeStorage: (key, value) => {
        written.push(value);
        return writeStorage?.(key, value);
      },
    },
  );
  await soon(auth.login(ada));
  const before = written.length;
  for (let count = 0; count < 5; count += 1) await auth.api.get("/me");
  expect(before).toBeGreaterThan(0);
  expect(written).toHaveLength(before);
});

test("`identify` that signs out as a token of another tab comes is obeyed: the token is not taken", async () => {
  let isArmed = false;
  const { open, soon } = await startBrowser();
  const one = open();
  await soon(one.auth.login(ada));
  const two = open({
    identify: () => {
      if (isArmed) void two.auth.logout();
      isArmed = false;
      return undefined;
    },
  });
  await soon(two.auth.ready());
  isArmed = true;
  await soon(one.auth.getAccessToken(forced).catch(() => null));
  expect(isArmed).toBe(false);
  expect(two.auth.getState().status).toBe("unauthenticated");
  expect(await soon(two.auth.getAccessToken())).toBeNull();
});

test("a token that another tab had for long is as old here, though the wall clock is set back", async () => {
  const { server, clock, soon, open } = await startBrowser();
  const one = open();
  await soon(one.auth.login(ada));
  await clock.advance(400_000);
  const two = open();
  await soon(two.auth.ready());
  expect(server.received(refreshes)).toBe(0);
  clock.setWallClock(clock.platform.now() - 500_000);
  await clock.advance(250_000);
  await soon(two.auth.api.get("/me"));
  expect(server.received(refreshes)).toBe(1);
});

describe("where nobody can answer, a page asks the server at once", () => {
  test("without channels", async () => {
    const browser = await startBrowser();
    const { server, open, soon } = browser;
    await soon(open().auth.login(ada));
    const silent = openOn(browser, () => ({ openChannel: () => undefined }));
    void silent.ready();
    await expect.poll(() => server.received(refreshes)).toBe(1);
  });

  test("where tabs keep their tokens to themselves", async () => {
    const { server, clock, one, two } = await twoSignedIn(forItself);
    const held = deferred();
    server.on(refreshes, after(held.promise));
    const before = server.received(refreshes);
    const first = one.auth.getAccessToken(forced);
    await expect.poll(() => server.received(refreshes)).toBe(before + 1);
    const second = two.auth.getAccessToken(forced);
    await clock.advance(0);
    held.resolve();
    await Promise.all([first, second]);
    expect(server.received(refreshes)).toBe(before + 2);
  });

  test('`restore: "hint"` without a storage that could hint', async () => {
    const { server, open, soon } = await startBrowser();
    const { auth } = open({ restore: "hint" }, { readStorage: () => undefined });
    await soon(auth.ready());
    expect(server.received(refreshes)).toBe(1);
  });
});
