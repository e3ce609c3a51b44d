import { describe, expect, test } from "vitest";
import { makeJWT } from "../support/authServer.js";
import { setup } from "../support/setup.js";

const seconds = (clock: { platform: { now(): number } }) => Math.floor(clock.platform.now() / 1000);

describe("the lifetime of a token", () => {
  test("does not depend on this device's clock being right", async () => {
    const { server, auth, clock } = await setup();
    server.tokens.now = () => clock.platform.now() - 5 * 3600 * 1000;
    await auth.getAccessToken({ forceRefresh: true });
    await auth.api.get("/me");
    await clock.advance(500_000);
    await auth.api.get("/me");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("is over when the wall clock says so, though the device slept", async () => {
    const { server, auth, clock } = await setup();
    clock.sleep(700_000);
    await auth.api.get("/me");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("is over when the monotonic clock says so, though the wall clock was set back", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(700_000);
    clock.setWallClock(0);
    await auth.api.get("/me");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("is corrected by the Date header where the server copies the first iat", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    const iat = seconds(clock) - 86_400;
    server.tokens.make = () => makeJWT({ sub: "u1", iat, exp: seconds(clock) + 100 });
    await auth.login({ password: "right" });
    await clock.advance(99_500);
    await auth.api.get("/me");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test.each([
    ["shorter", 10, 1],
    ["longer", 1000, 0],
  ])(
    "is what the app's own readSession says, before anything else: %s than the token's",
    async (_, expiresInSeconds, expected) => {
      const { server, auth, clock } = await setup({
        readSession: (data) => ({ ...(data as { accessToken: string }), expiresInSeconds }),
      });
      await clock.advance(expected === 1 ? 9800 : 700_000);
      await auth.api.get("/me");
      expect(server.received("POST /auth/refresh")).toBe(expected);
    },
  );

  test("is read from expires_in for an opaque token", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.tokens.make = () => `opaque-${clock.platform.now()}`;
    server.tokens.body = { expires_in: "100" };
    await auth.login({ password: "right" });
    await clock.advance(99_000);
    await auth.api.get("/me");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test.each([
    ["opaque", () => "opaque"],
    ["a JWT without exp", () => makeJWT({ sub: "u1" })],
    ["a JWT with exp before iat", () => makeJWT({ sub: "u1", iat: 2e9, exp: 1e9 })],
    ["a JWT whose exp is no number", () => makeJWT({ sub: "u1", iat: "1e9", exp: "1000000600" })],
    [
      "a JWT without its signature",
      () => makeJWT({ iat: 1e9, exp: 1e9 + 600 }).replace(/\.[^.]*$/, ""),
    ],
    ["almost a JWT", () => "a.b.c"],
  ])("is unknown for %s: only a 401 tells", async (_, make) => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.tokens.make = make;
    await auth.login({ password: "right" });
    await clock.advance(1e9);
    await auth.api.get("/me");
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("of one second causes no storm", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.tokens.lifetimeSeconds = 1;
    await auth.login({ password: "right" });
    for (let count = 0; count < 20; count += 1) {
      await auth.api.get("/me");
      await clock.advance(100);
    }
    expect(server.received("POST /auth/refresh")).toBeLessThanOrEqual(5);
    expect(server.received("POST /auth/refresh")).toBeGreaterThanOrEqual(1);
  });

  test("of 30 days overflows no timer", async () => {
    const { server, auth, clock } = await setup({
      signedIn: false,
      refreshAhead: { background: true },
    });
    server.tokens.lifetimeSeconds = 30 * 86_400;
    await auth.login({ password: "right" });
    await clock.advance(86_400_000);
    expect(server.received("POST /auth/refresh")).toBe(0);
    expect(clock.timers()).toBe(1);
  });

  test("shorter than the way of the answer causes one refresh for a request, not a loop", async () => {
    const { server, auth, clock } = await setup();
    server.tokens.lifetimeSeconds = 1;
    await clock.advance(700_000);
    server.on("POST /auth/refresh", async () => {
      await clock.advance(5000);
      return "default" as const;
    });
    expect((await auth.api.get("/me")).status).toBe(200);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test.each([
    [10, 592_000, 1],
    [10, 585_000, 0],
    [1e6, 301_000, 1],
    [1e6, 299_000, 0],
    [0, 595_000, 1],
    [0, 593_000, 0],
  ])("refreshAhead: %d s, at %d ms, makes %d", async (refreshAhead, ms, count) => {
    const { server, auth, clock } = await setup({ refreshAhead });
    await clock.advance(ms);
    await auth.api.get("/me");
    await auth.ready();
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(count);
  });
});
