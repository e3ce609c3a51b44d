import { describe, expect, test } from "vitest";
import { answer, drop, page } from "../../support/answers.js";
import { makeJWT } from "../../support/authServer.js";
import { listenToConsole, setupInPage, signIn } from "../../support/devPage.js";
import { failure } from "../../support/failure.js";
import { guardedLogout } from "../../support/guardedLogout.js";
import { setup } from "../../support/setup.js";

const heard = listenToConsole();

describe("in development the console names", () => {
  test.each([404, 405])("a refresh endpoint that is not there (%i)", async (status) => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", answer(status));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([
      expect.stringContaining(`${world.server.url}/auth/refresh answered ${status}`),
    ]);
  });

  test.each([
    ["Express", page(404)],
    [
      "NestJS",
      answer(404, { message: "Cannot POST /auth/login", error: "Not Found", statusCode: 404 }),
    ],
    ["FastAPI", answer(404, { detail: "Not Found" })],
    ["Spring", answer(404, { status: 404, error: "Not Found", path: "/auth/login" })],
    ["Fastify", answer(404, { message: "Route POST:/auth/login not found", error: "Not Found" })],
    ["ASP.NET", answer(404)],
    ["another method", answer(405, { error: "nobody of that name" })],
  ])("a login endpoint that is not there (%s)", async (_, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", handler);
    await failure(signIn(world));
    expect(heard.sentences).toEqual([expect.stringMatching(/\/auth\/login answered 40[45]/)]);
    expect(heard.sentences[0]).toContain("`login` to a URL, a request or a function");
  });

  test("an endpoint function that calls what is not there", async () => {
    const world = await setupInPage({ refresh: ({ fetch }) => fetch("/session") });
    world.server.on("/session", answer(404));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([
      expect.stringContaining("URL or the method that the function"),
    ]);
  });

  test("a login given as a function that calls what is not there, and not the login endpoint", async () => {
    const { auth, server } = await setupInPage({ baseURL: "/api" });
    server.on("/api/api/auth/bob", answer(404));
    server.on("/api/auth/login", answer(404));
    await failure(auth.login(({ fetch }) => fetch("/api/auth/bob", { method: "POST" })));
    expect(heard.sentences).toEqual([
      expect.stringMatching(/the `login` function answered 404.*URL or the method/),
    ]);
    // The next login is the endpoint's again.
    await failure(auth.login({}));
    expect(heard.sentences.at(-1)).toContain("/api/auth/login answered 404");
  });

  test("an endpoint with the path of `baseURL` in it, which is then there twice", async () => {
    const world = await setupInPage({ baseURL: "/api", refresh: "/api/auth/refresh" });
    world.server.on("/api/api/auth/refresh", answer(404));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([
      expect.stringContaining('Write `refresh` as "/auth/refresh"'),
    ]);
  });

  test("a dev server without a proxy: the cure is not another path", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", answer(404));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([expect.stringContaining("in Vite with `server.proxy`")]);
    expect(heard.sentences[0]).toContain("set `baseURL` to the API's address");
  });

  test("a path that the API itself does not know: the cure is no proxy", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", answer(404, { error: "no such path" }));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([expect.stringContaining("Set `refresh` to a URL")]);
    expect(heard.sentences[0]).not.toContain("proxy");
  });

  test("a path that an API on another origin does not know: neither", async () => {
    const world = await setupInPage({ elsewhere: "https://app.example.com/" });
    world.server.on("POST /auth/refresh", answer(404));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([expect.stringContaining("Set `refresh` to a URL")]);
    expect(heard.sentences[0]).not.toContain("proxy");
  });

  test("a login that takes no JSON", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(415, {}));
    await failure(signIn(world));
    expect(heard.sentences).toEqual([expect.stringContaining("a URLSearchParams or a FormData")]);
  });

  test("a login that reads a form, and found nothing in the JSON", async () => {
    const world = await setupInPage();
    const missing = (field: string) => ({ type: "missing", loc: ["body", field], msg: "required" });
    const detail = [missing("username"), missing("password")];
    world.server.on("POST /auth/login", answer(422, { detail }));
    await failure(signIn(world));
    expect(heard.sentences).toEqual([
      expect.stringContaining("it found no `username` and no `password`"),
    ]);
    expect(heard.sentences[0]).toContain("for a form give login() a URLSearchParams");
  });

  test.each([
    ["Django REST framework", answer(403, { detail: "CSRF Failed: CSRF cookie not set." })],
    ["Laravel", answer(419, { message: "Page expired." })],
  ])("an API that wants a CSRF token (%s)", async (_, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", handler);
    await failure(signIn(world));
    expect(heard.sentences).toEqual([expect.stringContaining("`csrf: { cookie, header }`")]);
  });

  test.each([403, 419])("a cookie of `csrf` that no script can read (%i)", async (status) => {
    const world = await setupInPage({ csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" } });
    world.server.on("POST /auth/refresh", answer(status, {}));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([expect.stringContaining("there is no cookie `XSRF-TOKEN`")]);
  });

  test("a page on https that calls an API on http", async () => {
    const world = await setupInPage({
      elsewhere: "https://app.example.com/",
      baseURL: "http://api.example.com",
      fetch: () => Promise.reject(new TypeError("Failed to fetch")),
    });
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([expect.stringContaining("no page on https call http")]);
  });

  test("a logout endpoint that is not there", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/logout", answer(404));
    await signIn(world);
    await world.auth.logout();
    expect(heard.sentences).toEqual([expect.stringContaining("or to `false`")]);
  });

  test.each([401, 403])("a logout endpoint that wants the access token (%i)", async (status) => {
    const world = await setupInPage();
    world.server.on("POST /auth/logout", guardedLogout(world.server, status));
    await signIn(world);
    const token = await world.auth.getAccessToken();
    expect(await world.auth.logout()).toEqual({ serverTold: true });
    await signIn(world);
    await world.auth.logout();
    expect(heard.sentences).toEqual([
      expect.stringContaining("`logout: { url, sendToken: true }`"),
    ]);
    expect(heard.sentences[0]).toContain(`${world.server.url}/auth/logout answered ${status}`);
    expect(heard.sentences[0]).not.toContain(token);
  });

  test("a logout function that does not send the access token", async () => {
    const world = await setupInPage({ logout: ({ fetch }) => fetch("/auth/logout") });
    world.server.on("GET /auth/logout", guardedLogout(world.server));
    await signIn(world);
    await world.auth.logout();
    expect(heard.sentences).toEqual([
      expect.stringContaining("Send the `accessToken` that the function"),
    ]);
  });

  test("a web server that answers in place of the API", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", page(200));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([
      expect.stringContaining("that is the web server, not the API"),
    ]);
  });

  test.each([
    ["Vite's word", 502, answer(502, undefined, { "content-type": "text/plain" })],
    ["a gateway's page", 502, page(502)],
    ["the word of Vite 5 to 7", 500, answer(500, undefined, { "content-type": "text/plain" })],
    ["the word of a rewrite in Next.js", 500, answer(500, "Internal Server Error")],
    ["a proxy's word", 504, answer(504, "Error occurred while trying to proxy")],
  ])("a proxy that reaches no API (%s, %i)", async (_, status, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", handler);
    world.server.on("POST /auth/login", handler);
    await world.auth.ready().catch(() => {});
    await failure(signIn(world));
    expect(heard.sentences).toEqual([
      expect.stringContaining(
        `${world.server.url}/auth/refresh answered ${status}: the proxy reached no API. Start`,
      ),
    ]);
  });

  test("an auth server on another origin whose answers no script may see", async () => {
    const world = await setupInPage({
      elsewhere: "https://app.example.com/",
      fetch: () => Promise.reject(new TypeError("Failed to fetch")),
    });
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([
      expect.stringContaining("Access-Control-Allow-Origin: https://app.example.com"),
    ]);
  });

  test("each mistake once", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", answer(200, { ok: true }));
    for (let times = 0; times < 3; times += 1) await failure(signIn(world));
    expect(heard.sentences).toHaveLength(1);
  });
});

describe("in development the console says nothing", () => {
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
    expect(heard.sentences).toEqual([]);
  });

  test.each([
    ["a word on the user", answer(404, { error: "no such user" })],
    [
      "a framework's word with one on the user",
      answer(404, { message: "User not found", error: "Not Found", statusCode: 404 }),
    ],
    ["a code of the app's own", answer(404, { code: "unknown_user" })],
    ["a wrong password", answer(401, { error: "wrong password" })],
    ["a name already taken", answer(409, { error: "taken" })],
    ["an account that is locked", answer(403, { error: "locked" })],
    [
      "credentials that are too short",
      answer(422, { detail: [{ type: "too_short", loc: ["body", "password"] }] }),
    ],
  ])("of a login that answers %s", async (_, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/login", handler);
    await failure(signIn(world));
    expect(heard.sentences).toEqual([]);
  });

  test.each([
    ["in JSON", answer(500, { error: "no database" })],
    ["as a text", answer(500, "no database", { "content-type": "text/plain" })],
    [
      "as Starlette does",
      answer(500, "Internal Server Error", { "content-type": "text/plain; charset=utf-8" }),
    ],
  ])("of an API that fails by itself, %s", async (_, handler) => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", handler);
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([]);
  });

  test("of a 403 where the cookie of `csrf` is there", async () => {
    const world = await setupInPage({
      csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" },
      platform: { readCookie: () => "1" },
    });
    world.server.on("POST /auth/refresh", answer(403, {}));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([]);
  });

  test("of a logout that leads to a page", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/logout", page(200));
    await signIn(world);
    expect(await world.auth.logout()).toEqual({ serverTold: true });
    expect(heard.sentences).toEqual([]);
  });

  test("of a 404 that `isRefused` takes for the answer to a visitor", async () => {
    const world = await setupInPage({ isRefused: ({ status }) => status === 404 || undefined });
    world.server.on("POST /auth/refresh", answer(404, {}));
    await world.auth.ready();
    expect(heard.sentences).toEqual([]);
  });

  test("of a logout that sends the token and is refused all the same", async () => {
    const world = await setupInPage({ logout: { url: "/auth/logout", sendToken: true } });
    world.server.on("POST /auth/logout", answer(401, {}));
    await signIn(world);
    await world.auth.logout();
    expect(heard.sentences).toEqual([]);
  });

  test("of a wrong password", async () => {
    const world = await setupInPage();
    await failure(world.auth.login({ password: "wrong" }));
    expect(heard.sentences).toEqual([]);
  });

  test("of an endpoint that another status says is there", async () => {
    const world = await setupInPage();
    world.server.on("POST /auth/refresh", answer(415));
    await world.auth.ready().catch(() => {});
    expect(heard.sentences).toEqual([]);
  });

  test("where it cannot look: a URL that is none fails as ever", async () => {
    const { auth } = await setupInPage({ login: "https://[" });
    expect(await failure(auth.login({}))).toMatchObject({ code: "unavailable" });
    expect(heard.sentences).toEqual([]);
  });

  test("where there is no page", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", answer(200, { ok: true }));
    await failure(auth.login({}));
    expect(heard.sentences).toEqual([]);
  });
});

test("the error of a login whose server is down does not speak of a refresh", async () => {
  const world = await setupInPage();
  world.server.on("POST /auth/login", answer(503));
  const error = await failure(signIn(world));
  expect(error).toMatchObject({ code: "unavailable", status: 503 });
  expect(String(error)).not.toMatch(/refresh|session/);
  expect(String(error)).toContain("Try again later");
});
