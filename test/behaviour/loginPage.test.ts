import type { CreateAuthOptions } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { answer, page } from "../support/answers.js";
import { startAuthServer } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

/** Ways to refresh; `url` is the server's, which is known when it is called. */
const ways: [string, (url: () => string) => CreateAuthOptions][] = [
  ["an endpoint", () => ({})],
  [
    "a URL in full",
    (url) => ({
      refresh: {
        get url() {
          return `${url()}/auth/refresh`;
        },
      },
    }),
  ],
  [
    "a function with the fetch it is given",
    () => ({ refresh: ({ fetch }) => fetch("/auth/refresh", { method: "POST" }) }),
  ],
  [
    "a function with a fetch of its own",
    (url) => ({ refresh: () => fetch(`${url()}/auth/refresh`, { method: "POST" }) }),
  ],
  [
    "a function that throws the answer",
    () => ({
      refresh: async ({ fetch }) => {
        throw await fetch("/auth/refresh", { method: "POST" });
      },
    }),
  ],
];

/** A backend that sends whoever has no session to a login page, here or on another origin. */
async function setupRedirecting(
  way: (url: () => string) => CreateAuthOptions,
  signedIn: boolean,
  isElsewhere = false,
) {
  const server = await startAuthServer();
  onTestFinished(() => server.close());
  const other = isElsewhere ? await startAuthServer() : server;
  if (isElsewhere) onTestFinished(() => other.close());
  server.on(refreshes, answer(302, undefined, { location: `${other.url}/login` }));
  other.on("GET /login", page(200));
  const world = await setup({
    baseURL: server.url,
    fetch: server.fetch,
    ...way(() => server.url),
    signedIn,
  });
  return { ...world, server };
}

describe.each(ways)("the backend's login page, in place of the answer to %s", (_, way) => {
  test("leaves a visitor unauthenticated, without an error", async () => {
    const { auth } = await setupRedirecting(way, false);
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated", error: null });
  });

  test("ends the session", async () => {
    const { auth, logouts } = await setupRedirecting(way, true);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test("but of another origin, a captive portal's, ends nothing", async () => {
    const { auth, logouts } = await setupRedirecting(way, true, true);
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "unavailable",
    });
    expect(logouts).toEqual([]);
  });
});

describe("a page that no redirect led to, in place of the answer to a refresh,", () => {
  test.each<[string, () => unknown]>([
    ["an answer", () => new Response("<h1>Hi</h1>", { headers: { "content-type": "text/html" } })],
    ["its text", () => "<!doctype html><h1>Hi</h1>"],
    ["a text that is no page", () => "OK"],
  ])("says nothing about the session: %s", async (_, refresh) => {
    const { auth, logouts } = await setup({ refresh });
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "unavailable",
    });
    expect(logouts).toEqual([]);
  });
});

describe("a redirect within the origin that leads to", () => {
  test.each([
    ["a token is a success", answer(200, { accessToken: "moved" }), "moved", []],
    ["JSON without a token is a refusal", answer(200, { error: "no session" }), null, ["refused"]],
    [
      "JSON that calls itself a page is read as JSON",
      answer(200, '{"accessToken":"moved"}', { "content-type": "text/html" }),
      "moved",
      [],
    ],
  ] as const)("%s", async (_, handler, token, reasons) => {
    const { server, auth, logouts } = await setup();
    server.on(refreshes, answer(302, undefined, { location: "/moved" }));
    server.on("GET /moved", handler);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBe(token);
    expect(logouts).toEqual(reasons);
  });

  test.each([
    ["a text", answer(200, "moved", { "content-type": "text/plain" })],
    ["a page with an error", page(503)],
  ])("%s says nothing about the session", async (_, handler) => {
    const { server, auth, logouts } = await setup();
    server.on(refreshes, answer(302, undefined, { location: "/moved" }));
    server.on("GET /moved", handler);
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "unavailable",
    });
    expect(logouts).toEqual([]);
  });
});

test("a login page in place of the answer to a login leaves the session alone", async () => {
  const { server, auth, logouts } = await setup();
  server.on("POST /auth/login", answer(302, undefined, { location: "/login" }));
  server.on("GET /login", page(200));
  expect(await failure(auth.login({}))).toMatchObject({ code: "unavailable" });
  expect(auth.getState().isAuthenticated).toBe(true);
  expect(logouts).toEqual([]);
});

test("isRefused may say that the login page is none", async () => {
  const { auth, logouts } = await setupRedirecting(
    () => ({ isRefused: ({ data }) => !String(data).includes("Welcome") }),
    true,
  );
  expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
    code: "unavailable",
  });
  expect(logouts).toEqual([]);
});

test("the login page of an auth server on another allowed origin is a refusal", async () => {
  const authServer = await startAuthServer();
  onTestFinished(() => authServer.close());
  authServer.on(refreshes, answer(302, undefined, { location: `${authServer.url}/login` }));
  authServer.on("GET /login", page(200));
  const { auth } = await setup({
    signedIn: false,
    allowedOrigins: [authServer.url],
    refresh: ({ fetch }) => fetch(`${authServer.url}/auth/refresh`, { method: "POST" }),
  });
  expect(await auth.ready().catch(() => auth.getState())).toMatchObject({
    status: "unauthenticated",
  });
});

test("the login page of an auth server apart from the API is a refusal", async () => {
  const authServer = await startAuthServer();
  onTestFinished(() => authServer.close());
  authServer.on(refreshes, answer(302, undefined, { location: `${authServer.url}/login` }));
  authServer.on("GET /login", page(200));
  const { auth } = await setup({ signedIn: false, refresh: `${authServer.url}/auth/refresh` });
  expect(await auth.ready()).toMatchObject({ status: "unauthenticated", error: null });
});

test("isRefused that returns something else keeps the default", async () => {
  const isRefused = () => Promise.resolve(true) as unknown as boolean;
  const { server, auth } = await setup({ isRefused });
  expect(await auth.getAccessToken({ forceRefresh: true })).not.toBeNull();
  server.on(refreshes, answer(401));
  expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
});
