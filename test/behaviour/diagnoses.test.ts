import { AxiosError } from "axios";
import { build } from "vite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answer, page as aPage, drop } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { guardedLogout } from "../support/guardedLogout.js";
import { setup, type Setup } from "../support/setup.js";

type Options = Parameters<typeof setup>[0];

let sentences: string[] = [];

beforeEach(() => {
  sentences = [];
  vi.spyOn(console, "warn").mockImplementation((sentence: string) => sentences.push(sentence));
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** In a page of the API's own origin, or of another. */
async function setupInPage(options: Options & { elsewhere?: string } = {}): Promise<Setup> {
  const { elsewhere, ...rest } = options;
  let documentURL = elsewhere ?? "";
  const world = await setup({
    signedIn: false,
    ...rest,
    platform: { documentURL: () => documentURL || undefined },
  });
  documentURL ||= `${world.server.url}/orders`;
  // The answers bear the time of today.
  world.clock.setWallClock(Date.now());
  world.server.tokens.now = () => Date.now();
  return world;
}

const signIn = ({ auth }: Setup) => auth.login({ password: "right" });

describe("in development the console names", () => {
  test("a sign-in whose answer has no token where one is looked for, and where it is", async () => {
    const world = await setupInPage();
    const idToken = makeJWT({ sub: "u1" });
    world.server.on("POST /auth/login", answer(200, { payload: { idToken }, ok: true }));
    await failure(signIn(world));
    expect(sentences).toEqual([expect.stringContaining("is in `payload.idToken`")]);
    expect(sentences[0]).toContain("from `readSession`");
    expect(sentences[0]).not.toContain(idToken);
  });

  test("its fields, if nothing in it looks like a token", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, { ok: true, mfa: "required" }));
    await failure(signIn(world));
    expect(sentences).toEqual([expect.stringContaining("Its fields are: ok, mfa")]);
  });

  test("a token that no header may hold, such as Sanctum's", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, { token: "7|secret" }));
    await failure(signIn(world));
    expect(sentences).toEqual([expect.stringContaining("no Bearer header may hold")]);
    expect(sentences[0]).not.toContain("secret");
  });

  test("a refresh cookie that does not arrive", async () => {
    const world = await setupInPage({ fetch: (url, init) => fetch(url, init) });
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(sentences).toEqual([expect.stringContaining("the cookie seems not to arrive")]);
    expect(sentences[0]).toContain(`${world.server.url}/auth/refresh`);
    expect(sentences[0]).not.toContain("SameSite");
  });

  test("what else such a cookie needs from another origin", async () => {
    const world = await setupInPage({
      elsewhere: "https://app.example.com/",
      fetch: (url, init) => fetch(url, init),
    });
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(sentences).toEqual([expect.stringContaining("SameSite=None; Secure")]);
  });

  test.each([404, 405])("a refresh endpoint that is not there (%i)", async (status) => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", answer(status));
    await world.auth.ready().catch(() => {});
    expect(sentences).toEqual([
      expect.stringContaining(`${world.server.url}/auth/refresh answered ${status}`),
    ]);
  });

  test("a logout endpoint that is not there", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/logout", answer(404));
    await signIn(world);
    await world.auth.logout();
    expect(sentences).toEqual([expect.stringContaining("or to `false`")]);
  });

  test.each([401, 403])("a logout endpoint that wants the access token (%i)", async (status) => {
    const world = await setupInPage();
    world.server.on("POST /auth/logout", guardedLogout(world.server, status));
    await signIn(world);
    const token = await world.auth.getAccessToken();
    expect(await world.auth.logout()).toEqual({ serverTold: true });
    await signIn(world);
    await world.auth.logout();
    expect(sentences).toEqual([expect.stringContaining("`logout: { url, sendToken: true }`")]);
    expect(sentences[0]).toContain(`${world.server.url}/auth/logout answered ${status}`);
    expect(sentences[0]).not.toContain(token);
  });

  test("a logout function that does not send the access token", async () => {
    const world = await setupInPage({ logout: ({ fetch }) => fetch("/auth/logout") });
    world.server.on("GET /auth/logout", guardedLogout(world.server));
    await signIn(world);
    await world.auth.logout();
    expect(sentences).toEqual([
      expect.stringContaining("Send the `accessToken` that the function"),
    ]);
  });

  test("a web server that answers in place of the API", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", aPage(200));
    await world.auth.ready().catch(() => {});
    expect(sentences).toEqual([expect.stringContaining("that is the web server, not the API")]);
  });

  test.each([
    ["Vite's word", 502, answer(502, undefined, { "content-type": "text/plain" })],
    ["a gateway's page", 502, aPage(502)],
    ["a proxy's word", 504, answer(504, "Error occurred while trying to proxy")],
  ])("a proxy that reaches no API (%s, %i)", async (_, status, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", handler);
    world.server.on("POST /auth/login", handler);
    await world.auth.ready().catch(() => {});
    await failure(signIn(world));
    expect(sentences).toEqual([
      expect.stringContaining(
        `${world.server.url}/auth/refresh answered ${status}: the proxy reached no API. Start`,
      ),
    ]);
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
    expect(sentences).toEqual([expect.stringContaining(`\`user\` is ${shown}`)]);
    expect(sentences[0]).toContain(`${world.server.url}/auth/refresh answered no user`);
    expect(sentences[0]).toContain(
      "Let the refresh answer `user` too, or load it in `readSession`",
    );
  });

  test("a reload after which `user` is null, for the token is no JWT", async () => {
    const world = await setupInPage();
    world.server.tokens.make = () => "opaque";
    world.server.tokens.body = { expires_in: 900 };
    world.server.signInBefore();
    await world.auth.ready();
    expect(sentences).toEqual([expect.stringContaining("`user` is null")]);
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
    expect(sentences).toEqual([expect.stringContaining("answered no user")]);
  });

  test("an auth server on another origin whose answers no script may see", async () => {
    const world = await setupInPage({
      elsewhere: "https://app.example.com/",
      fetch: () => Promise.reject(new TypeError("Failed to fetch")),
    });
    await world.auth.ready().catch(() => {});
    expect(sentences).toEqual([
      expect.stringContaining("Access-Control-Allow-Origin: https://app.example.com"),
    ]);
  });

  test("an API on another origin whose 401s no script may see", async () => {
    const world = await setupInPage({ elsewhere: "https://app.example.com/" });
    await signIn(world);
    await world.auth.api.get("/me");
    // A browser says no more than this of an answer without CORS headers.
    const silent = () => Promise.reject(new AxiosError("Network Error", "ERR_NETWORK"));
    await failure(world.auth.api.get("/me", { adapter: silent }));
    expect(sentences).toEqual([expect.stringContaining("the API's errors lack the CORS headers")]);
    expect(sentences[0]).toContain("GET /me");
  });

  test("a refresh function that sends through the client it refreshes for", async () => {
    const world: Setup = await setupInPage({
      refreshTimeoutMs: 50,
      refresh: async () => {
        const { data } = await world.auth.api.post<unknown>("/auth/refresh");
        return data;
      },
    });
    await signIn(world);
    const forced = failure(world.auth.getAccessToken({ forceRefresh: true }));
    await world.clock.advance(100);
    await forced;
    expect(sentences).toEqual([
      expect.stringContaining("Use the `fetch` that the function is given"),
    ]);
  });

  test.each([
    ["is no JWT", "opaque", undefined],
    ["has no `exp`", makeJWT({ sub: "u1" }), undefined],
    ["has no `iat`", makeJWT({ sub: "u1", exp: 1e10 }), ""],
  ])("a token whose end cannot be known: it %s", async (why, token, date) => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, { token }, date === "" ? { date } : {}));
    await signIn(world);
    expect(sentences).toEqual([expect.stringContaining(why)]);
    expect(sentences[0]).toContain("Return `expiresInSeconds`");
    expect(sentences[0]).not.toContain(token);
  });

  test("two names for this machine", async () => {
    const world = await setupInPage({ elsewhere: "http://localhost:5173/" });
    await signIn(world);
    expect(sentences).toEqual([
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
    expect(sentences).toEqual([expect.stringContaining(sentence)]);
  });

  test("each mistake once", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, { ok: true }));
    for (let times = 0; times < 3; times += 1) await failure(signIn(world));
    expect(sentences).toHaveLength(1);
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
    expect(sentences).toEqual([]);
  });

  test("of a session that the server ended later", async () => {
    const world = await setupInPage();
    await signIn(world);
    await world.auth.getAccessToken({ forceRefresh: true });
    world.server.revokeSession();
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(sentences).toEqual([]);
  });

  test.each([
    ["a refresh that answers a visitor 200 with nothing", answer(200, {})],
    ["an auth server that is down", answer(503)],
    ["an API that says itself what it waits for", answer(502, { error: "no database" })],
    ["a word", answer(200, "OK")],
    ["a refresh token alone", answer(200, { refreshToken: makeJWT({ sub: "u1" }) })],
    ["a connection that breaks", drop],
  ])("of %s", async (_, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", handler);
    await world.auth.ready().catch(() => {});
    expect(sentences).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, Options?]>([
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
    expect(sentences).toEqual([]);
  });

  test("of a refresh that answers no user, while the one of the sign-in is kept", async () => {
    const world = await setupInPage();
    world.server.tokens.claims = { sub: "u1" };
    world.server.tokens.body = { user: { id: "u1", name: "Ada" } };
    await signIn(world);
    world.server.tokens.body = {};
    await world.auth.getAccessToken({ forceRefresh: true });
    expect(world.auth.getState().user).toMatchObject({ name: "Ada" });
    expect(sentences).toEqual([]);
  });

  test("of a sign-in that answers no user", async () => {
    const world = await setupInPage();
    world.server.tokens.claims = { sub: "u1" };
    await signIn(world);
    expect(sentences).toEqual([]);
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
    expect(sentences).toEqual([]);
  });

  test("of an API that never answered: it may be down", async () => {
    const world = await setupInPage({ elsewhere: "https://app.example.com/" });
    await signIn(world);
    const silent = () => Promise.reject(new AxiosError("Network Error", "ERR_NETWORK"));
    await failure(world.auth.api.get("/me", { adapter: silent }));
    expect(sentences).toEqual([]);
  });

  test("of a wrong password", async () => {
    const world = await setupInPage();
    await failure(world.auth.login({ password: "wrong" }));
    expect(sentences).toEqual([]);
  });

  test.each([
    ["an opaque token with a lifetime", {}, { token: "opaque", expires_in: 900 }],
    ["an opaque token that a function renews", { refresh: () => ({}) }, { token: "opaque" }],
  ])("of %s", async (_, options, body) => {
    const world = await setupInPage(options);
    world.server.on("POST /auth/login", answer(200, body));
    await signIn(world);
    expect(sentences).toEqual([]);
  });

  test("of an error that an API on another origin answers", async () => {
    const world = await setupInPage({ elsewhere: "https://app.example.com/" });
    await signIn(world);
    await world.auth.api.get("/me");
    world.server.on("/me", answer(500));
    await failure(world.auth.api.get("/me"));
    expect(sentences).toEqual([]);
  });

  test("of a token that had expired when it came", async () => {
    const world = await setupInPage();
    world.server.tokens.lifetimeSeconds = -10;
    await signIn(world);
    expect(sentences).toEqual([]);
  });

  test("of an endpoint that another status says is there", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", answer(415));
    await world.auth.ready().catch(() => {});
    expect(sentences).toEqual([]);
  });

  test("where it cannot look: a URL that is none fails as ever", async () => {
    const { auth } = await setupInPage({ login: "https://[" });
    expect(await failure(auth.login({}))).toMatchObject({ code: "unavailable" });
    expect(sentences).toEqual([]);
  });

  test("where there is no page", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", answer(200, { ok: true }));
    await failure(auth.login({}));
    expect(sentences).toEqual([]);
  });
});

describe("of these sentences", () => {
  async function bundle(mode: string): Promise<string> {
    const result = await build({
      configFile: false,
      logLevel: "silent",
      define: { "process.env.NODE_ENV": JSON.stringify(mode) },
      build: {
        write: false,
        lib: { entry: "src/index.ts", formats: ["es"] },
        rolldownOptions: { external: [/^react/, /^@tanstack/, /^axios/] },
      },
    });
    // One entry, one format, not watched: vite's type allows more.
    const [{ output }] = result as unknown as [{ output: { code: string }[] }];
    return output.map(({ code }) => code).join("\n");
  }
  const words = [
    "network panel",
    "seems not to arrive",
    "readSession`",
    "clock of this device",
    "two sites",
    "proxy reached no API",
    "answered no user",
    "must be ",
    "did you mean",
  ];

  test("none is in a production bundle", async () => {
    const [development, production] = [await bundle("development"), await bundle("production")];
    expect(words.filter((word) => !development.includes(word))).toEqual([]);
    expect(words.filter((word) => production.includes(word))).toEqual([]);
  });
});
