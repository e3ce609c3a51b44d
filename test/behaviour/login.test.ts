import { describe, expect, test } from "vitest";
import { after, answer, drop, hang, page } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

describe("a login that brings no session", () => {
  test.each([
    ["without a network", drop],
    ["answered by a captive portal", page(200)],
    ["answered 503", answer(503)],
    ["answered 408", answer(408, {})],
    ["answered 404 with a page", page(404)],
  ])("%s rejects `unavailable`, and the present session works on", async (_, handler) => {
    const { server, auth, logouts } = await setup();
    const before = auth.getState();
    server.on("POST /auth/login", handler);
    expect(await failure(auth.login({}))).toMatchObject({ code: "unavailable" });
    expect(auth.getState()).toBe(before);
    expect((await auth.api.get("/me")).status).toBe(200);
    expect(logouts).toEqual([]);
  });

  test("answered 401 with a page is a wrong password all the same", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", page(401));
    expect(await failure(auth.login({}))).toMatchObject({ code: "login_failed", status: 401 });
  });

  test("of a visitor leaves a visitor, without an error in the state", async () => {
    const { auth } = await setup({ signedIn: false });
    await auth.ready();
    await failure(auth.login({ password: "wrong" }));
    expect(auth.getState()).toMatchObject({ status: "unauthenticated", error: null });
  });

  test("needs a second step: the body says which, and the second step signs in", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", answer(200, { mfa: "totp" }));
    const error = await failure(auth.login({ password: "right" }));
    expect(error).toMatchObject({ code: "login_failed", status: 200, data: { mfa: "totp" } });
    server.on("POST /auth/totp", answer(200, { token: "opaque" }));
    const state = await auth.login(({ fetch }) => fetch("/auth/totp", { method: "POST" }));
    expect(state.status).toBe("authenticated");
  });

  test("is sent once: its 401 starts no refresh and no replay", async () => {
    const { server, auth } = await setup();
    await failure(auth.login({ password: "wrong" }));
    expect(server.received("POST /auth/login")).toBe(2);
    expect(server.received("POST /auth/refresh")).toBe(0);
  });
});

describe("credentials", () => {
  const form = (fields: Record<string, string>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return data;
  };

  test.each<[string, object, object, RegExp]>([
    ["fields", { grant: "x" }, { name: "ada" }, /^{"grant":"x","name":"ada"}$/],
    ["a form", new URLSearchParams("grant=x"), { name: "ada" }, /^grant=x&name=ada$/],
    ["fields", { grant: "x" }, new URLSearchParams("name=ada"), /^grant=x&name=ada$/],
    ["a multipart form", form({ grant: "x" }), { name: "ada" }, /"grant"[^]*x[^]*"name"[^]*ada/],
  ])("are added to %s, whatever they are themselves", async (_, body, credentials, sent) => {
    const { server, auth } = await setup({
      signedIn: false,
      login: { url: "/auth/login", body },
    });
    server.on("POST /auth/login", answer(200, { accessToken: "opaque" }));
    await auth.login(credentials);
    expect(server.requests.at(-1)?.body.toString()).toMatch(sent);
  });
});

describe("a login function", () => {
  test("is given fetch with credentials, without keepalive, and a signal", async () => {
    const inits: RequestInit[] = [];
    const { server, auth } = await setup({
      signedIn: false,
      fetch: (url, init) => {
        inits.push({ ...init });
        return fetch(url, init);
      },
    });
    server.on("POST /passkey", answer(200, { token: "opaque" }));
    await auth.login(({ fetch, signal }) => fetch("/passkey", { method: "POST", signal }));
    expect(inits).toMatchObject([{ method: "POST", credentials: "include", keepalive: false }]);
    expect(inits[0]?.signal?.aborted).toBe(false);
  });

  test("may return the body of a success", async () => {
    const { auth } = await setup({ signedIn: false });
    await auth.login(async () => ({ access_token: "opaque", user: { id: 1 } }));
    expect(auth.getState().user).toEqual({ id: 1 });
    expect(await auth.getAccessToken()).toBe("opaque");
  });

  test("that throws what axios throws ends `login_failed` with the server's words", async () => {
    const { auth } = await setup();
    const thrown = Object.assign(new Error("422"), {
      response: { status: 422, data: { field: "email" } },
    });
    const error = await failure(auth.login(() => Promise.reject(thrown)));
    expect(error).toMatchObject({ code: "login_failed", status: 422, data: { field: "email" } });
    expect(error).toHaveProperty("cause", thrown);
  });

  test("that throws without a status ends `unavailable`, with that as the cause", async () => {
    const { auth } = await setup();
    const thrown = new Error("The window was closed.");
    const error = await failure(auth.login(() => Promise.reject(thrown)));
    expect(error).toMatchObject({ code: "unavailable", cause: thrown });
    expect(auth.getState().isAuthenticated).toBe(true);
  });
});

describe("a login that succeeds", () => {
  test("clears the error and ends the pause of an earlier failure", async () => {
    const { server, auth } = await setup();
    server.on("POST /auth/refresh", answer(503));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    server.off("POST /auth/refresh");
    expect(await auth.login({ password: "right" })).toMatchObject({ error: null });
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("after a refusal clears `expiredUser`, and onLogout fires no second time", async () => {
    const { server, auth, logouts } = await setup();
    server.revokeSession();
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState().expiredUser).toMatchObject({ sub: "u1" });
    await auth.login({ password: "right" });
    expect(auth.getState()).toMatchObject({ expiredUser: null, error: null });
    expect(logouts).toEqual(["refused"]);
  });

  test("while another is under way: the one asked for last stands", async () => {
    const { server, auth } = await setup({ signedIn: false });
    const go = deferred();
    const first = auth.login(() => go.promise.then(() => ({ token: "t1", user: { id: 1 } })));
    const second = auth.login(() => ({ token: "t2", user: { id: 2 } }));
    go.resolve();
    await Promise.all([first, second]);
    expect(auth.getState().user).toEqual({ id: 2 });
    expect(server.received()).toBe(0);
  });

  test("after a refresh on the wire: the jar holds the cookie of the login", async () => {
    const { server, auth } = await setup();
    const go = deferred();
    server.on("POST /auth/refresh", after(go.promise));
    const refreshing = auth.getAccessToken({ forceRefresh: true }).catch(() => null);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    server.on("POST /auth/login", () => {
      server.tokens.claims = { sub: "u2" };
      return "default";
    });
    const login = auth.login({ password: "right" });
    go.resolve();
    await Promise.all([refreshing, login]);
    expect(await auth.restore()).toMatchObject({ user: { sub: "u2" } });
  });

  test("after a refresh that is never answered is not held up for ever", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", hang);
    const refreshing = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    server.tokens.claims = { sub: "u2" };
    const login = auth.login({ password: "right" });
    await clock.advance(10_000);
    await refreshing;
    expect(await login).toMatchObject({ user: { sub: "u2" } });
  });
});

describe("login", () => {
  test("resolves with the state, and the user comes from the claims without the token's own", async () => {
    const { auth } = await setup({ signedIn: false });
    const state = await auth.login({ password: "right" });
    expect(state).toMatchObject({ status: "authenticated", isAuthenticated: true });
    expect(state.user).toEqual({ sub: "u1", name: "Ada" });
  });

  test("with a wrong password rejects with the server's words, and leaves the session alone", async () => {
    const { auth, logouts } = await setup();
    const before = auth.getState();
    await expect(auth.login({ password: "wrong" })).rejects.toMatchObject({
      code: "login_failed",
      status: 401,
      data: { error: "wrong password" },
    });
    expect(auth.getState()).toBe(before);
    expect(logouts).toEqual([]);
  });

  test.each([
    [409, "login_failed"],
    [404, "login_failed"],
    [429, "login_failed"],
    [500, "unavailable"],
  ])("answered %i rejects %s", async (status, code) => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", (_, response) => sendJSON(response, status, { why: 1 }));
    await expect(auth.login({})).rejects.toMatchObject({ code, status });
  });

  test("that needs a second factor rejects with the body, so that the app can go on", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", (_, response) => sendJSON(response, 200, { mfa: "totp" }));
    await expect(auth.login({})).rejects.toMatchObject({
      code: "login_failed",
      data: { mfa: "totp" },
    });
  });

  test("that meets a limit says when to try again", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.on("POST /auth/login", (_, response) => {
      response.setHeader("retry-after", "30");
      sendJSON(response, 429, {});
    });
    const retryAt = clock.platform.now() + 30_000;
    await expect(auth.login({})).rejects.toMatchObject({ code: "login_failed", retryAt });
  });

  test("takes a form as it is", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", (_, response) => sendJSON(response, 200, { token: "opaque" }));
    await auth.login(new URLSearchParams({ username: "ada", password: "a b" }));
    const sent = server.requests.at(-1);
    expect(sent?.headers["content-type"]).toContain("application/x-www-form-urlencoded");
    expect(sent?.body.toString()).toBe("username=ada&password=a+b");
  });

  test("that is not answered rejects `timeout`", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.on("POST /auth/login", () => {});
    const waiting = auth.login({}).catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/login")).toBe(1);
    await clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: "timeout" });
  });

  test("takes a function that gets the session in another way", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /signup", (_, response) => sendJSON(response, 200, { token: "opaque" }));
    await auth.login(({ fetch }) => fetch("/signup", { method: "POST" }));
    expect(await auth.getAccessToken()).toBe("opaque");
  });

  test("of another user is a switch: onLogout once, and the old requests end", async () => {
    const { server, auth, logouts } = await setup();
    server.on("/slow", () => {});
    const old = auth.api.get("/slow").catch((error: unknown) => error);
    await expect.poll(() => server.received("/slow")).toBe(1);
    server.tokens.claims = { sub: "u2", name: "Grace" };
    await auth.login({ password: "right" });
    expect(await old).toMatchObject({ code: "ERR_CANCELED", cause: { code: "session_ended" } });
    expect(logouts).toEqual(["switched"]);
    expect(auth.getState().user).toMatchObject({ name: "Grace" });
  });

  test("as the same user goes on with the session", async () => {
    const { auth, logouts } = await setup();
    await auth.login({ password: "right" });
    expect(logouts).toEqual([]);
  });

  test("waits for a refresh on the wire, and is not undone by it", async () => {
    const { server, auth, clock } = await setup();
    const held = deferred<"default">();
    server.on("POST /auth/refresh", () => held.promise);
    const refreshing = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    const login = auth.login({ password: "right" });
    await clock.advance(100);
    expect(server.received("POST /auth/login")).toBe(1);
    held.resolve("default");
    await Promise.all([refreshing, login]);
    expect(server.received("POST /auth/login")).toBe(2);
    expect(server.requests.at(-1)?.path).toBe("/auth/login");
  });
});
