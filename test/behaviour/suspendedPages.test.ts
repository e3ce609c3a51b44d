import type { EndpointContext } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { after, answer, hang } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { ada, startBrowser, twoSignedIn, type Tab } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const forced = { forceRefresh: true };

/** `two` has got the lock after `one`, and gives a token of `one` a moment to arrive: none will. */
async function waitingForToken() {
  const browser = await twoSignedIn();
  const { server, clock, soon, one, two } = browser;
  const { promise, resolve } = deferred();
  server.on(refreshes, (...given) => promise.then(() => answer(503)(...given)));
  const failed = failure(one.auth.getAccessToken(forced));
  await clock.advance(1);
  const token = two.auth.getAccessToken(forced);
  // Who waits for it comes later.
  token.catch(() => {});
  await clock.advance(1);
  resolve();
  await soon(failed);
  server.off(refreshes);
  await clock.advance(50);
  expect(two.authCalls).toEqual([]);
  return { ...browser, token };
}

describe("a page that is put away while it waits for a token of another tab", () => {
  test("has the lock again before it refreshes", async () => {
    const { soon, two, token } = await waitingForToken();
    two.putAway();
    two.bringBack();
    expect(await soon(token)).toEqual(expect.any(String));
    expect(two.authCalls).toEqual([{ path: "/auth/refresh", hadLock: true }]);
    expect(two.events.filter(({ type }) => type === "refresh-sent")).toHaveLength(1);
  });

  test("leaves the lock to the others until it is back", async () => {
    const { clock, soon, open, two, token } = await waitingForToken();
    two.putAway();
    await clock.advance(1000);
    const third = open();
    await soon(third.auth.ready());
    await soon(third.auth.getAccessToken(forced));
    expect(third.authCalls).toEqual([{ path: "/auth/refresh", hadLock: true }]);
    expect(two.authCalls).toEqual([]);
    two.bringBack();
    await soon(token);
  });

  test("sends no refresh for a session that has ended meanwhile", async () => {
    const { soon, one, two, token } = await waitingForToken();
    two.putAway();
    await soon(one.auth.logout());
    two.bringBack();
    expect(await soon(failure(token))).toMatchObject({ code: "session_ended" });
    expect(two.authCalls).toEqual([]);
  });

  test("has the lock again as often as it is put away", async () => {
    const { clock, soon, two, token } = await waitingForToken();
    for (let time = 0; time < 5; time += 1) {
      two.putAway();
      two.bringBack();
      await clock.advance(60);
    }
    await soon(token);
    expect(two.authCalls).toEqual([{ path: "/auth/refresh", hadLock: true }]);
  });

  test("goes on without the lock when it is back and the patience is over", async () => {
    const { server, clock, soon, two, open, token } = await waitingForToken();
    two.putAway();
    server.on(refreshes, hang);
    const third = open({ refreshTimeoutMs: 120_000 });
    await soon(third.auth.ready());
    third.auth.getAccessToken(forced).catch(() => {});
    await clock.advance(60_000);
    server.off(refreshes);
    two.bringBack();
    await clock.advance(11_000);
    expect(two.authCalls).toEqual([]);
    await clock.advance(1000);
    await token;
    expect(two.authCalls).toEqual([{ path: "/auth/refresh", hadLock: false }]);
  });
});

describe("a tab that gets the lock after another", () => {
  test("takes the token that arrives a moment later, and asks the server for none", async () => {
    const { origin, clock, soon, two, token } = await waitingForToken();
    const handedOver = origin.posted.findLast(({ message }) => "token" in Object(message));
    const late = makeJWT({ sub: "u1", name: "Ada", isLate: true });
    const sentAt = clock.platform.now();
    origin.post(handedOver?.name ?? "", { ...Object(handedOver?.message), token: late, sentAt });
    expect(await soon(token)).toBe(late);
    expect(two.authCalls).toEqual([]);
  });
});

describe("a page that waits for the lock", () => {
  /** `one` holds the lock until `release`, and `two` has waited for most of its patience. */
  async function waitingForLock() {
    const browser = await twoSignedIn({ refreshTimeoutMs: 10_000 });
    const { server, clock, open, two } = browser;
    const third = open({ refreshTimeoutMs: 60_000 });
    await browser.soon(third.auth.ready());
    const { promise, resolve } = deferred();
    server.on(refreshes, after(promise));
    const other = third.auth.getAccessToken(forced);
    await clock.advance(1);
    const token = two.auth.getAccessToken(forced);
    await clock.advance(11_000);
    expect(two.authCalls).toEqual([]);
    return { ...browser, token, other, release: resolve };
  }

  test("asks for it once more half-way, for the sake of a holder in the back/forward cache", async () => {
    const { server, clock, open, two, soon } = await twoSignedIn();
    const third = open();
    await soon(third.auth.ready());
    server.on(refreshes, hang);
    third.auth.getAccessToken(forced).catch(() => {});
    await clock.advance(1);
    const before = two.lockRequests();
    two.auth.getAccessToken(forced).catch(() => {});
    await clock.advance(5900);
    expect(two.lockRequests()).toBe(before + 1);
    await clock.advance(200);
    expect(two.lockRequests()).toBe(before + 2);
  });

  test.each(["is put away", "freezes"])(
    "and %s is as patient as before when it is back",
    async (how) => {
      const { clock, soon, two, token, other, release } = await waitingForLock();
      if (how === "is put away") two.putAway();
      else two.freeze();
      await clock.advance(30_000);
      if (how === "is put away") two.bringBack();
      else two.thaw();
      await clock.advance(100);
      expect(two.authCalls).toEqual([]);
      release();
      await soon(Promise.all([other, token]));
      expect(two.authCalls).toEqual([]);
    },
  );
});

describe("a page that is put away while its refresh is on the wire", () => {
  async function onTheWire() {
    const { server, clock, soon, open } = await startBrowser();
    const tab = open();
    await tab.auth.login(ada);
    const { promise, resolve } = deferred();
    server.on(refreshes, after(promise));
    const token = tab.auth.getAccessToken(forced);
    token.catch(() => {});
    await expect.poll(() => server.received(refreshes)).toBe(1);
    tab.putAway();
    return { server, clock, soon, tab, token, answer: resolve };
  }

  test("sends it again when it is back and the answer has been lost, as in WebKit", async () => {
    const { server, clock, soon, tab, token } = await onTheWire();
    await clock.advance(60_000);
    server.off(refreshes);
    tab.bringBack();
    expect(await soon(token)).toEqual(expect.any(String));
    expect(tab.authCalls.slice(1)).toEqual(
      [1, 2].map(() => ({ path: "/auth/refresh", hadLock: true })),
    );
    expect(tab.auth.getState().error).toBeNull();
  });

  test("sends no other while the answer may still come", async () => {
    const { clock, soon, tab, token, answer: answerNow } = await onTheWire();
    tab.bringBack();
    await clock.advance(9000);
    answerNow();
    expect(await soon(token)).toEqual(expect.any(String));
    expect(tab.authCalls.length).toBe(2);
  });

  test("ends with `timeout` when the second is not answered either", async () => {
    const { server, clock, soon, tab, token } = await onTheWire();
    tab.bringBack();
    await clock.advance(10_000);
    await expect.poll(() => server.received(refreshes)).toBe(2);
    await clock.advance(10_000);
    expect(await soon(failure(token))).toMatchObject({ code: "timeout" });
  });
});

type Verb = "login" | "refresh" | "logout";

/** A tab whose endpoint function does something else before it sends, until `goOn` is called. */
async function hesitating(verb: Verb) {
  const browser = await startBrowser();
  const { promise, resolve: goOn } = deferred();
  let hesitates = false;
  async function hesitate({ fetch, credentials = {} }: EndpointContext): Promise<Response> {
    if (hesitates) await promise;
    const headers = { "content-type": "application/json" };
    return fetch(`/auth/${verb}`, { method: "POST", headers, body: JSON.stringify(credentials) });
  }
  const options = { [verb]: hesitate };
  const one = browser.open(options);
  await one.auth.login(ada);
  const two = browser.open(options);
  await browser.soon(two.auth.ready());
  hesitates = true;
  return { ...browser, one, two, goOn };
}

const deeds: Record<Verb, (tab: Tab) => Promise<unknown>> = {
  login: ({ auth }: Tab) => auth.login(ada),
  refresh: ({ auth }: Tab) => auth.getAccessToken(forced),
  logout: ({ auth }: Tab) => auth.logout(),
};
const verbs: Verb[] = ["login", "refresh", "logout"];

describe("a page that is put away while an endpoint function has not sent yet", () => {
  test.each(verbs)("has the lock again before the %s is sent", async (verb) => {
    const { clock, soon, two, goOn } = await hesitating(verb);
    const done = deeds[verb](two);
    await clock.advance(10);
    two.putAway();
    two.bringBack();
    goOn();
    await soon(done);
    expect(two.authCalls).toEqual([{ path: `/auth/${verb}`, hadLock: true }]);
  });

  test("sends no logout to the session that has begun in another tab", async () => {
    const { clock, soon, server, one, two, goOn } = await hesitating("logout");
    const done = deeds.logout(two);
    await clock.advance(10);
    two.putAway();
    await soon(one.auth.login(ada));
    two.bringBack();
    goOn();
    await soon(done);
    expect(two.authCalls).toEqual([]);
    expect(server.cookie()).toBeDefined();
  });

  test.each(verbs)("sends no %s when its time limit has passed", async (verb) => {
    const { clock, two, goOn } = await hesitating(verb);
    const done = deeds[verb](two).catch(() => {});
    await clock.advance(10_000);
    goOn();
    await done;
    await clock.advance(10);
    expect(two.authCalls).toEqual([]);
  });
});
