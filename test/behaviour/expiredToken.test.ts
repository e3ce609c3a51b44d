import { describe, expect, test } from "vitest";
import { scale } from "../scale.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { setup } from "../support/setup.js";

describe.each(clients)("%s, when the access token has expired", (client) => {
  test("one request meets it: one refresh, one replay, and the caller sees 200", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    expect(await send("/me")).toMatchObject({ status: 200 });
    expect(server.received("POST /auth/refresh")).toBe(1);
    expect(server.received("GET /me")).toBe(2);
  });

  test.each([50, scale.storm])(
    "%i requests share one refresh and all succeed, with 2N + 1 requests",
    async (count) => {
      const { server, send } = await client.setup();
      server.expireTokens();
      const before = server.received();
      const ends = await Promise.all(Array.from({ length: count }, () => send("/me")));
      expect(ends.filter(({ status }) => status !== 200)).toEqual([]);
      expect(server.received() - before).toBe(2 * count + 1);
      expect(server.received("POST /auth/refresh")).toBe(1);
    },
  );

  test("a 401 that arrives after the refresh is replayed without a second one", async () => {
    const { server, auth, send } = await client.setup();
    const late = deferred();
    server.on("/late", async ({ token }, response) => {
      if (token !== first) return "default";
      await late.promise;
      return sendJSON(response, 401, {});
    });
    const first = await auth.getAccessToken();
    const waiting = send("/late");
    await expect.poll(() => server.received("/late")).toBe(1);
    server.expireTokens();
    await send("/me");
    late.resolve();
    expect(await waiting).toMatchObject({ status: 200 });
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("tokens are told apart by their version, even if two are byte-equal", async () => {
    const { server, auth, send } = await client.setup();
    server.tokens.make = () => "the-same-token";
    await auth.getAccessToken({ forceRefresh: true });
    const late = deferred();
    server.on("/late", async (_, response) => {
      if (server.received("/late") > 1) return "default";
      await late.promise;
      return sendJSON(response, 401, {});
    });
    const waiting = send("/late");
    await expect.poll(() => server.received("/late")).toBe(1);
    await auth.getAccessToken({ forceRefresh: true });
    late.resolve();
    expect(await waiting).toMatchObject({ status: 200 });
    expect(server.received("POST /auth/refresh")).toBe(2);
  });

  test("a request is replayed once: the second 401 goes to the caller", async () => {
    const { server, send } = await client.setup();
    server.on("/closed", (_, response) => sendJSON(response, 401, { why: "never" }));
    expect(await send("/closed")).toEqual({ status: 401, data: { why: "never" } });
    expect(server.received("/closed")).toBe(2);
  });
});

describe.each(clients)("%s, 5: a token whose lifetime is known", (client) => {
  test("is renewed before sending once it is due: no wasted 401, N + 1 requests", async () => {
    const { server, clock, send } = await client.setup();
    await clock.advance(599_000);
    server.expireTokens();
    const before = server.received();
    await Promise.all(Array.from({ length: 10 }, () => send("/me")));
    expect(server.received() - before).toBe(11);
  });

  test("is renewed in the background while requests go on with it", async () => {
    const { server, auth, clock, send } = await client.setup();
    const first = await auth.getAccessToken();
    const answer = deferred<"default">();
    server.on("POST /auth/refresh", () => answer.promise);
    await clock.advance(550_000);
    await send("/me");
    expect(server.requests.findLast(({ path }) => path === "/me")?.token).toBe(first);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    answer.resolve("default");
    await expect.poll(() => auth.getAccessToken()).not.toBe(first);
  });

  test("is left alone while it is fresh", async () => {
    const { server, clock, send } = await client.setup();
    await clock.advance(500_000);
    await send("/me");
    expect(server.received("POST /auth/refresh")).toBe(0);
  });
});

describe("a token whose lifetime is known", () => {
  test("is renewed by a timer, if `background` says so, without any request", async () => {
    const { server, auth, clock } = await setup({ refreshAhead: { background: true } });
    expect(auth.getState().isAuthenticated).toBe(true);
    await clock.advance(540_000);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
  });

  test("costs an idle app no timer otherwise", async () => {
    const { clock } = await setup();
    expect(clock.timers()).toBe(0);
  });
});
