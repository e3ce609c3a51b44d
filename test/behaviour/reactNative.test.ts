import axios from "axios";
import { createAuth, type Auth } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { fieldsOf } from "../../src/core/vocabulary/values.js";
import { drop, hang } from "../support/answers.js";
import { startAuthServer, type AuthServer } from "../support/authServer.js";
import { createClock, type Clock } from "../support/clock.js";
import { failure } from "../support/failure.js";
import { becomeReactNative } from "../support/reactNative.js";

const ada = { email: "ada@example.com", password: "right" };

interface App {
  server: AuthServer;
  clock: Clock;
  /** Starts the app, with endpoint functions and an axios that sends by `fetch`. */
  start(): Auth;
}

async function setupApp(): Promise<App> {
  const server = await startAuthServer();
  becomeReactNative(server.url);
  const clock = createClock();
  server.tokens.now = clock.platform.now;
  const headers = { "content-type": "application/json" };
  // Without it axios keeps those of its first request.
  const env: object = { fetch, Request, Response };
  onTestFinished(() => server.close());
  return {
    server,
    clock,
    start() {
      const auth = createAuth(
        {
          axios: axios.create({ baseURL: server.url, adapter: "fetch", env }),
          login: ({ credentials, fetch: send }) =>
            send("/auth/login", { method: "POST", headers, body: JSON.stringify(credentials) }),
          refresh: ({ fetch: send }) => send("/auth/refresh", { method: "POST" }),
          logout: ({ fetch: send }) => send("/auth/logout", { method: "POST" }),
        },
        clock.platform,
      );
      onTestFinished(auth.dispose);
      return auth;
    },
  };
}

async function setupSignedIn(): Promise<App & { auth: Auth }> {
  const app = await setupApp();
  const auth = app.start();
  await auth.login(ada);
  return { ...app, auth };
}

const clients: [string, (auth: Auth, url: string, signal?: AbortSignal) => Promise<unknown>][] = [
  ["axios", ({ api }, url, signal) => api.get(url, { ...(signal && { signal }) })],
  ["fetch", (auth, url, signal) => auth.fetch(url, { ...(signal && { signal }) })],
];

describe("in React Native", () => {
  test("signs in, reads the token's claims, and signs out", async () => {
    const { server, start } = await setupApp();
    const auth = start();
    server.tokens.claims = { sub: "u1", name: "Ada Łovelace 😀" };
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    expect(await failure(auth.login({ password: "wrong" }))).toMatchObject({
      code: "login_failed",
      status: 401,
    });
    expect(await auth.login(ada)).toMatchObject({ user: { sub: "u1", name: "Ada Łovelace 😀" } });
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(auth.getState().status).toBe("unauthenticated");
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
  });

  test("restores a session by the cookie", async () => {
    const { auth, start } = await setupSignedIn();
    auth.dispose();
    expect(await start().ready()).toMatchObject({ status: "authenticated", user: { sub: "u1" } });
  });

  test("says AbortError to whoever gives up waiting for a token", async () => {
    const { server, auth } = await setupSignedIn();
    server.on("POST /auth/refresh", hang);
    const [before, meanwhile] = [new AbortController(), new AbortController()];
    before.abort();
    const waiting = [before, meanwhile].map(({ signal }) =>
      failure(auth.getAccessToken({ forceRefresh: true, signal })),
    );
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    meanwhile.abort();
    for (const error of await Promise.all(waiting)) {
      expect(error).toBeInstanceOf(Error);
      expect(error).toMatchObject({ name: "AbortError" });
    }
  });

  test("says `timeout` where a refresh is never answered, and keeps the session", async () => {
    const { server, auth, clock } = await setupSignedIn();
    server.on("POST /auth/refresh", hang);
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: "timeout" });
    expect(auth.getState().status).toBe("authenticated");
  });

  test("keeps the session while the network is gone", async () => {
    const { server, auth } = await setupSignedIn();
    server.on("POST /auth/refresh", drop);
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "unavailable",
    });
    expect(auth.getState().status).toBe("authenticated");
  });
});

describe.each(clients)("in React Native, by %s", (_, send) => {
  test("fifty requests share one refresh and are replayed", async () => {
    const { server, auth } = await setupSignedIn();
    server.expireTokens();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => send(auth, `${server.url}/me`)),
    );
    for (const each of answers) expect(each).toMatchObject({ status: 200 });
    expect(server.received("POST /auth/refresh")).toBe(1);
    expect(server.received("/me")).toBe(100);
  });

  test.each(["while it waits for a token", "on the wire"])("is given up %s", async (when) => {
    const { server, auth } = await setupSignedIn();
    const route = when === "on the wire" ? "/me" : "POST /auth/refresh";
    server.expireTokens();
    server.on(route, hang);
    const controller = new AbortController();
    const waiting = failure(send(auth, `${server.url}/me`, controller.signal));
    await expect.poll(() => server.received(route)).toBe(1);
    controller.abort();
    expect(["AbortError", "CanceledError"]).toContain(fieldsOf(await waiting)["name"]);
  });

  test("lets no answer of an ended session land", async () => {
    const { server, auth } = await setupSignedIn();
    let go = () => {};
    server.on("/slow", (__, response) => {
      go = () => void response.end("late");
    });
    const slow = failure(send(auth, `${server.url}/slow`));
    await expect.poll(() => server.received("/slow")).toBe(1);
    await auth.logout();
    go();
    const error = await slow;
    expect([error, fieldsOf(error)["cause"]]).toContainEqual(
      expect.objectContaining({ code: "session_ended" }),
    );
  });
});
