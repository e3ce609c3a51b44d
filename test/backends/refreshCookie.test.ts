import type { Hono } from "hono";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { nhost } from "./wrappers/nhost.js";
import { refreshCookie } from "./wrappers/refreshCookie.js";
import { supabase } from "./wrappers/supabase.js";

type Backend = Parameters<typeof refreshCookie>[0];
type Handler = () => Promise<Response>;

const grant: Handler = async () => Response.json({ access_token: "a", refresh_token: "r" });
const down: Handler = () => Promise.reject(new TypeError("fetch failed"));
const says =
  (status: number, headers: Record<string, string> = {}): Handler =>
  async () =>
    Response.json({ detail: "why" }, { status, headers });

/** The page asks the wrapper, with the cookie that it has. */
function ask(backend: Partial<Backend>, path: string, headers?: Record<string, string>) {
  const wrapper = refreshCookie({ login: grant, refresh: grant, logout: says(200), ...backend });
  return askAt(wrapper, path, headers);
}

function askAt(wrapper: Hono, path: string, headers: Record<string, string> = {}) {
  return wrapper.request(`https://app.example.com/${path}`, {
    method: "POST",
    headers: { cookie: "refresh=r", "content-type": "application/json", ...headers },
    body: '{"email":"ada@example.com","password":"right"}',
  });
}

const cookieOf = (reply: Response) => reply.headers.get("set-cookie");

test("the cookie outlives the browser, as long as the refresh token lives", async () => {
  expect(cookieOf(await ask({}, "login"))).toContain("refresh=r; Max-Age=2592000;");
  expect(cookieOf(await ask({ lifetimeSeconds: 60 }, "refresh"))).toContain("Max-Age=60;");
});

test.each([
  ["at the top", (tokens: object) => tokens],
  ["in an envelope", (data: object) => ({ data })],
  ["in a deep one", (tokens: object) => ({ data: { session: [tokens] } })],
])("a refresh token %s reaches the cookie, and not the page", async (_, envelope) => {
  for (const name of ["refresh", "refreshToken", "refresh_token", "RefreshToken"]) {
    const reply = await ask(
      { login: async () => Response.json(envelope({ access: "a", [name]: "secret" })) },
      "login",
    );
    expect(cookieOf(reply)).toContain("refresh=secret;");
    expect(await reply.json()).toEqual(envelope({ access: "a" }));
  }
});

describe("a page of another site", () => {
  test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])(
    "signs nobody in with a form: %s",
    async (type) => {
      const reply = await ask({}, "login", { "content-type": type });
      expect(reply.status).toBe(415);
      expect(cookieOf(reply)).toBeNull();
    },
  );

  test.each(["login", "refresh", "logout"])("is refused: %s", async (path) => {
    const reply = await ask({}, path, { "sec-fetch-site": "cross-site" });
    expect(reply.status).toBe(403);
    expect(cookieOf(reply)).toBeNull();
  });
});

test.each(["same-origin", "same-site"])("a page of the same site is not: %s", async (site) => {
  expect((await ask({}, "login", { "sec-fetch-site": site })).status).toBe(200);
});

describe("a logout", () => {
  test.each([
    ["is down", down, 500, null],
    ["answers 503", says(503, { "retry-after": "5" }), 503, "5"],
    ["answers 429", says(429, { "retry-after": "5" }), 429, "5"],
  ])("while the backend %s is not told, and keeps the cookie", async (_, logout, status, wait) => {
    // Hono reports what a route throws.
    if (logout === down) expectWarning(/fetch failed/);
    const reply = await ask({ logout }, "logout");
    expect(reply.status).toBe(status);
    expect(reply.headers.get("retry-after")).toBe(wait);
    expect(cookieOf(reply)).toBeNull();
  });

  test.each([200, 204, 401, 404])("that is answered %i removes the cookie", async (status) => {
    const reply = await ask({ logout: async () => new Response(null, { status }) }, "logout");
    expect(reply.status).toBe(204);
    expect(cookieOf(reply)).toContain("refresh=; Max-Age=0;");
  });
});

test.each(["login", "refresh"])("%s passes on what the backend says against it", async (path) => {
  const busy = says(429, { "retry-after": "60" });
  const reply = await ask({ login: busy, refresh: busy }, path);
  expect(reply.status).toBe(429);
  expect(reply.headers.get("retry-after")).toBe("60");
  expect(await reply.json()).toEqual({ detail: "why" });
  expect(cookieOf(reply)).toBeNull();
});

test.each([
  ["Supabase's logout", supabase("https://auth.example.com", "key"), "logout"],
  ["nhost's login", nhost("https://auth.example.com"), "login"],
])("%s, while busy, says so, and for how long", async (_, wrapper, path) => {
  const busy = says(503, { "retry-after": "5" });
  vi.stubGlobal("fetch", (url: string) => (url.includes("/logout") ? says(401)() : busy()));
  onTestFinished(() => void vi.unstubAllGlobals());
  const reply = await askAt(wrapper, path);
  expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "5"]);
});
