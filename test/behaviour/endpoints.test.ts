import type { Endpoint } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { setup } from "../support/setup.js";

/** The page and its API are elsewhere; the auth server is this one. */
async function setupElsewhere(prefix: string) {
  const made = await setup({ signedIn: false });
  const { host } = new URL(made.server.url);
  const { auth } = await setup({
    baseURL: "https://api.example.com/v1",
    fetch: made.server.fetch,
    login: `${prefix}${host}/auth/login`,
    platform: { documentURL: () => "http://app.example.com/page" },
    signedIn: false,
  });
  return { server: made.server, auth, host };
}

describe("an endpoint", () => {
  test.each(["//", "http://", "HTTP://"])(
    "that begins with %s leads to the host that it names, not behind the base URL",
    async (prefix) => {
      const { server, auth } = await setupElsewhere(prefix);
      expect(await auth.login({ password: "right" })).toMatchObject({ status: "authenticated" });
      expect(server.received("POST /auth/login")).toBe(1);
    },
  );

  /** Where a login goes. */
  async function sentTo(login: Endpoint, baseURL: string, documentURL?: string) {
    const sent: string[] = [];
    const { auth } = await setup({
      baseURL,
      login,
      fetch: async (input) => {
        sent.push(typeof input === "string" ? input : input.url);
        return Response.json({ token: "opaque" });
      },
      platform: { documentURL: () => documentURL },
      signedIn: false,
    });
    await auth.login({});
    return sent;
  }

  test.each([
    ["/auth/login", "https://api.example.com/v1/auth/login"],
    ["auth/login", "https://api.example.com/v1/auth/login"],
    ["/auth//login", "https://api.example.com/v1/auth//login"],
  ])("%s is joined to the base URL with one slash", async (login, url) => {
    expect(await sentTo(login, "https://api.example.com/v1//")).toEqual([url]);
  });

  test("that has another URL in its query is joined to the base URL", async () => {
    const login = "auth/login?to=https://app.example.com/";
    expect(await sentTo(login, "https://api.example.com")).toEqual([
      `https://api.example.com/${login}`,
    ]);
  });

  test("of a relative base URL stays as it is where there is no document", async () => {
    expect(await sentTo("/auth/login", "/api")).toEqual(["/api/auth/login"]);
  });

  test("leaves out of a form what the credentials leave open", async () => {
    const { server, auth } = await setup({
      login: { url: "/auth/login", body: new URLSearchParams({ grant_type: "password" }) },
      signedIn: false,
    });
    server.on("POST /auth/login", answer(200, { token: "opaque" }));
    await auth.login({ password: "right", otp: undefined });
    expect(server.requests.at(-1)?.body.toString()).toBe("grant_type=password&password=right");
  });

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

describe.each(clients)("%s, 11: the app's own request", (client) => {
  test.each(["/admin/login", "/auth/login/history"])(
    "to %s, which an endpoint resembles, carries the token",
    async (path) => {
      const { server, auth, send } = await client.setup();
      await send(path, { method: "POST" });
      expect(server.requests.at(-1)?.token).toBe(await auth.getAccessToken());
    },
  );

  test("to the login carries none where the refresh is a function", async () => {
    const refresh = () => ({ accessToken: "opaque" });
    const { server, send } = await client.setup({ refresh });
    server.on("POST /auth/login", answer(401, {}));
    expect(await send("/auth/login", { method: "POST" })).toMatchObject({ status: 401 });
    expect(server.requests.at(-1)?.token).toBeUndefined();
  });

  test("to an endpoint that is a GET carries none, and its 401 starts no refresh", async () => {
    const refresh = { url: "/auth/refresh", method: "GET" };
    const { server, send } = await client.setup({ refresh });
    server.on("GET /auth/refresh", answer(401, {}));
    expect(await send("/auth/refresh")).toMatchObject({ status: 401 });
    expect(server.requests.at(-1)?.token).toBeUndefined();
    expect(server.received("/auth/refresh")).toBe(1);
  });
});

test("an endpoint's body goes as JSON, be it a list", async () => {
  const { server, auth } = await setup({
    signedIn: false,
    refresh: { url: "/auth/refresh", body: ["a", "b"] },
  });
  await auth.ready();
  expect(server.requests[0]?.body.toString()).toBe('["a","b"]');
});

test("credentials go as JSON, be they an instance of a class", async () => {
  class Credentials {
    password = "right";
  }
  const { auth } = await setup({ signedIn: false });
  expect(await auth.login(new Credentials())).toMatchObject({ status: "authenticated" });
});
