import { describe, expect, test } from "vitest";
import { after, answer, drop } from "../support/answers.js";
import { sendJSON, type AuthServer } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";

const refreshes = "POST /auth/refresh";

/** Answers a request with this token 401, once the promise resolves; any other as usual. */
function rejectLate(server: AuthServer, first: string | null, until: Promise<void>): void {
  server.on("/late", async ({ token }, response) => {
    if (token !== first) return "default";
    await until;
    return sendJSON(response, 401, {});
  });
}

describe.each(clients)("%s, a request that is answered 401", (client) => {
  test("carries the old token first and the new one in its replay, and nothing else differs", async () => {
    const { server, auth, send } = await client.setup();
    const old = await auth.getAccessToken();
    server.expireTokens();
    await send("/orders", { method: "POST", body: { ride: 7 } });
    const [first, replay] = server.requests.filter(({ path }) => path === "/orders");
    expect([first?.token, replay?.token]).toEqual([old, await auth.getAccessToken()]);
    expect(replay).toMatchObject({ method: "POST", body: first?.body });
  });

  test.each([
    ["Uint8Array", (text: string) => new TextEncoder().encode(text)],
    ["Buffer", (text: string) => Buffer.from(text)],
  ])("is replayed with the bytes of its %s, though the app has used it again", async (_, make) => {
    const { server, send } = await client.setup();
    const bytes = make("mine");
    server.on("POST /bytes", ({ token }, response) => {
      bytes.fill(0);
      return server.accepts(token) ? "default" : sendJSON(response, 401, {});
    });
    server.expireTokens();
    await send("/bytes", { method: "POST", body: bytes });
    const bodies = server.requests.filter(({ path }) => path === "/bytes");
    expect(bodies.map(({ body }) => body.toString())).toEqual(["mine", "mine"]);
  });

  test("is cured again when its next token expires, as often as that happens", async () => {
    const { server, get } = await client.setup();
    for (const count of [1, 2, 3]) {
      server.expireTokens();
      await get("/me");
      expect(server.received(refreshes)).toBe(count);
    }
  });

  test("during the refresh waits for it instead of starting another", async () => {
    const { server, get } = await client.setup();
    const go = deferred();
    server.expireTokens();
    server.on(refreshes, after(go.promise));
    const first = get("/a");
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const second = get("/b");
    await expect.poll(() => server.received("/b")).toBe(1);
    go.resolve();
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    expect(server.received(refreshes)).toBe(1);
  });

  test("late, after the same user signed in anew, is replayed with that token", async () => {
    const { server, auth, get } = await client.setup();
    const go = deferred();
    rejectLate(server, await auth.getAccessToken(), go.promise);
    const waiting = get("/late");
    await expect.poll(() => server.received("/late")).toBe(1);
    await auth.login({ password: "right" });
    go.resolve();
    expect((await waiting).status).toBe(200);
    expect(server.received(refreshes)).toBe(0);
  });

  test("fifty late ones are replayed with the current token and no refresh", async () => {
    const { server, auth, get } = await client.setup();
    const go = deferred();
    rejectLate(server, await auth.getAccessToken(), go.promise);
    const waiting = Array.from({ length: 50 }, () => get("/late"));
    await expect.poll(() => server.received("/late")).toBe(50);
    await auth.getAccessToken({ forceRefresh: true });
    go.resolve();
    await Promise.all(waiting);
    expect(server.received("/late")).toBe(100);
    expect(server.received(refreshes)).toBe(1);
  });

  test.each([
    ["answered 500", answer(500, {}), { status: 500, data: {} }],
    ["lost on the way", drop, { code: "network" }],
  ])("a replay that is %s is the caller's, and is not tried again", async (_, handler, end) => {
    const { server, auth, send } = await client.setup();
    server.on("/odd", (request, response) =>
      server.received("/odd") === 1 ? sendJSON(response, 401, {}) : handler(request, response),
    );
    expect(await send("/odd")).toEqual(end);
    expect(server.received("/odd")).toBe(2);
    expect(auth.getState().isAuthenticated).toBe(true);
  });
});
