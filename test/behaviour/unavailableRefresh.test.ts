import { AuthError } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { answer, drop } from "../support/answers.js";
import type { Handler } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { failure } from "../support/failure.js";
import { roundTrip } from "../support/roundTrip.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    void response.writeHead(code, headers).end();

describe.each(clients)("%s, 7: when the refresh fails in transit", (client) => {
  test("requests in the pause end at once and do not hammer the server", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    server.on("POST /auth/refresh", status(503));
    for (let count = 0; count < 5; count += 1) {
      expect(await send("/me")).toMatchObject({
        status: 401,
        ...client.because({ code: "unavailable", status: 503 }),
      });
    }
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("the pause is 1 s, doubling to 60 s, and a success clears the error", async () => {
    const { server, auth, clock, events, send, get } = await client.setup();
    server.expireTokens();
    server.on("POST /auth/refresh", status(503));
    const pauses: number[] = [];
    for (let count = 0; count < 8; count += 1) {
      await send("/me");
      const paused = events.findLast(({ type }) => type === "paused");
      if (paused?.type !== "paused") throw new Error("no pause");
      pauses.push(Math.round((paused.until - clock.platform.now()) / 1000));
      await clock.advance(paused.until - clock.platform.now());
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    server.off("POST /auth/refresh");
    await get("/me");
    expect(auth.getState().error).toBeNull();
  });

  test("a token past the soft but not the hard margin is still used", async () => {
    const { server, auth, clock, get } = await client.setup();
    server.on("POST /auth/refresh", status(503));
    await clock.advance(550_000);
    await get("/me");
    await expect.poll(() => auth.getState().error?.code).toBe("unavailable");
    await get("/me");
    expect(await auth.getAccessToken()).toBeTypeOf("string");
  });

  test("a network failure's pause ends when the network or the person is back", async () => {
    const { server, clock, send, get } = await client.setup();
    server.expireTokens();
    server.on("POST /auth/refresh", (_, response) => void response.destroy());
    await send("/me");
    server.off("POST /auth/refresh");
    expect(await send("/me")).toMatchObject({
      status: 401,
      ...client.because({ code: "unavailable" }),
    });
    clock.wake();
    await get("/me");
  });

  test("a 503's pause does not end because the page becomes visible", async () => {
    const { server, clock, send } = await client.setup();
    server.expireTokens();
    server.on("POST /auth/refresh", status(503));
    await send("/me");
    clock.wake();
    await send("/me");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });
});

describe("when the refresh fails in transit", () => {
  test.each([
    [0, 500],
    [0.999, 1499],
  ])("the pause is spread by 50 percent either way (random %d: %d ms)", async (random, ms) => {
    const { server, auth, clock } = await setup({ platform: { random: () => random } });
    server.on("POST /auth/refresh", status(503));
    const error = await failure(auth.getAccessToken({ forceRefresh: true }));
    if (!(error instanceof AuthError)) throw new Error("no AuthError");
    expect((error.retryAt ?? 0) - clock.platform.now()).toBeCloseTo(ms, 0);
  });

  test.each([
    ["120", 120],
    ["3600", 300],
  ])("Retry-After: %s makes it %d seconds", async (retryAfter, seconds) => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", status(429, { "retry-after": retryAfter }));
    await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    expect(auth.getState().error?.retryAt).toBe(clock.platform.now() + seconds * 1000);
  });

  test("Retry-After that says nothing readable is as none", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", status(503, { "retry-after": "soon" }));
    await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    expect(auth.getState().error?.retryAt).toBe(clock.platform.now() + 1000);
  });

  test("Retry-After as a date is read by the server's own clock", async () => {
    const { server, auth, clock } = await setup();
    const date = "Wed, 21 Oct 2015 07:28:00 GMT";
    const retryAfter = "Wed, 21 Oct 2015 07:28:30 GMT";
    server.on("POST /auth/refresh", status(503, { date, "retry-after": retryAfter }));
    await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    expect(auth.getState().error?.retryAt).toBe(clock.platform.now() + 30_000);
  });
});

describe.each(clients)("%s, 7: Retry-After", (client) => {
  test("of 0 lets no request hammer the server", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, answer(503, "", { "retry-after": "0" }));
    for (const path of ["/a", "/b", "/c"]) {
      expect(await send(path)).toMatchObject({ status: 401 });
    }
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("Retry-After", () => {
  test.each(["0", "-5", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT"])(
    "%s makes no restoration hammer the server",
    async (value) => {
      const { server, auth } = await setup({ signedIn: false });
      server.on(refreshes, answer(503, "", { "retry-after": value }));
      await failure(auth.ready());
      await roundTrip(server);
      expect(server.received(refreshes)).toBe(1);
    },
  );
});

describe.each(clients)("%s, 7: a refresh that fails in transit", (client) => {
  test("keeps the session: nobody is signed out and the user stays on the screen", async () => {
    const { server, auth, logouts, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, drop);
    expect(await send("/me")).toMatchObject({ status: 401 });
    expect(auth.getState()).toMatchObject({ status: "authenticated", user: { sub: "u1" } });
    expect(logouts).toEqual([]);
  });

  test("ends a request not yet sent without sending it, and names the cause", async () => {
    const { server, clock, send } = await client.setup();
    server.on(refreshes, answer(503));
    await clock.advance(700_000);
    const end = await send("/me");
    expect(end).toMatchObject({ code: "unavailable", error: { name: "AuthError", status: 503 } });
    expect(end).not.toHaveProperty("status");
    expect(server.received("/me")).toBe(0);
  });

  test("is tried again by the next request after the pause, and not by a timer", async () => {
    const { server, auth, clock, send, get } = await client.setup();
    server.expireTokens();
    server.on(refreshes, answer(503));
    expect(await send("/me")).toMatchObject({ status: 401 });
    expect(clock.timers()).toBe(0);
    server.off(refreshes);
    await clock.advance(1000);
    expect(server.received(refreshes)).toBe(1);
    await get("/me");
    expect(auth.getState().error).toBeNull();
  });

  test("for a fault of the options is paused too: 404 is not hammered", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, answer(404));
    for (const _ of [1, 2, 3]) {
      expect(await send("/me")).toMatchObject({
        status: 401,
        ...client.because({ code: "misconfigured", status: 404 }),
      });
    }
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("a refresh that fails in transit", () => {
  test("starts the pauses anew after a success", async () => {
    const { server, auth, clock } = await setup();
    const fail = async () => {
      server.on(refreshes, answer(503));
      await failure(auth.getAccessToken({ forceRefresh: true }));
      server.off(refreshes);
    };
    await fail();
    await clock.advance(1000);
    await auth.getAccessToken({ forceRefresh: true });
    await fail();
    expect(auth.getState().error?.retryAt).toBe(clock.platform.now() + 1000);
  });

  test("starts a pause that is over when the device slept through it", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, answer(503, "", { "retry-after": "60" }));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    server.off(refreshes);
    clock.sleep(60_000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("starts a pause that no clock set back prolongs", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, answer(503));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    server.off(refreshes);
    clock.setWallClock(0);
    await clock.advance(1000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("an answer cut off in its middle counts as none", async () => {
    const { server, auth, logouts } = await setup();
    server.on(refreshes, (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "999" });
      response.write('{"accessToken":', () => response.destroy());
    });
    const forced = failure(auth.getAccessToken({ forceRefresh: true }));
    expect(await forced).toMatchObject({ code: "unavailable" });
    expect(logouts).toEqual([]);
  });
});
