import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import type { Platform } from "../../src/core/platform/platform.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";
import { startBrowser } from "../support/tabbedBrowser.js";

const mine = new Error("nobody expected this");

/** A switch by which a member of the platform throws, and another `fetch` gives nothing. */
function trouble() {
  let isOn = true;
  return {
    off: () => (isOn = false),
    on: () => (isOn = true),
    isOn: () => isOn,
    throws:
      <Given extends unknown[], Result>(usual: (...given: Given) => Result) =>
      (...given: Given): Result => {
        if (isOn) throw mine;
        return usual(...given);
      },
  };
}

type Trouble = ReturnType<typeof trouble>;

const members: [string, (trouble: Trouble) => Partial<Platform>][] = [
  ["the monotonic clock", ({ throws }) => ({ monotonicNow: throws(() => performance.now()) })],
  ["a timer", ({ throws }) => ({ startTimer: throws(() => () => {}) })],
  ["the lock", ({ throws }) => ({ requestLock: throws(async () => undefined) })],
  ["the storage", ({ throws }) => ({ readStorage: throws(() => null) })],
  ["the channel", ({ throws }) => ({ openChannel: throws(() => undefined) })],
];

describe("an exception that nobody expected", () => {
  test.each(members)("from %s ends `loading` as `misconfigured`", async (_, platformOf) => {
    const given = trouble();
    given.off();
    const { server, auth, clock } = await setup({
      signedIn: false,
      platform: platformOf(given),
    });
    server.signInBefore();
    given.on();
    const state = await auth.ready();
    given.off();
    expect(state).toMatchObject({
      status: "unauthenticated",
      error: { code: "misconfigured", cause: mine },
    });
    expect(await auth.ready()).toBe(state);
    expect(await auth.getAccessToken()).toBeNull();
    server.on("/public", answer(200, "hello"));
    expect(await auth.api.get("/public")).toMatchObject({ data: "hello" });
    await clock.advance(60_000);
    expect(await auth.login({ password: "right" })).toMatchObject({
      status: "authenticated",
      error: null,
    });
  });

  test("settles whoever waits for the restoration", async () => {
    const given = trouble();
    const { server, auth } = await setup({
      signedIn: false,
      platform: { requestLock: given.throws(async () => undefined) },
    });
    server.on("/public", answer(200, "hello"));
    const waiting = [auth.ready(), auth.getAccessToken(), auth.api.get("/public")];
    expect(await Promise.all(waiting)).toMatchObject([
      { status: "unauthenticated" },
      null,
      { data: "hello" },
    ]);
  });

  test("keeps a live session, says so, and the next refresh works", async () => {
    const given = trouble();
    given.off();
    const { server, auth, logouts } = await setup({
      platform: { requestLock: given.throws(async () => undefined) },
    });
    given.on();
    server.expireTokens();
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "misconfigured",
      cause: mine,
    });
    expect(await failure(auth.api.get("/me"))).toMatchObject({
      response: { status: 401 },
      cause: { code: "misconfigured" },
    });
    expect(auth.getState()).toMatchObject({
      status: "authenticated",
      error: { code: "misconfigured" },
    });
    given.off();
    expect(await auth.api.get("/me")).toMatchObject({ status: 200 });
    expect(auth.getState().error).toBeNull();
    expect(logouts).toEqual([]);
  });

  test("in a login rejects it as `misconfigured`, and the next one works", async () => {
    const given = trouble();
    const { auth } = await setup({
      signedIn: false,
      platform: { requestLock: given.throws(async () => undefined) },
    });
    expect(await failure(auth.login({ password: "right" }))).toMatchObject({
      code: "misconfigured",
      cause: mine,
    });
    given.off();
    expect(await auth.login({ password: "right" })).toMatchObject({ status: "authenticated" });
  });

  test("in a logout tells the server later", async () => {
    const given = trouble();
    given.off();
    const { auth } = await setup({
      platform: { requestLock: given.throws(async () => undefined) },
    });
    given.on();
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(auth.getState().status).toBe("unauthenticated");
  });

  test("gives the lock back: the tab beside it refreshes", async () => {
    const { server, origin, clock, open, soon } = await startBrowser();
    server.signInBefore();
    const given = trouble();
    given.off();
    const { requestLock = async () => undefined } = origin.tab();
    const broken = open(
      {},
      {
        monotonicNow: given.throws(clock.platform.monotonicNow),
        async requestLock(name, signal) {
          const lock = await requestLock(name, signal);
          given.on();
          return lock;
        },
      },
    );
    expect(await broken.auth.ready()).toMatchObject({ error: { code: "misconfigured" } });
    given.off();
    expect(await soon(open().auth.ready())).toMatchObject({ status: "authenticated" });
  });
});

describe("a `fetch` of the app's", () => {
  test.each<[string, unknown]>([
    ["that gives nothing", undefined],
    ["that gives no Response", { ok: true }],
    ["whose Response has no headers", { status: 200, text: async () => "{}" }],
  ])("%s ends `loading` as `misconfigured`", async (_, given) => {
    // Against its type, as JavaScript may.
    const broken = (async () => given) as unknown as typeof fetch;
    const { auth } = await setup({ signedIn: false, fetch: broken });
    expect(await auth.ready()).toMatchObject({
      status: "unauthenticated",
      error: { code: "misconfigured", cause: expect.any(TypeError) },
    });
  });

  test("that gives nothing for one refresh keeps the session, and the next works", async () => {
    let isBroken = false;
    const { auth, clock, logouts } = await setup({
      fetch: (input, init) =>
        isBroken ? (Promise.resolve() as unknown as Promise<Response>) : fetch(input, init),
      refresh: ({ fetch }) =>
        fetch("/auth/login", { method: "POST", body: '{"password":"right"}' }),
    });
    isBroken = true;
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "misconfigured",
    });
    isBroken = false;
    await clock.advance(1000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
    expect(logouts).toEqual([]);
  });

  test("that is handed to a refresh function and gives nothing is told as `misconfigured`, too", async () => {
    const { auth } = await setup({
      signedIn: false,
      fetch: (async () => undefined) as unknown as typeof fetch,
      refresh: ({ fetch }) => fetch("/auth/refresh"),
    });
    expect(await auth.ready()).toMatchObject({
      status: "unauthenticated",
      error: { code: "misconfigured" },
    });
  });
});
