import { inspect } from "node:util";
import axios from "axios";
import { AuthError } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { sendJSON, type Handler } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    void response.writeHead(code, headers).end();

describe.each(clients)("%s, 6: when the refresh is refused", (client) => {
  test("the session ends and onLogout fires once, for fifty requests too", async () => {
    const { server, auth, logouts, send } = await client.setup();
    server.revokeSession();
    await Promise.all(Array.from({ length: 50 }, () => send("/me")));
    expect(logouts).toEqual(["refused"]);
    expect(auth.getState()).toMatchObject({
      status: "unauthenticated",
      user: null,
      expiredUser: { sub: "u1" },
    });
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("a request already answered 401 ends with that answer, and the cause", async () => {
    const { server, send } = await client.setup();
    server.revokeSession();
    expect(await send("/me")).toMatchObject({
      status: 401,
      data: { error: "token expired" },
      ...client.because({ code: "refused" }),
    });
  });

  test("a request not yet sent ends without an answer, by the code of the cause", async () => {
    const { server, clock, send } = await client.setup();
    server.revokeSession();
    await clock.advance(700_000);
    const end = await send("/me");
    expect(end).toMatchObject({ code: "refused", error: { name: "AuthError" } });
    expect(end).not.toHaveProperty("status");
    expect(server.received("/me")).toBe(0);
  });

  test("later requests go out without a token, and their 401 is final", async () => {
    const { server, send } = await client.setup();
    server.revokeSession();
    await send("/me");
    expect(await send("/me")).toMatchObject({ status: 401 });
    expect(server.requests.at(-1)?.token).toBeUndefined();
    expect(server.received("POST /auth/refresh")).toBe(1);
  });
});

describe("the answer to a refresh", () => {
  const html = { "content-type": "text/html" };
  const json = { "content-type": "application/json" };
  const body =
    (code: number, headers: Record<string, string>, text: string): Handler =>
    (_, response) =>
      void response.writeHead(code, headers).end(text);

  test.each<[string, Handler]>([
    ["400", status(400)],
    ["401", status(401)],
    ["422", status(422)],
    ["403 in JSON", body(403, json, "{}")],
    ["200 without a token", body(200, json, "{}")],
    ["200 without a body", status(200)],
  ])("%s is a refusal", async (_, handler) => {
    const { server, auth, logouts } = await setup();
    server.on("POST /auth/refresh", handler);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test.each<[string, Handler]>([
    ["408", status(408)],
    ["409", status(409)],
    ["419", status(419)],
    ["425", status(425)],
    ["429", status(429)],
    ["500", status(500)],
    ["503", status(503)],
    ["403 in HTML", body(403, html, "<h1>Firewall</h1>")],
    ["200 in HTML", body(200, html, "<h1>Welcome to our Wi-Fi</h1>")],
    ["200 with a malformed token", body(200, json, '{"accessToken":"a b"}')],
    ["a dropped connection", ({ headers }, response) => void (headers && response.destroy())],
  ])("%s says nothing about the session, which stays", async (_, handler) => {
    const { server, auth, logouts } = await setup();
    server.on("POST /auth/refresh", handler);
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({ code: "unavailable" });
    expect(auth.getState()).toMatchObject({
      status: "authenticated",
      error: { code: "unavailable" },
    });
    expect(logouts).toEqual([]);
  });

  test.each([404, 405, 418])(
    "%i is a fault of the options, and the session stays",
    async (code) => {
      const { server, auth } = await setup();
      server.on("POST /auth/refresh", status(code));
      const failing = auth.getAccessToken({ forceRefresh: true });
      await expect(failing).rejects.toMatchObject({ code: "misconfigured", status: code });
      expect(auth.getState().isAuthenticated).toBe(true);
    },
  );

  test("404 at the restoration ends it unauthenticated, with the error", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/refresh", status(404));
    await auth.ready();
    expect(auth.getState()).toMatchObject({
      status: "unauthenticated",
      error: { code: "misconfigured" },
    });
  });

  test("of a login or a logout is none of `isRefused`'s", async () => {
    const { server, auth, clock } = await setup({ isRefused: () => false });
    const wrong = { code: "login_failed", status: 401 };
    await expect(auth.login({ password: "wrong" })).rejects.toMatchObject(wrong);
    server.on("POST /auth/logout", status(401));
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(clock.timers()).toBe(0);
  });

  test("that a function throws with what was sent keeps that out of the state", async () => {
    const { auth } = await setup({
      refresh: ({ accessToken }) =>
        axios.post("http://127.0.0.1:9/", null, {
          headers: { authorization: `Bearer ${accessToken}` },
        }),
    });
    const token = await auth.getAccessToken();
    const { cause } = (await failure(auth.getAccessToken({ forceRefresh: true }))) as Error;
    expect(cause).toMatchObject({ message: expect.stringContaining("ECONNREFUSED") });
    expect(inspect(auth.getState(), { depth: 20 })).not.toContain(token);
  });

  test("is judged by `isRefused` first, where it has an opinion", async () => {
    const { server, auth } = await setup({
      isRefused: ({ status: code }) => (code === 409 ? true : code === 401 ? false : undefined),
    });
    server.on("POST /auth/refresh", status(401));
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({ code: "unavailable" });
    server.on("POST /auth/refresh", status(409));
    await auth.restore();
    expect(auth.getState().status).toBe("unauthenticated");
  });
});

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

describe("7: when the refresh fails in transit", () => {
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

describe.each(clients)("%s, 8: when the refresh is not answered", (client) => {
  test("its late token does not count once a later call has succeeded", async () => {
    const { server, auth, clock, events, get } = await client.setup();
    const answer = deferred();
    let calls = 0;
    server.on("POST /auth/refresh", async (_, response) => {
      calls += 1;
      if (calls > 1) return "default";
      await answer.promise;
      return sendJSON(response, 200, { accessToken: "late" });
    });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    await auth.restore();
    const received = events.filter(({ type }) => type === "token-received").length;
    answer.resolve();
    await get("/me");
    expect(await auth.getAccessToken()).not.toBe("late");
    expect(events.filter(({ type }) => type === "token-received")).toHaveLength(received);
  });
});

describe("8: when the refresh is not answered", () => {
  test("the waiters end with `timeout` at the limit, and the call is not aborted", async () => {
    const { server, auth, clock, logouts } = await setup({ refreshTimeoutMs: 5000 });
    server.on("POST /auth/refresh", () => {});
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(4999);
    expect(auth.getState().error).toBeNull();
    await clock.advance(1);
    expect(await waiting).toMatchObject({ code: "timeout" });
    expect(server.requests.at(-1)?.aborted).toBe(false);
    expect(logouts).toEqual([]);
  });

  test("a late failure changes nothing more", async () => {
    const { server, auth, clock, events } = await setup();
    const answer = deferred();
    server.on("POST /auth/refresh", async (_, response) => {
      await answer.promise;
      response.writeHead(503).end();
    });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    const before = events.length;
    answer.resolve();
    await auth.ready();
    await clock.advance(0);
    expect(events).toHaveLength(before);
    expect(auth.getState().error?.code).toBe("timeout");
  });

  test("its late token counts", async () => {
    const { server, auth, clock } = await setup();
    const first = await auth.getAccessToken();
    const answer = deferred<"default">();
    server.on("POST /auth/refresh", () => answer.promise);
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    answer.resolve("default");
    await expect.poll(() => auth.getAccessToken()).not.toBe(first);
    expect(auth.getState().error).toBeNull();
  });

  test("its late refusal counts, if no younger call is about to speak", async () => {
    const { server, auth, clock, logouts } = await setup();
    const answer = deferred();
    server.on("POST /auth/refresh", async (_, response) => {
      await answer.promise;
      sendJSON(response, 401, {});
    });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    answer.resolve();
    await expect.poll(() => logouts).toEqual(["refused"]);
  });
});

describe.each(clients)("%s, 9: a refresh that cures nothing", (client) => {
  test("is not repeated for 10 s, doubling to 5 min", async () => {
    const { server, auth, clock, send } = await client.setup();
    server.tokens.lifetimeSeconds = 1e6;
    await auth.getAccessToken({ forceRefresh: true });
    server.on("/forbidden", (_, response) => sendJSON(response, 401, {}));
    const refreshes = () => server.received("POST /auth/refresh");
    for (const seconds of [10, 20, 40, 80, 160, 300, 300]) {
      const before = refreshes();
      await send("/forbidden");
      expect(refreshes()).toBe(before + 1);
      await clock.advance(seconds * 1000 - 1);
      await send("/forbidden");
      expect(refreshes()).toBe(before + 1);
      await clock.advance(1);
    }
  });

  test("is forgotten when a replay to the endpoint succeeds: the next one counts as the first", async () => {
    const { server, clock, send, get } = await client.setup();
    const forbid = () => server.on("/ride", (_, response) => sendJSON(response, 401, {}));
    forbid();
    await send("/ride");
    await clock.advance(10_000);
    server.off("/ride");
    server.expireTokens();
    await get("/ride");
    forbid();
    await send("/ride");
    const refreshes = server.received("POST /auth/refresh");
    await clock.advance(10_000);
    await send("/ride");
    expect(server.received("POST /auth/refresh")).toBe(refreshes + 1);
  });

  test("is forgotten by a login", async () => {
    const { server, auth, send } = await client.setup();
    server.on("/forbidden", (_, response) => sendJSON(response, 401, {}));
    await send("/forbidden");
    await auth.login({ password: "right" });
    server.expireTokens();
    expect(await send("/me")).toMatchObject({ status: 200 });
  });

  test("counts once for fifty replays", async () => {
    const { server, clock, send, get } = await client.setup();
    server.on("/forbidden", (_, response) => sendJSON(response, 401, {}));
    await Promise.allSettled(Array.from({ length: 50 }, () => get("/forbidden")));
    await clock.advance(10_000);
    await send("/forbidden");
    expect(server.received("POST /auth/refresh")).toBe(2);
  });
});
