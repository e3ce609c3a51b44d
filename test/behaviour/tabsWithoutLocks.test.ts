import { describe, expect, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { openOn, say, stored } from "../support/otherTabs.js";
import { roundTrip } from "../support/roundTrip.js";
import { ada, startBrowser, twoSignedIn } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";
const forced = { forceRefresh: true };
const withoutLocks = { requestLock: () => Promise.resolve(undefined) };

test("a login without locks that is answered after a logout elsewhere leaves no cookie", async () => {
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

describe("a refresh without locks that is refused", () => {
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
    ["announced one", true, 401],
    ["announced one", true, 409],
    ["has used one already, and was not heard yet", false, 409],
  ])("waits for the token of the sibling that %s: %s, %i", async (_name, isAnnounced, status) => {
    const { clock, token, two, mark, ...browser } = await refused(isAnnounced, status);
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

describe("without locks", () => {
  test("the cookie of a login that a logout in another tab has overtaken is given back", async () => {
    const { server, clock, soon, open } = await startBrowser({ platform: withoutLocks });
    const [one, two] = [open(), open()];
    await soon(Promise.all([one.auth.ready(), two.auth.ready()]));
    const { promise, resolve } = deferred();
    server.on("POST /auth/login", after(promise));
    const overtaken = failure(one.auth.login(ada));
    await clock.advance(1);
    expect(await soon(two.auth.logout())).toEqual({ serverTold: true });
    resolve();
    expect(await soon(overtaken)).toMatchObject({ code: "session_ended" });
    await expect.poll(() => server.received("POST /auth/logout")).toBe(2);
    await expect.poll(() => server.cookie()).toBeUndefined();
    const later = open();
    expect(await soon(later.auth.ready())).toMatchObject({ status: "unauthenticated" });
  });
});

test("a refresh that was sent before a login in another tab is sent again after it", async () => {
  const options = { tabs: { shareToken: false } };
  const { server, open, soon } = await startBrowser({ platform: withoutLocks });
  const [one, two] = [open(options), open(options)];
  await soon(one.auth.login(ada));
  await soon(two.auth.ready());
  const held = deferred();
  server.on(refreshes, after(held.promise));
  const before = two.authCalls.length;
  const token = two.auth.getAccessToken({ forceRefresh: true });
  await expect.poll(() => two.authCalls.length).toBe(before + 1);
  await soon(one.auth.login(ada));
  held.resolve();
  await soon(token);
  expect(two.authCalls.length).toBe(before + 2);
});
