import { describe, expect, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { ada, startBrowser, twoSignedIn, type Tab } from "../support/tabbedBrowser.js";

const forced = { forceRefresh: true };
const withoutLocks = { requestLock: () => Promise.resolve(undefined) };

describe("33: without locks", () => {
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

describe("34: a token of another tab", () => {
  test("that was asked for before the present one is not taken", async () => {
    const { origin, clock, soon, one, two } = await twoSignedIn();
    const handedOver = origin.posted.findLast(({ message }) => "token" in Object(message));
    await clock.advance(5000);
    await soon(one.auth.getAccessToken(forced));
    const present = await two.auth.getAccessToken();
    origin.post(handedOver?.name ?? "", {
      ...Object(origin.posted.at(-1)?.message),
      token: makeJWT({ sub: "u1", isOlder: true }),
      sentAt: clock.platform.now() - 1000,
    });
    expect(await two.auth.getAccessToken()).toBe(present);
  });
});

describe("31: without BroadcastChannel", () => {
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

describe("31: a signed-out tab that fails to follow a login elsewhere", () => {
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

describe("31: of two tabs that write at once", () => {
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

describe("34: a page that comes back from a sign-in by redirect, without storage", () => {
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
