import { describe, expect, test } from "vitest";
import { after, hang } from "../support/answers.js";
import { makeJWT, sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";
const hour = 3_600_000;

describe("a device whose clock", () => {
  test.each([-5 * hour, 5 * hour, -365 * 24 * hour])(
    "is wrong by %d ms knows the lifetime all the same",
    async (wrongBy) => {
      const { server, auth, clock } = await setup({ signedIn: false });
      server.tokens.now = () => clock.platform.now() - wrongBy;
      await auth.login({ password: "right" });
      await clock.advance(500_000);
      await auth.api.get("/me");
      expect(server.received(refreshes)).toBe(0);
      await clock.advance(99_000);
      await auth.api.get("/me");
      expect(server.received(refreshes)).toBe(1);
    },
  );

  test("is wrong knows it from the Date of the answer, where the token has no iat", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    const serverNow = () => clock.platform.now() - 5 * hour;
    server.tokens.now = serverNow;
    server.tokens.make = () => makeJWT({ sub: "u1", exp: Math.floor(serverNow() / 1000) + 100 });
    await auth.login({ password: "right" });
    await clock.advance(50_000);
    await auth.api.get("/me");
    expect(server.received(refreshes)).toBe(0);
    await clock.advance(49_000);
    await auth.api.get("/me");
    expect(server.received(refreshes)).toBe(1);
  });

  test("is wrong knows it from iat, where no Date of the answer can be read", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    const iat = Math.floor(clock.platform.now() / 1000) - 5 * 3600;
    server.on("POST /auth/login", (_, response) => {
      response.sendDate = false;
      sendJSON(response, 200, { token: makeJWT({ sub: "u1", iat, exp: iat + 100 }) });
    });
    await auth.login({});
    await clock.advance(70_000);
    await auth.getAccessToken();
    expect(server.received(refreshes)).toBe(0);
    await clock.advance(29_000);
    await auth.getAccessToken();
    expect(server.received(refreshes)).toBe(1);
  });

  test("is wrong waits for a 401, where the token has no iat and the answer no Date", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    const token = makeJWT({ sub: "u1", exp: Math.floor(clock.platform.now() / 1000) - 5000 });
    server.on("POST /auth/login", (_, response) => {
      response.sendDate = false;
      sendJSON(response, 200, { token });
    });
    server.on("/me", (_, response) => sendJSON(response, 200, {}));
    await auth.login({});
    await clock.advance(10 * hour);
    await auth.api.get("/me");
    expect(server.received(refreshes)).toBe(0);
  });

  test.each([
    ["is set ahead renews once too early, and then no more", 24 * hour, 1],
    ["is set back renews no earlier", -24 * hour, 0],
  ])("%s", async (_, jump, count) => {
    const { server, auth, clock } = await setup();
    server.tokens.now = () => Date.UTC(2026, 0, 1);
    clock.setWallClock(clock.platform.now() + jump);
    for (const path of ["/a", "/b", "/c"]) await auth.api.get(path);
    expect(server.received(refreshes)).toBe(count);
  });

  test("is set back renews no later", async () => {
    const { server, auth, clock } = await setup();
    clock.setWallClock(clock.platform.now() - 24 * hour);
    await clock.advance(599_000);
    await auth.api.get("/me");
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("the lifetime of a token", () => {
  test("counts from when it was asked for, not from when it came", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    const issuedAt = clock.platform.now();
    server.tokens.now = () => issuedAt;
    server.on(refreshes, after(go.promise));
    const forced = auth.getAccessToken({ forceRefresh: true });
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(9000);
    go.resolve();
    await forced;
    server.off(refreshes);
    await clock.advance(531_000);
    await auth.api.get("/me");
    await expect.poll(() => server.received(refreshes)).toBe(2);
  });

  test("is the smallest that is known: the body's before the token's own", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.tokens.body = { expiresIn: 100 };
    await auth.login({ password: "right" });
    await clock.advance(96_000);
    await auth.api.get("/me");
    expect(server.received(refreshes)).toBe(1);
  });

  test.each([1, 2, 5])(
    "of %d s is used for most of it, and renewed once per lifetime",
    async (life) => {
      const { server, auth, clock } = await setup({ signedIn: false });
      server.tokens.lifetimeSeconds = life;
      await auth.login({ password: "right" });
      for (let step = 0; step < 100; step += 1) {
        await auth.getAccessToken();
        await expect.poll(() => clock.timers()).toBe(0);
        await clock.advance(life * 100);
      }
      expect(server.received(refreshes)).toBeGreaterThanOrEqual(9);
      expect(server.received(refreshes)).toBeLessThanOrEqual(17);
    },
  );

  test("of 30 days costs no timer and no refresh for 29 days", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.tokens.lifetimeSeconds = 30 * 24 * 3600;
    await auth.login({ password: "right" });
    expect(clock.timers()).toBe(0);
    await clock.advance(29 * 24 * hour);
    await auth.api.get("/me");
    expect(server.received(refreshes)).toBe(0);
  });

  test("of an opaque token is cured by its 401", async () => {
    const { server, auth } = await setup({ signedIn: false });
    let count = 0;
    server.tokens.make = () => `opaque-${(count += 1)}`;
    await auth.login({ password: "right" });
    server.expireTokens();
    expect((await auth.api.get("/me")).status).toBe(200);
    expect(await auth.getAccessToken()).toBe("opaque-2");
  });

  test("that ran out in a sleep is renewed before the first request, even if the answer hangs", async () => {
    const { server, auth, clock } = await setup();
    clock.sleep(8 * hour);
    server.on(refreshes, hang);
    const waiting = auth.api.get("/me").catch((error: unknown) => error);
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: "timeout" });
    expect(server.received("/me")).toBe(0);
  });
});
