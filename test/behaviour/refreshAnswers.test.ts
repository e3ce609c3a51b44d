import { inspect } from "node:util";
import axios, { AxiosHeaders } from "axios";
import { describe, expect, test, vi } from "vitest";
import { answer, drop } from "../support/answers.js";
import type { Handler } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

describe("an answer to a refresh that holds a token", () => {
  test.each([
    ["201", answer(201, { token: "fresh" })],
    ["204 with the token in a header", answer(204, undefined, { authorization: "Bearer fresh" })],
    ["200 without a content type", answer(200, '{"token":"fresh"}')],
  ])("as %s is a success", async (_, handler) => {
    const { server, auth } = await setup();
    server.on(refreshes, handler);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBe("fresh");
  });

  test("as an error does not count: the status comes first", async () => {
    const { server, auth, logouts } = await setup();
    server.on(refreshes, answer(401, { token: "fresh" }));
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });
});

test.each(["", " ", "\r\n"])("a 2xx with nothing in it, %j, refuses a refresh", async (body) => {
  const { server, auth, logouts } = await setup();
  server.on(refreshes, answer(200, body));
  expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
  expect(logouts).toEqual(["refused"]);
});

describe("isRefused that says no", () => {
  test("leaves a success one", async () => {
    const { server, auth } = await setup({ isRefused: () => false });
    server.on(refreshes, answer(200, { token: "fresh" }));
    expect(await auth.getAccessToken({ forceRefresh: true })).toBe("fresh");
  });

  test("leaves a fault of the options one", async () => {
    const { server, auth } = await setup({ isRefused: () => false });
    server.on(refreshes, answer(404, {}));
    const forced = failure(auth.getAccessToken({ forceRefresh: true }));
    expect(await forced).toMatchObject({ code: "misconfigured" });
  });
});

test("login, refresh and logout carry no token and ask for JSON, unless told otherwise", async () => {
  const { server, auth } = await setup();
  await auth.getAccessToken({ forceRefresh: true });
  await auth.logout();
  const calls = server.requests.filter(({ path }) => path.startsWith("/auth/"));
  expect(calls.map(({ path }) => path)).toEqual(["/auth/login", "/auth/refresh", "/auth/logout"]);
  for (const { headers } of calls) {
    expect(headers.authorization).toBeUndefined();
    expect(headers.accept).toBe("application/json");
    expect(headers["content-type"]).toBe("application/json");
  }
});

test("an endpoint with `sendToken` carries none where there is none", async () => {
  const { server, auth } = await setup({ login: { url: "/auth/login", sendToken: true } });
  const [call] = server.requests.slice(-1);
  expect(call?.headers.authorization).toBeUndefined();
  const token = await auth.getAccessToken();
  await auth.login({ password: "right" });
  expect(server.requests.at(-1)?.token).toBe(token);
});

describe("an answer to a refresh that says nothing about the session", () => {
  test.each([
    ["a text", answer(200, "OK", { "content-type": "text/plain" })],
    ["XML", answer(200, "<session/>", { "content-type": "application/xml" })],
    ["502 in HTML", answer(502, "<h1>Bad Gateway</h1>", { "content-type": "text/html" })],
    ["501", answer(501)],
    ["304", answer(304)],
    ["300 with a token", answer(300, { token: "fresh" })],
  ])("%s keeps it", async (_, handler) => {
    const { server, auth, logouts } = await setup();
    server.on(refreshes, handler);
    const forced = failure(auth.getAccessToken({ forceRefresh: true }));
    expect(await forced).toMatchObject({ code: "unavailable" });
    expect(logouts).toEqual([]);
  });
});

describe("a refresh function", () => {
  const pageOf = (status: number) =>
    new Response("<h1>No</h1>", { status, headers: { "content-type": "text/html" } });

  test.each<[string, () => unknown, string]>([
    ["returns a 401", () => new Response(null, { status: 401 }), "refused"],
    ["returns a 503", () => new Response(null, { status: 503 }), "unavailable"],
    ["returns an opaque answer", () => Response.error(), "unavailable"],
    ["returns a body without a token", () => ({ ok: false }), "refused"],
    ["returns a body with a malformed token", () => ({ token: "a b" }), "unavailable"],
    ["throws a status 401", () => Promise.reject({ status: 401 }), "refused"],
    ["throws a status 404", () => Promise.reject({ status: 404 }), "misconfigured"],
    ["throws a response 401", () => Promise.reject({ response: { status: 401 } }), "refused"],
    ["throws a response 500", () => Promise.reject({ response: { status: 500 } }), "unavailable"],
    ["throws an answer 401", () => Promise.reject(new Response("", { status: 401 })), "refused"],
    [
      "throws an answer 503",
      () => Promise.reject(new Response("", { status: 503 })),
      "unavailable",
    ],
    ["throws a firewall's answer 403", () => Promise.reject(pageOf(403)), "unavailable"],
    ["throws nothing at all", () => Promise.reject(), "unavailable"],
    ["throws a word", () => Promise.reject("no"), "unavailable"],
  ])("that %s", async (_, refresh, verdict) => {
    const { auth, events } = await setup({ refresh });
    await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    expect(events).toContainEqual(expect.objectContaining({ type: "refresh-answered", verdict }));
    expect(auth.getState().isAuthenticated).toBe(verdict !== "refused");
  });

  test("that throws an answer has its body read: isRefused sees it", async () => {
    const { auth, logouts } = await setup({
      refresh: () => Promise.reject(Response.json({ error: "locked" }, { status: 503 })),
      isRefused: ({ data }) => Object(data)["error"] === "locked",
    });
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test("that throws an answer it has read itself is judged by its status", async () => {
    const { auth, logouts } = await setup({
      refresh: async () => {
        const response = Response.json({}, { status: 401 });
        await response.json();
        throw Object.assign(new Error("401"), { response });
      },
    });
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test.each<[string, object, object]>([
    [
      "a firewall's page",
      { status: 403, headers: { "content-type": "text/html" }, data: "<h1>No</h1>" },
      { code: "unavailable", status: 403 },
    ],
    [
      "429 with Retry-After",
      { status: 429, headers: new AxiosHeaders({ "Retry-After": "120" }) },
      { code: "unavailable", retryAt: Date.UTC(2026, 0, 1, 0, 2) },
    ],
    ["headers that are none", { status: 401, headers: "none" }, { code: "unavailable" }],
    ["a 2xx that it could not use", { status: 200 }, { code: "unavailable" }],
  ])("that throws, as axios does, %s is judged by all of it", async (_, response, expected) => {
    const thrown = Object.assign(new Error("no"), { response });
    const { auth, logouts } = await setup({ refresh: () => Promise.reject(thrown) });
    const error = await failure(auth.getAccessToken({ forceRefresh: true }));
    expect(error).toMatchObject({ ...expected, cause: thrown });
    expect(logouts).toEqual([]);
  });

  test.each([
    ["unread", false],
    ["already read", true],
  ])("that throws the Response itself, %s, is judged by it", async (_, isRead) => {
    const { auth, logouts } = await setup({
      refresh: async () => {
        const response = new Response("{}", { status: 503, headers: { "retry-after": "120" } });
        if (isRead) await response.text();
        throw response;
      },
    });
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "unavailable",
      status: 503,
      retryAt: Date.UTC(2026, 0, 1, 0, 2),
    });
    expect(logouts).toEqual([]);
  });

  test("is given the current token and a fetch that reaches the endpoint with the cookie", async () => {
    const given: unknown[] = [];
    const { auth } = await setup({
      refresh: ({ accessToken, credentials, fetch }) => {
        given.push(accessToken, credentials);
        return fetch("/auth/refresh", { method: "POST" });
      },
    });
    const old = await auth.getAccessToken();
    expect(await auth.getAccessToken({ forceRefresh: true })).not.toBe(old);
    expect(given).toEqual([old, undefined]);
  });
});

describe("isRefused", () => {
  test("may call a 2xx a refusal by its body", async () => {
    const { server, auth, logouts } = await setup({
      isRefused: ({ data }) =>
        (data as { error?: string } | undefined)?.error === "expired" || undefined,
    });
    server.on(refreshes, answer(200, { error: "expired", token: "stale" }));
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test("is told status, headers and parsed body", async () => {
    const isRefused = vi.fn<() => undefined>();
    const { server, auth } = await setup({ isRefused });
    server.on(refreshes, answer(503, { why: "tea" }, { "x-reason": "break" }));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    expect(isRefused).toHaveBeenLastCalledWith(
      expect.objectContaining({ status: 503, data: { why: "tea" } }),
    );
  });

  test("is never asked about a failure in transit", async () => {
    const isRefused = vi.fn<() => boolean>(() => true);
    const { server, auth, logouts } = await setup({ isRefused, signedIn: false });
    server.on(refreshes, drop);
    await failure(auth.ready());
    expect(isRefused).not.toHaveBeenCalled();
    expect(logouts).toEqual([]);
  });
});

const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    void response.writeHead(code, headers).end();

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

test("isRefused that says no keeps the session, for a 2xx without a token too", async () => {
  const { server, auth, logouts } = await setup({ isRefused: () => false });
  server.on(refreshes, answer(200, { status: "starting" }));
  expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
    code: "unavailable",
  });
  expect(logouts).toEqual([]);
});
