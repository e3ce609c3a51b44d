import { Agent } from "node:http";
import { describe, expect, test } from "vitest";
import { setup } from "../support/setup.js";

describe("when the access token has expired", () => {
  test("1: one request meets it: one refresh, one replay, and the caller sees 200", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    const { status } = await auth.api.get("/me");
    expect(status).toBe(200);
    expect(server.received("POST /auth/refresh")).toBe(1);
    expect(server.received("GET /me")).toBe(2);
  });

  test.each([50, 10_000])(
    "2: %i requests share one refresh and all succeed",
    async (count) => {
      // As many connections as a machine can open at once; a browser opens six.
      const httpAgent = new Agent({ keepAlive: true, maxSockets: 100 });
      const { server, auth } = await setup();
      server.expireTokens();
      const replies = await Promise.all(
        Array.from({ length: count }, () => auth.api.get("/me", { httpAgent })),
      );
      expect(replies.every(({ status }) => status === 200)).toBe(true);
      expect(server.received("POST /auth/refresh")).toBe(1);
      expect(server.received("GET /me")).toBe(2 * count);
    },
    60_000,
  );
});
