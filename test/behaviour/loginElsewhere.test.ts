import { describe, expect, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { ada, startBrowser, twoSignedIn, type Tab } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const logoutCalls = "POST /auth/logout";

describe("a page that wakes after a login elsewhere", () => {
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

test("a login elsewhere that cannot be followed yet: a request ends and is not sent", async () => {
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

test("a login is not overtaken by the news that an earlier logout has reached the server", async () => {
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

describe("without BroadcastChannel", () => {
  test("a signed-out tab follows a login elsewhere as soon as it wakes, without a request", async () => {
    const platform = { openChannel: () => undefined };
    const { soon, open } = await startBrowser({ platform });
    const [one, two] = [open(), open()];
    await soon(Promise.all([one.auth.ready(), two.auth.ready()]));
    await soon(one.auth.login(ada));
    expect(two.auth.getState().status).toBe("unauthenticated");
    two.bringBack();
    await soon(new Promise<void>((resolve) => two.auth.subscribe(resolve)));
    expect(two.auth.getState().status).toBe("authenticated");
  });

  test("and tries again with the next waking, if that failed", async () => {
    const platform = { openChannel: () => undefined };
    const { server, soon, open } = await startBrowser({ platform });
    const [one, two] = [open(), open()];
    await soon(Promise.all([one.auth.ready(), two.auth.ready()]));
    await soon(one.auth.login(ada));
    server.on("POST /auth/refresh", answer(503));
    two.bringBack();
    await soon(new Promise<void>((resolve) => two.auth.subscribe(resolve)));
    server.off("POST /auth/refresh");
    two.bringBack();
    await soon(new Promise<void>((resolve) => two.auth.subscribe(resolve)));
    expect(two.auth.getState().status).toBe("authenticated");
  });
});

describe("a signed-out tab that fails to follow a login elsewhere", () => {
  /** Without the token of the other tab it asks the server, which is down. */
  async function failToFollow() {
    const { server, clock, soon, open } = await startBrowser();
    const options = { tabs: { shareToken: false } };
    const [one, two] = [open(options), open(options, { random: () => 0.5 })];
    await soon(Promise.all([one.auth.ready(), two.auth.ready()]));
    server.on("POST /auth/refresh", answer(503));
    const failed = next(two);
    await soon(one.auth.login(ada));
    await soon(failed);
    expect(two.auth.getState()).toMatchObject({
      status: "unauthenticated",
      error: { code: "unavailable" },
    });
    const leftMs = () => (two.auth.getState().error?.retryAt ?? 0) - clock.platform.now();
    return { server, clock, soon, one, two, leftMs };
  }

  const next = ({ auth }: Tab) => new Promise<void>((resolve) => auth.subscribe(resolve));

  test("tries again by itself, after pauses that grow", async () => {
    const { server, clock, soon, two, leftMs } = await failToFollow();
    const before = server.received("POST /auth/refresh");
    await clock.advance(leftMs() - 1);
    const failed = next(two);
    expect(two.lockRequests()).toBe(2);
    await clock.advance(1);
    expect(two.lockRequests()).toBe(3);
    await soon(failed);
    expect(leftMs()).toBeGreaterThan(1900);
    server.off("POST /auth/refresh");
    await soon(next(two));
    expect(two.auth.getState()).toMatchObject({ status: "authenticated", error: null });
    expect(server.received("POST /auth/refresh")).toBe(before + 2);
  });

  test("does not, once that session is over", async () => {
    const { clock, soon, one, two } = await failToFollow();
    await soon(one.auth.logout());
    await clock.advance(60_000);
    expect(two.lockRequests()).toBe(2);
    expect(two.auth.getState().status).toBe("unauthenticated");
  });
});
