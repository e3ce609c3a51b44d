import axios, { AxiosError } from "axios";
import type { Auth } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { answer, page } from "../../support/answers.js";
import { startAuthServer, type AuthServer } from "../../support/authServer.js";
import { listenToConsole, setupInPage, signIn } from "../../support/devPage.js";
import { failure } from "../../support/failure.js";
import type { Setup, SetupOptions } from "../../support/setup.js";

const heard = listenToConsole();

/** Another API, which answers 401 to whoever brings no token of its own. */
async function startOther(): Promise<{ server: AuthServer; origin: string }> {
  const server = await startAuthServer();
  onTestFinished(() => server.close());
  return { server, origin: server.url };
}

/** What both clients can be asked for. */
type Asking = { headers?: Record<string, string>; skipAuth?: boolean };

const clients: [string, (auth: Auth, url: string, asking?: Asking) => Promise<unknown>][] = [
  ["axios", (auth, url, asking) => auth.api.get(url, asking).catch(() => {})],
  ["fetch", (auth, url, asking) => auth.fetch(url, asking)],
];

async function setupSignedIn(options: SetupOptions = {}): Promise<Setup> {
  const world = await setupInPage(options);
  await signIn(world);
  return world;
}

describe("in development the console names", () => {
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
    expect(heard.sentences).toEqual([
      expect.stringContaining("Use the `fetch` that the function is given"),
    ]);
  });

  test.each(clients)("a request to an origin that may not see the token (%s)", async (_, ask) => {
    const { auth } = await setupSignedIn();
    const { origin } = await startOther();
    await ask(auth, `${origin}/me`);
    await ask(auth, `${origin}/you`);
    expect(heard.sentences).toEqual([
      expect.stringContaining(`add "${origin}" to \`allowedOrigins\``),
    ]);
    expect(heard.sentences[0]).toContain(`GET /me was sent to ${origin} without the token`);
  });

  test("requests that go elsewhere because `defaults.baseURL` was changed", async () => {
    const world = await setupInPage();
    await signIn(world);
    const other = await startOther();
    other.server.on("/me", answer(200, {}));
    world.auth.api.defaults.baseURL = other.origin;
    await world.auth.api.get("/me");
    expect(heard.sentences).toEqual([
      expect.stringContaining("`defaults.baseURL` of the client was changed"),
    ]);
    expect(heard.sentences[0]).toContain(`add "${other.origin}" to \`allowedOrigins\``);
  });

  test.each(clients)("a request that brings its own header (%s)", async (_, ask) => {
    const { auth, server } = await setupSignedIn();
    const headers = { Authorization: "Bearer secret" };
    await ask(auth, `${server.url}/me`, { headers });
    await ask(auth, `${server.url}/you`, { headers });
    expect(heard.sentences).toEqual([
      expect.stringContaining("GET /me brings its own Authorization"),
    ]);
    expect(heard.sentences[0]).toContain("say `skipAuth: true` if it is meant");
    expect(heard.sentences[0]).not.toContain("secret");
  });

  test("such a header in the defaults of the client, and `auth`", async () => {
    for (const defaults of [
      { auth: { username: "ada", password: "secret" } },
      { headers: { Authorization: "x" } },
    ]) {
      const world = await setupInPage({ axios: axios.create(defaults) });
      await failure(world.auth.api.get(`${world.server.url}/me`));
    }
    expect(heard.sentences).toEqual(
      Array(2).fill(expect.stringContaining("brings its own Authorization")),
    );
  });

  test("a request with the path of `baseURL` in it, which is then there twice", async () => {
    const world = await setupInPage({ baseURL: "/api", login: "../auth/login" });
    await signIn(world);
    // Node's adapter has no page to start from.
    world.auth.api.defaults.baseURL = `${world.server.url}/api`;
    world.server.on("/api/api/orders", answer(404, {}));
    await failure(world.auth.api.get("/api/orders"));
    expect(heard.sentences).toEqual([expect.stringContaining('Ask for "/orders"')]);
  });

  test("a web server's page in place of the API's data", async () => {
    const world = await setupInPage();
    await signIn(world);
    world.server.on("/orders", page(200));
    await world.auth.api.get("/orders");
    await world.auth.api.get("/orders");
    expect(heard.sentences).toEqual([
      expect.stringContaining("GET /orders answered a page (text/html)"),
    ]);
    expect(heard.sentences[0]).toContain("set `baseURL`");
  });

  test("an API on another origin whose 401s no script may see", async () => {
    const world = await setupInPage({ elsewhere: "https://app.example.com/" });
    await signIn(world);
    await world.auth.api.get("/me");
    // A browser says no more than this of an answer without CORS headers.
    const silent = () => Promise.reject(new AxiosError("Network Error", "ERR_NETWORK"));
    await failure(world.auth.api.get("/me", { adapter: silent }));
    expect(heard.sentences).toEqual([
      expect.stringContaining("the API's errors lack the CORS headers"),
    ]);
    expect(heard.sentences[0]).toContain("GET /me");
  });
});

describe("in development the console says nothing", () => {
  test.each(clients)("of requests to others that ask for no token (%s)", async (_, ask) => {
    const { auth } = await setupSignedIn();
    const other = await startOther();
    other.server.on("/weather", answer(200, {}));
    await ask(auth, `${other.origin}/weather`);
    // Theirs is the token, and theirs the refusal.
    await ask(auth, `${other.origin}/me`, { headers: { Authorization: "Bearer theirs" } });
    await ask(auth, `${other.origin}/me`, { skipAuth: true });
    expect(heard.sentences).toEqual([]);
  });

  test.each(clients)("of requests to an allowed origin (%s)", async (_, ask) => {
    const other = await startOther();
    const { auth } = await setupSignedIn({ allowedOrigins: [other.origin] });
    await ask(auth, `${other.origin}/me`);
    expect(other.server.requests[0]?.token).toBeDefined();
    expect(heard.sentences).toEqual([]);
  });

  test.each(clients)(
    "of its own header where `skipAuth` says that it is meant (%s)",
    async (_, ask) => {
      const { auth, server } = await setupSignedIn();
      await ask(auth, `${server.url}/me`, {
        headers: { Authorization: "Basic x" },
        skipAuth: true,
      });
      expect(heard.sentences).toEqual([]);
    },
  );

  test("of `defaults.baseURL` where it leads to an allowed origin", async () => {
    const other = await startOther();
    const world = await setupInPage({ allowedOrigins: [other.origin] });
    await signIn(world);
    world.auth.api.defaults.baseURL = other.origin;
    await failure(world.auth.api.get("/me"));
    expect(heard.sentences).toEqual([]);
  });

  test("of a page that is asked for beside the API's data, nor of a 404", async () => {
    const world = await setupInPage();
    await signIn(world);
    await world.auth.api.get("/me");
    world.server.on("/terms.html", page(200));
    world.server.on("/gone", answer(404, {}));
    await world.auth.api.get("/terms.html");
    await failure(world.auth.api.get("/gone"));
    expect(heard.sentences).toEqual([]);
  });

  test("of an API that never answered: it may be down", async () => {
    const world = await setupInPage({ elsewhere: "https://app.example.com/" });
    await signIn(world);
    const silent = () => Promise.reject(new AxiosError("Network Error", "ERR_NETWORK"));
    await failure(world.auth.api.get("/me", { adapter: silent }));
    expect(heard.sentences).toEqual([]);
  });

  test("of an error that an API on another origin answers", async () => {
    const world = await setupInPage({ elsewhere: "https://app.example.com/" });
    await signIn(world);
    await world.auth.api.get("/me");
    world.server.on("/me", answer(500));
    await failure(world.auth.api.get("/me"));
    expect(heard.sentences).toEqual([]);
  });
});
