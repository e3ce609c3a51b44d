import { describe, expect, test } from "vitest";
import { AuthError, type AuthEvent } from "react-authed-query";
import { makeJWT, sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { setup } from "../support/setup.js";

describe("19: the restoration", () => {
  test("is started by the first ready(), request or getAccessToken(), and is one refresh", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    expect(server.received()).toBe(0);
    await Promise.all([auth.ready(), auth.api.get("/me"), auth.getAccessToken(), auth.ready()]);
    expect(auth.getState().status).toBe("authenticated");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("is not needed once someone has signed in", async () => {
    const { server, auth } = await setup();
    expect(await auth.ready()).toMatchObject({ status: "authenticated" });
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("of a visitor ends unauthenticated without an error; requests go out without a token", async () => {
    const { server, auth } = await setup({ signedIn: false });
    await expect(auth.api.get("/me")).rejects.toMatchObject({ response: { status: 401 } });
    expect(auth.getState()).toMatchObject({ status: "unauthenticated", error: null });
    expect(server.received("/me")).toBe(1);
  });

  test("with the API down rejects each attempt, goes on by itself, and a later ready() waits", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.signInBefore();
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    await expect(auth.ready()).rejects.toMatchObject({ code: "unavailable" });
    await expect(auth.api.get("/me")).rejects.toMatchObject({ code: "unavailable" });
    expect(auth.getState()).toMatchObject({ status: "loading", error: { code: "unavailable" } });
    const next = auth.ready();
    server.off("POST /auth/refresh");
    await clock.advance(1000);
    expect(await next).toMatchObject({ status: "authenticated", error: null });
  });

  test("ready() can be given up without harm to the attempt", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    const controller = new AbortController();
    const waiting = auth.ready({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(await auth.ready()).toMatchObject({ status: "authenticated" });
  });

  test("`never` starts signed out and sends nothing; restore() tries all the same", async () => {
    const { server, auth } = await setup({ signedIn: false, restore: "never" });
    server.signInBefore();
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    expect(server.received()).toBe(0);
    expect(await auth.restore()).toMatchObject({ status: "authenticated" });
  });

  test("restore() of nobody resolves unauthenticated; in transit it rejects", async () => {
    const { server, auth } = await setup({ signedIn: false });
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(500).end());
    await expect(auth.restore()).rejects.toMatchObject({ code: "unavailable" });
    expect(auth.getState().status).toBe("unauthenticated");
  });
});

describe("a refresh that comes back", () => {
  test("20: for another user is a switch", async () => {
    const { server, auth, logouts } = await setup();
    server.tokens.claims = { sub: "u2" };
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({ code: "session_ended" });
    expect(logouts).toEqual(["switched"]);
    expect(auth.getState().user).toEqual({ sub: "u2" });
  });

  test("20: for another user: a request that waited for it is never sent with that token", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    server.tokens.claims = { sub: "u2" };
    await expect(auth.api.get("/me")).rejects.toMatchObject({
      code: "ERR_CANCELED",
      cause: { code: "session_ended" },
    });
    expect(server.received("/me")).toBe(1);
  });

  test("without a user keeps the one that the login named", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.tokens.body = { user: { id: 7, name: "Ada" } };
    await auth.login({ password: "right" });
    server.tokens.body = {};
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState().user).toEqual({ id: 7, name: "Ada" });
  });

  test("23: with a deeply equal user notifies nobody", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.tokens.body = { user: { id: 7, roles: ["a"] } };
    await auth.login({ password: "right" });
    const before = auth.getState();
    let notified = 0;
    auth.subscribe(() => (notified += 1));
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState()).toBe(before);
    expect(notified).toBe(0);
  });

  test("with an edited user shows it", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.tokens.body = { user: { id: 7, roles: ["a"] } };
    await auth.login({ password: "right" });
    server.tokens.body = { user: { id: 7, roles: ["a", "b"] } };
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState().user).toEqual({ id: 7, roles: ["a", "b"] });
  });
});

describe("identity", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ["another sub", { sub: "1" }, { sub: "2" }, ["switched"]],
    ["another address", { email: "a@b" }, { email: "c@d" }, ["switched"]],
    ["a number that was a text", { sub: "1" }, { sub: 1 }, []],
    ["nothing known in common", { sub: "1" }, { role: "x" }, ["switched"]],
  ])("%s", async (_, first, second, expected) => {
    const { server, auth, logouts } = await setup({ signedIn: false });
    server.tokens.claims = first;
    await auth.login({ password: "right" });
    server.tokens.claims = second;
    await auth.login({ password: "right" });
    expect(logouts).toEqual(expected);
  });

  test("is what `identify` says, where it says something", async () => {
    const { server, auth, logouts } = await setup({
      identify: (_, claims) =>
        typeof claims?.["tenant"] === "string" ? claims["tenant"] : undefined,
    });
    server.tokens.claims = { sub: "u2", tenant: "a" };
    await auth.login({ password: "right" });
    expect(logouts).toEqual(["switched"]);
    server.tokens.claims = { sub: "u3", tenant: "a" };
    await auth.login({ password: "right" });
    expect(logouts).toEqual(["switched"]);
    logouts.length = 0;
    server.tokens.claims = { sub: "u3", tenant: "b" };
    await auth.login({ password: "right" });
    expect(logouts).toEqual(["switched"]);
  });

  test("setUser() edits the profile, and throws for another user or for nobody", async () => {
    const { auth } = await setup({
      login: () => ({ token: "opaque", user: { id: 1, name: "A" } }),
    });
    auth.setUser({ id: 1, name: "B" });
    expect(auth.getState().user).toEqual({ id: 1, name: "B" });
    expect(() => auth.setUser({ id: 2, name: "C" })).toThrow(/login\(\)/);
    await auth.logout();
    expect(() => auth.setUser({ id: 1, name: "D" })).toThrow(AuthError);
  });
});

describe("getAccessToken", () => {
  test("gives the current token, and a new one if forced", async () => {
    const { server, auth } = await setup();
    const token = await auth.getAccessToken();
    expect(await auth.getAccessToken()).toBe(token);
    expect(await auth.getAccessToken({ forceRefresh: true })).not.toBe(token);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("is null when nobody is signed in, or the refresh is refused", async () => {
    const { auth } = await setup({ signedIn: false });
    expect(await auth.getAccessToken()).toBeNull();
    const refused = await setup();
    refused.server.revokeSession();
    expect(await refused.auth.getAccessToken({ forceRefresh: true })).toBeNull();
  });

  test("rejects if the token is due and no new one can be had", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    await clock.advance(700_000);
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: "unavailable" });
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: "unavailable" });
  });

  test("can be given up", async () => {
    const { server, auth } = await setup();
    server.on("POST /auth/refresh", () => {});
    const controller = new AbortController();
    const waiting = auth.getAccessToken({ forceRefresh: true, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });
});

test("events tell of requests, refreshes, pauses, tokens and sessions, with no token in them", async () => {
  const { server, auth, events } = await setup();
  server.expireTokens();
  await auth.api.post("/orders?secret=1", {});
  await auth.logout();
  const types = events.map(({ type }: AuthEvent) => type);
  expect(types).toEqual([
    "token-received",
    "session-started",
    "request-sent",
    "refresh-sent",
    "refresh-answered",
    "token-received",
    "request-replayed",
    "request-answered",
    "session-ended",
  ]);
  expect(events[2]).toEqual({
    type: "request-sent",
    id: 1,
    method: "POST",
    path: "/orders",
    status: undefined,
  });
  expect(JSON.stringify(events)).not.toMatch(/eyJ|secret/);
});

describe("22: user code", () => {
  test("that throws in a listener harms nobody", async () => {
    const reported: unknown[] = [];
    const original = console.error;
    console.error = (error: unknown) => reported.push(error);
    const { auth, logouts } = await setup({
      onLogout: () => {
        throw new Error("mine");
      },
    });
    auth.onEvent(() => {
      throw new Error("mine");
    });
    auth.subscribe(() => {
      throw new Error("mine");
    });
    await auth.logout();
    console.error = original;
    expect(logouts).toEqual(["logout"]);
    expect(reported.length).toBeGreaterThanOrEqual(3);
  });

  test("may call back in: a request and a login from onLogout", async () => {
    const { auth } = await setup();
    const again = deferred<unknown>();
    auth.onLogout(() => again.resolve(auth.login({ password: "right" })));
    await auth.logout();
    expect(await again.promise).toMatchObject({ status: "authenticated" });
    expect((await auth.api.get("/me")).status).toBe(200);
  });

  test("in an endpoint that throws is judged by the status it carries", async () => {
    const thrown = { response: { status: 401, data: {} } };
    const { auth, logouts } = await setup({
      refresh: () => {
        throw Object.assign(new Error("no"), thrown);
      },
    });
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test("in an endpoint that throws without a status says nothing about the session", async () => {
    const { auth } = await setup({
      refresh: () => {
        throw new Error("no");
      },
    });
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({ code: "unavailable" });
  });

  test("in an endpoint that never returns is bounded", async () => {
    const { auth, clock } = await setup({ refresh: () => new Promise(() => {}) });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: "timeout" });
    const login = auth.login({ password: "right" });
    expect(await login).toMatchObject({ status: "authenticated" });
  });

  test("in readSession that throws is a fault of the options", async () => {
    let isBroken = false;
    const { auth } = await setup({
      readSession: (data) => {
        if (isBroken) throw new Error("mine");
        return data as { accessToken: string };
      },
    });
    isBroken = true;
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({
      code: "misconfigured",
      cause: { message: "mine" },
    });
    expect(auth.getState().isAuthenticated).toBe(true);
  });

  test("in refreshOn or identify that throws changes nothing", async () => {
    const original = console.error;
    console.error = () => {};
    const fail = () => {
      throw new Error("mine");
    };
    const { auth } = await setup({ refreshOn: fail, identify: fail });
    expect((await auth.api.get("/me")).status).toBe(200);
    console.error = original;
  });
});

describe("the default readSession", () => {
  const token = makeJWT({ sub: "u1" });

  test.each([
    { accessToken: token },
    { access_token: token },
    { access: token },
    { token },
    { jwt: token },
    { refreshedToken: token },
    { data: { access_token: token } },
    { session: { accessToken: token } },
    { tokens: { access: token } },
    { result: { token } },
  ])("finds the token in %j", async (body) => {
    const { auth } = await setup({ login: () => body });
    expect(await auth.getAccessToken()).toBe(token);
  });

  test("finds it in the Authorization response header", async () => {
    const { auth } = await setup({
      login: () => new Response("{}", { headers: { authorization: `Bearer ${token}` } }),
    });
    expect(await auth.getAccessToken()).toBe(token);
  });
});

describe("an endpoint", () => {
  test("as a request: its method, headers, body, and the token if `sendToken` says so", async () => {
    const { server, auth } = await setup({
      refresh: {
        url: "/renew",
        method: "PUT",
        headers: { "x-client": "web" },
        body: { grant: "refresh" },
        sendToken: true,
      },
    });
    const token = await auth.getAccessToken();
    server.on("PUT /renew", (_, response) => sendJSON(response, 200, { token: "next" }));
    expect(await auth.getAccessToken({ forceRefresh: true })).toBe("next");
    const sent = server.requests.at(-1);
    expect(sent?.headers["x-client"]).toBe("web");
    expect(sent?.body.toString()).toBe('{"grant":"refresh"}');
    expect(sent?.token).toBe(token);
  });

  test("of a login adds the credentials to the fields of its body", async () => {
    const { server, auth } = await setup({
      signedIn: false,
      login: { url: "/auth/login", body: { mode: "cookie" } },
    });
    await auth.login({ password: "right" });
    const sent = JSON.parse(server.requests.at(-1)?.body.toString() ?? "");
    expect(sent).toEqual({ mode: "cookie", password: "right" });
  });

  test("on a page that is no base for URLs, such as about:blank, harms nothing", async () => {
    const { auth } = await setup({
      signedIn: false,
      baseURL: "/api",
      platform: { documentURL: () => "about:blank" },
    });
    expect(auth.getState().status).toBe("loading");
  });

  test("by default is a POST of {} with JSON, keepalive and credentials, and no token", async () => {
    const inits: RequestInit[] = [];
    const { server, auth } = await setup({
      signedIn: false,
      fetch: (url, init) => {
        inits.push(init);
        return fetch(url, init);
      },
    });
    await auth.ready();
    expect(inits[0]).toMatchObject({ method: "POST", keepalive: true, credentials: "include" });
    expect(server.requests[0]?.body.toString()).toBe("{}");
    expect(server.requests[0]?.headers["content-type"]).toBe("application/json");
    expect(server.requests[0]?.token).toBeUndefined();
  });

  test("may be anywhere, and a GET without a body", async () => {
    const { server, auth } = await setup({ signedIn: false });
    const other = await setup({ refresh: { url: `${server.url}/token`, method: "GET" } });
    server.on("GET /token", (_, response) => sendJSON(response, 200, { token: "elsewhere" }));
    expect(await other.auth.getAccessToken({ forceRefresh: true })).toBe("elsewhere");
    auth.dispose();
  });

  test("gets the csrf cookie as a header", async () => {
    const { server, auth } = await setup({
      signedIn: false,
      csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" },
      platform: { readCookie: (name) => (name === "XSRF-TOKEN" ? "abc" : undefined) },
    });
    await auth.ready();
    expect(server.requests[0]?.headers["x-xsrf-token"]).toBe("abc");
  });

  test("sends the csrf cookie to no other origin that a function calls", async () => {
    const sent: Headers[] = [];
    const { auth } = await setup({
      signedIn: false,
      csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" },
      platform: { readCookie: () => "abc" },
      fetch: (_, init) => {
        sent.push(new Headers(init.headers));
        return Promise.resolve(Response.json({ accessToken: "opaque" }));
      },
    });
    await auth.login(({ fetch }) => fetch("https://idp.example.net/token", { method: "POST" }));
    expect(sent[0]?.has("x-xsrf-token")).toBe(false);
  });
});

describe("dispose", () => {
  test("stops everything: verbs reject `disposed`, waiting requests end", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    await auth.ready().catch(() => {});
    const waiting = auth.ready().catch((error: unknown) => error);
    auth.dispose();
    expect(await waiting).toMatchObject({ code: "disposed" });
    await expect(auth.login({})).rejects.toMatchObject({ code: "disposed" });
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(clock.timers()).toBe(0);
  });
});

describe("after a refusal", () => {
  test("the same user who signs in again goes on, and another is someone else", async () => {
    const { server, auth, logouts } = await setup();
    const refuse = async () => {
      server.on("POST /auth/refresh", (_, response) => sendJSON(response, 401, {}));
      await auth.getAccessToken({ forceRefresh: true });
      server.off("POST /auth/refresh");
    };
    await refuse();
    await auth.login({ password: "right" });
    expect(auth.getState()).toMatchObject({ user: { sub: "u1" }, expiredUser: null });
    await refuse();
    server.tokens.claims = { sub: "u2" };
    await auth.login({ password: "right" });
    expect(auth.getState()).toMatchObject({ user: { sub: "u2" }, expiredUser: null });
    expect(logouts).toEqual(["refused", "refused"]);
  });

  test("a request on the wire is left alone, and a late 401 says why", async () => {
    const { server, auth } = await setup();
    const answer = deferred();
    server.on("/slow", () => answer.promise.then(() => "default" as const));
    server.on("/slow401", async (_, response) => {
      await answer.promise;
      sendJSON(response, 401, {});
    });
    const slow = auth.api.get("/slow");
    const slow401 = auth.api.get("/slow401").catch((error: unknown) => error);
    await expect.poll(() => server.received("/slow401")).toBe(1);
    server.on("POST /auth/refresh", (_, response) => sendJSON(response, 401, {}));
    await auth.getAccessToken({ forceRefresh: true });
    answer.resolve();
    expect((await slow).status).toBe(200);
    expect(await slow401).toMatchObject({ response: { status: 401 }, cause: { code: "refused" } });
  });
});
