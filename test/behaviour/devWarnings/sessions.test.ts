import { createAuth } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { answer } from "../../support/answers.js";
import { makeJWT } from "../../support/authServer.js";
import { listenToConsole, setupInPage, signIn } from "../../support/devPage.js";
import { failure } from "../../support/failure.js";
import type { SetupOptions } from "../../support/setup.js";

const opaque = { token: "opaque", user: { id: "u1" } };

const heard = listenToConsole();

describe("in development the console names", () => {
  test("a sign-in whose answer has no token where one is looked for, and where it is", async () => {
    const world = await setupInPage();
    const idToken = makeJWT({ sub: "u1" });
    world.server.on("POST /auth/login", answer(200, { payload: { idToken }, ok: true }));
    await failure(signIn(world));
    expect(heard.sentences).toEqual([expect.stringContaining("is in `payload.idToken`")]);
    expect(heard.sentences[0]).toContain("from `readSession`");
    expect(heard.sentences[0]).not.toContain(idToken);
  });

  test("its fields, if nothing in it looks like a token", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, { ok: true, mfa: "required" }));
    await failure(signIn(world));
    expect(heard.sentences).toEqual([expect.stringContaining("Its fields are: ok, mfa")]);
  });

  test("a token that no header may hold, such as Sanctum's", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, { token: "7|secret" }));
    await failure(signIn(world));
    expect(heard.sentences).toEqual([expect.stringContaining("no Bearer header may hold")]);
    expect(heard.sentences[0]).not.toContain("secret");
  });

  test("a refresh cookie that does not arrive", async () => {
    const world = await setupInPage({ fetch: (url, init) => fetch(url, init) });
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(heard.sentences).toEqual([expect.stringContaining("the cookie seems not to arrive")]);
    expect(heard.sentences[0]).toContain(`${world.server.url}/auth/refresh`);
    expect(heard.sentences[0]).not.toContain("SameSite");
  });

  test("what else such a cookie needs from another origin", async () => {
    const world = await setupInPage({
      elsewhere: "https://app.example.com/",
      fetch: (url, init) => fetch(url, init),
    });
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(heard.sentences).toEqual([expect.stringContaining("SameSite=None; Secure")]);
  });

  test.each([
    ["refreshToken", { refreshToken: "secret" }],
    ["tokens.refresh_token", { tokens: { refresh_token: "secret" } }],
    ["refresh", { refresh: "secret" }],
  ])("a refresh token that the sign-in answers in its body: %s", async (field, body) => {
    const world = await setupInPage({ fetch: (url, init) => fetch(url, init) });
    world.server.tokens.body = body;
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(heard.sentences).toEqual([
      expect.stringContaining(`a refresh token in its body (\`${field}\`)`),
    ]);
    expect(heard.sentences[0]).toContain("HttpOnly cookie");
    expect(heard.sentences[0]).not.toMatch(/secret|seems not to arrive/);
  });

  test.each([
    ["by its header", answer(401, {}, { "www-authenticate": "Bearer" })],
    ["in the words of FastAPI", answer(401, { detail: "Not authenticated" })],
    ["in the words of Flask", answer(401, { msg: "Missing Authorization Header" })],
  ])("a refresh behind the guard of the API, which says so %s", async (_, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", handler);
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(heard.sentences).toEqual([expect.stringContaining("behind the guard of the API")]);
    expect(heard.sentences[0]).toContain("`refresh: { url, sendToken: true }`");
  });

  test("a cookie over http, which cannot be Secure", async () => {
    const world = await setupInPage({
      elsewhere: "http://192.168.0.7:5173/",
      baseURL: "/api",
      login: () => ({ accessToken: makeJWT({ sub: "u1", iat: 1, exp: 901 }) }),
      fetch: () => Promise.resolve(new Response("{}", { status: 401 })),
    });
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(heard.sentences).toEqual([
      expect.stringContaining("no Secure cookie that comes over http"),
    ]);
  });

  test.each([
    ["an opaque token", { token: "opaque", expires_in: 900 }, "its token is no JWT"],
    [
      "a token of the role alone",
      { token: makeJWT({ role: "admin", iat: 1, exp: 901 }) },
      "no claim that names a person (role)",
    ],
  ])("a session in which nothing tells one person from another: %s", async (_, body, why) => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, body));
    await signIn(world);
    await signIn(world);
    expect(heard.sentences).toEqual([expect.stringContaining(why)]);
    expect(heard.sentences[0]).toContain("give createAuth `identify`");
    expect(heard.sentences[0]).not.toContain(body.token);
  });

  test("an `identify` that tells nobody apart", async () => {
    const world = await setupInPage({ identify: () => undefined });
    world.server.on("POST /auth/login", answer(200, { token: "opaque", expires_in: 900 }));
    await signIn(world);
    expect(heard.sentences).toEqual([expect.stringContaining("let `identify` return")]);
  });

  test("two Auths of one app in one page, which take turns", async () => {
    const world = await setupInPage();
    const other = createAuth(
      { baseURL: world.server.url, fetch: world.server.fetch },
      world.clock.platform,
    );
    onTestFinished(other.dispose);
    for (const auth of [world.auth, other, world.auth, other]) await signIn({ auth });
    expect(heard.sentences).toEqual([expect.stringContaining("Two Auths of this page take turns")]);
    expect(heard.sentences[0]).toContain("`tabs: { name }`");
  });

  test.each([
    ["ids alone", { sub: "u1", user_id: 7 }, "the token's claims alone (sub, user_id)"],
    [
      "what is about the token",
      { iss: "api", aud: "app", sub: "u1", sid: "s1", scope: "read", token_type: "access" },
      "the token's claims alone (iss, aud, sub, sid, scope, token_type)",
    ],
  ])("a reload after which `user` is no more than claims: %s", async (_, claims, shown) => {
    const world = await setupInPage();
    world.server.tokens.claims = claims;
    world.server.signInBefore();
    await world.auth.ready();
    expect(heard.sentences).toEqual([expect.stringContaining(`\`user\` is ${shown}`)]);
    expect(heard.sentences[0]).toContain(`${world.server.url}/auth/refresh answered no user`);
    expect(heard.sentences[0]).toContain(
      "Let the refresh answer `user` too, or load it in a `refresh` function",
    );
  });

  test("a reload after which `user` is null, because the token is no JWT", async () => {
    const world = await setupInPage();
    world.server.tokens.make = () => "opaque";
    world.server.tokens.body = { expires_in: 900 };
    world.server.signInBefore();
    await world.auth.ready();
    expect(heard.sentences).toEqual([expect.stringContaining("`user` is null")]);
    expect(heard.sentences[0]).toContain("Let the answer hold a `user` with an `id`");
  });

  test("that also where the session is restored after a logout", async () => {
    const world = await setupInPage();
    world.server.tokens.claims = { sub: "u1" };
    world.server.tokens.body = { user: { id: "u1", name: "Ada" } };
    await signIn(world);
    await world.auth.logout();
    world.server.tokens.body = {};
    world.server.signInBefore();
    await world.auth.restore();
    expect(heard.sentences).toEqual([expect.stringContaining("answered no user")]);
  });

  test.each([
    ["is no JWT", "opaque", undefined],
    ["has no `exp`", makeJWT({ sub: "u1" }), undefined],
    ["has no `iat`", makeJWT({ sub: "u1", exp: 1e10 }), ""],
  ])("a token whose end cannot be known: it %s", async (why, token, date) => {
    const world = await setupInPage();
    world.server.on(
      "POST /auth/login",
      answer(200, { token, user: { id: "u1" } }, date === "" ? { date } : {}),
    );
    await signIn(world);
    expect(heard.sentences).toEqual([expect.stringContaining(why)]);
    expect(heard.sentences[0]).toContain("Return `expiresInSeconds`");
    expect(heard.sentences[0]).not.toContain(token);
  });

  test("two names for this machine", async () => {
    const world = await setupInPage({ elsewhere: "http://localhost:5173/" });
    await signIn(world);
    expect(heard.sentences).toEqual([
      expect.stringContaining("The page is on localhost and the API on 127.0.0.1"),
    ]);
  });

  test.each([
    [-10, "10 min behind"],
    [10, "10 min ahead of"],
  ])("a clock that is %i minutes off", async (minutes, sentence) => {
    const world = await setupInPage();
    world.clock.setWallClock(Date.now() + minutes * 60_000);
    await signIn(world);
    expect(heard.sentences).toEqual([expect.stringContaining(sentence)]);
  });
});

describe("in development the console says nothing", () => {
  test("of a visitor, nor of a whole session that works", async () => {
    const world = await setupInPage();
    await world.auth.ready();
    await signIn(world);
    world.server.expireTokens();
    await world.auth.api.get("/me");
    await world.auth.logout();
    expect(heard.sentences).toEqual([]);
  });

  test("of a session that the server ended later", async () => {
    const world = await setupInPage();
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    world.server.revokeSession();
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(heard.sentences).toEqual([]);
  });

  test("of a refresh token in the body beside a cookie that arrives", async () => {
    const world = await setupInPage();
    world.server.tokens.body = { refreshToken: "secret" };
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    world.server.revokeSession();
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(heard.sentences).toEqual([]);
  });

  test.each<[string, SetupOptions | undefined]>([
    ["an Auth that another replaces, as Fast Refresh does", undefined],
    ["an Auth with a name of its own", { tabs: { name: "admin" } }],
    ["an Auth that is for itself", { tabs: false }],
  ])("of %s", async (_, options) => {
    const world = await setupInPage(options);
    const { server, clock } = world;
    const other = createAuth({ baseURL: server.url, fetch: server.fetch }, clock.platform);
    onTestFinished(other.dispose);
    await signIn(world);
    await signIn({ auth: other });
    if (options) await signIn(world);
    expect(heard.sentences).toEqual([]);
  });

  test("of an Auth that is disposed of before the other goes on", async () => {
    const world = await setupInPage();
    const { server, clock } = world;
    const other = createAuth({ baseURL: server.url, fetch: server.fetch }, clock.platform);
    await signIn(world);
    await signIn({ auth: other });
    other.dispose();
    await signIn(world);
    expect(heard.sentences).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, SetupOptions?]>([
    ["claims that hold a name", { sub: "u1", preferred_username: "ada" }, {}],
    ["claims that hold an address", { sub: "ada@example.com" }, {}],
    ["claims of the app's own", { sub: "u1", plan: "pro" }, {}],
    ["a refresh that answers the user", { sub: "u1" }, { user: { name: "Ada" } }],
    [
      "a user whom `readSession` loads",
      { sub: "u1" },
      {},
      {
        readSession: (data) => ({
          ...(data as { accessToken: string }),
          user: { name: "Ada" },
        }),
      },
    ],
  ])("of a reload that brings %s", async (_, claims, body, options) => {
    const world = await setupInPage(options);
    world.server.tokens.claims = claims;
    world.server.tokens.body = body;
    world.server.signInBefore();
    await world.auth.ready();
    expect(world.auth.getState().status).toBe("authenticated");
    expect(heard.sentences).toEqual([]);
  });

  test("of a refresh that answers no user, while the one of the sign-in is kept", async () => {
    const world = await setupInPage();
    world.server.tokens.claims = { sub: "u1" };
    world.server.tokens.body = { user: { id: "u1", name: "Ada" } };
    await signIn(world);
    world.server.tokens.body = {};
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(world.auth.getState().user).toMatchObject({ name: "Ada" });
    expect(heard.sentences).toEqual([]);
  });

  test("of a sign-in that answers no user", async () => {
    const world = await setupInPage();
    world.server.tokens.claims = { sub: "u1" };
    await signIn(world);
    expect(heard.sentences).toEqual([]);
  });

  test("of backends whose refresh needs no cookie", async () => {
    for (const refresh of [
      { url: "/auth/refresh", sendToken: true },
      () => new Response(null, { status: 401 }),
    ]) {
      const world = await setupInPage({ refresh, fetch: (url, init) => fetch(url, init) });
      await signIn(world);
      await world.auth.getAccessToken({ forceRefresh: true });
    }
    expect(heard.sentences).toEqual([]);
  });

  test.each([
    ["an opaque token with a lifetime", {}, { ...opaque, expires_in: 900 }],
    ["an opaque token that a function renews", { refresh: () => ({}) }, opaque],
  ])("of %s", async (_, options, body) => {
    const world = await setupInPage(options);
    world.server.on("POST /auth/login", answer(200, body));
    await signIn(world);
    expect(heard.sentences).toEqual([]);
  });

  test("of a token that had expired when it came", async () => {
    const world = await setupInPage();
    world.server.tokens.lifetimeSeconds = -10;
    await signIn(world);
    expect(heard.sentences).toEqual([]);
  });
});
