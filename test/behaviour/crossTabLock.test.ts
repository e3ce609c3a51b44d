import { describe, expect, test } from "vitest";
import type { HeldLock, Platform } from "../../src/core/platform/platform.js";
import { after, hang } from "../support/answers.js";
import { deferred } from "../support/deferred.js";
import { setup, type SetupOptions } from "../support/setup.js";
import { twoSignedIn } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const forced = { forceRefresh: true };

/** A request for the lock, as another tab that holds it sees it. */
interface LockRequest {
  grant(): void;
  isAborted(): boolean;
  isReleased(): boolean;
}

/** Someone is signed in, and another tab has the lock until the test says otherwise. */
async function setupWaiting(options: SetupOptions = {}) {
  const requests: LockRequest[] = [];
  let isFree = true;
  const hidden = new Set<() => void>();
  const platform: Partial<Platform> = {
    onHide(listener) {
      hidden.add(listener);
      return () => hidden.delete(listener);
    },
    requestLock(_, signal) {
      let isReleased = false;
      const lock: HeldLock = { wasContended: false, release: () => (isReleased = true) };
      if (isFree) return Promise.resolve(lock);
      // A lock may be given in the very moment in which it is no longer wanted.
      return new Promise((resolve) => {
        requests.push({
          grant: () => resolve(lock),
          isAborted: () => signal.aborted,
          isReleased: () => isReleased,
        });
      });
    },
  };
  const made = await setup({ ...options, platform });
  isFree = false;
  const token = made.auth.getAccessToken(forced);
  token.catch(() => {});
  await made.clock.advance(0);
  expect(requests).toHaveLength(1);
  return {
    ...made,
    token,
    requests,
    /** The page is left, and may come back. */
    hide: () => {
      for (const listener of [...hidden]) listener();
    },
    sent: () => made.server.received(refreshes),
  };
}

describe("a tab that waits for the lock", () => {
  test.each([
    [undefined, 12_000],
    [1000, 3000],
  ])("goes on without it when the time limit of %j and 2 s are over", async (limit, patienceMs) => {
    const options = limit === undefined ? {} : { refreshTimeoutMs: limit };
    const { clock, token, sent } = await setupWaiting(options);
    await clock.advance(patienceMs - 1);
    expect(sent()).toBe(0);
    await clock.advance(1);
    expect(await token).toBeTypeOf("string");
    expect(sent()).toBe(1);
  });

  test("asks for it once more half-way, and goes on as soon as it is given", async () => {
    const { clock, token, sent, requests } = await setupWaiting();
    await clock.advance(5999);
    expect(requests).toHaveLength(1);
    await clock.advance(1);
    expect(requests).toHaveLength(2);
    expect(requests[0]?.isAborted()).toBe(false);
    expect(sent()).toBe(0);
    requests[1]?.grant();
    await token;
    expect(sent()).toBe(1);
    expect(requests.map((request) => request.isAborted())).toEqual([true, true]);
  });

  test("asks no third time, and gives up what it is given too late", async () => {
    const { clock, token, requests } = await setupWaiting();
    await clock.advance(12_000);
    await token;
    expect(requests).toHaveLength(2);
    for (const { grant } of requests) grant();
    await clock.advance(20_000);
    expect(requests.map((request) => request.isReleased())).toEqual([true, true]);
    expect(clock.timers()).toBe(0);
  });

  test("gives it back when it has its answer", async () => {
    const { token, requests } = await setupWaiting();
    requests[0]?.grant();
    await token;
    expect(requests[0]?.isReleased()).toBe(true);
  });

  test("is told by a dispose() that it waits no more", async () => {
    const { auth, clock, sent, requests } = await setupWaiting();
    auth.dispose();
    await clock.advance(20_000);
    expect(requests[0]?.isAborted()).toBe(true);
    expect([requests.length, sent(), clock.timers()]).toEqual([1, 0, 0]);
  });
});

describe("a page that is left", () => {
  test("while it waits for the lock is not given it, and asks again when it is back", async () => {
    const { clock, token, sent, requests, hide } = await setupWaiting();
    hide();
    expect(requests[0]?.isAborted()).toBe(true);
    await clock.advance(100);
    expect([requests.length, sent()]).toEqual([1, 0]);
    clock.wake();
    expect(requests).toHaveLength(2);
    expect(requests[1]?.isAborted()).toBe(false);
    requests[1]?.grant();
    await token;
    requests[0]?.grant();
    await clock.advance(0);
    expect(requests.map((request) => request.isReleased())).toEqual([true, true]);
    expect(sent()).toBe(1);
  });

  test("with the lock gives it up", async () => {
    const { server, sent, requests, hide } = await setupWaiting();
    server.on(refreshes, hang);
    requests[0]?.grant();
    await expect.poll(sent).toBe(1);
    expect(requests[0]?.isReleased()).toBe(false);
    hide();
    expect(requests[0]?.isReleased()).toBe(true);
  });
});

test("a restoration that waits for the lock sends nothing after a logout", async () => {
  const { server, clock, soon, open, one } = await twoSignedIn({ tabs: { shareToken: false } });
  const held = deferred();
  server.on(refreshes, after(held.promise));
  const token = one.auth.getAccessToken(forced);
  token.catch(() => {});
  await clock.advance(1);
  const late = open({ tabs: { shareToken: false } });
  const ready = late.auth.ready();
  await clock.advance(1);
  const told = late.auth.logout();
  held.resolve();
  await soon(Promise.all([told, ready]));
  expect(late.authCalls.map(({ path }) => path)).not.toContain("/auth/refresh");
});
