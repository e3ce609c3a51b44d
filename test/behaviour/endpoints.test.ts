import type { Endpoint } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
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

  test("to an endpoint that is a GET carries none, and its 401 starts no refresh", async () => {
    const refresh = { url: "/auth/refresh", method: "GET" };
    const { server, send } = await client.setup({ refresh });
    server.on("GET /auth/refresh", answer(401, {}));
    expect(await send("/auth/refresh")).toMatchObject({ status: 401 });
    expect(server.requests.at(-1)?.token).toBeUndefined();
    expect(server.received("/auth/refresh")).toBe(1);
  });
});
