import { describe, expect, test } from "vitest";
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

  test.each(["/auth/login", "auth/login"])(
    "%s is joined to the base URL with one slash",
    async (login) => {
      const sent: string[] = [];
      const { auth } = await setup({
        baseURL: "https://api.example.com/v1//",
        login,
        fetch: async (input) => {
          sent.push(new Request(input).url);
          return Response.json({ token: "opaque" });
        },
        signedIn: false,
      });
      await auth.login({});
      expect(sent).toEqual(["https://api.example.com/v1/auth/login"]);
    },
  );
});
