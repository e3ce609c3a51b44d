import { describe, expect, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";

const refreshes = "POST /auth/refresh";

describe.each(clients)("%s, 9: after a refresh that cured nothing", (client) => {
  test("a 401 goes to the caller as it is, and the session stays", async () => {
    const { server, auth, logouts, send } = await client.setup();
    server.on("/forbidden", answer(401, { why: "not yours" }));
    const forbidden = { status: 401, data: { why: "not yours" } };
    expect(await send("/forbidden")).toEqual(forbidden);
    expect(await send("/forbidden")).toEqual(forbidden);
    expect(server.received("/forbidden")).toBe(3);
    expect(auth.getState()).toMatchObject({ status: "authenticated" });
    expect(logouts).toEqual([]);
  });

  test("the state and an event say so, and when the next 401 may start one", async () => {
    const { server, auth, clock, events, send } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    for (const waitMs of [10_000, 20_000]) {
      await send("/forbidden");
      await send("/forbidden");
      const retryAt = clock.platform.now() + waitMs;
      const error = { code: "unavailable", status: 401, retryAt };
      expect(auth.getState()).toMatchObject({ status: "authenticated", error });
      expect(events.filter(({ type }) => type === "paused").at(-1)).toEqual({
        type: "paused",
        until: retryAt,
        code: "unavailable",
        status: 401,
      });
      await clock.advance(waitMs);
    }
    expect(server.received(refreshes)).toBe(2);
  });

  test("the state says so no more once a refresh cures again", async () => {
    const { server, auth, clock, send, get } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    await send("/forbidden");
    await clock.advance(10_000);
    server.expireTokens();
    await get("/me");
    expect(auth.getState().error).toBeNull();
  });

  test("nor if another of its replays was cured after all", async () => {
    const { server, auth, get, send } = await client.setup();
    const go = deferred();
    server.on("/forbidden", answer(401, {}));
    server.on("/slow", after(go.promise));
    server.expireTokens();
    const slow = get("/slow");
    await send("/forbidden");
    expect(auth.getState().error).toMatchObject({ code: "unavailable" });
    go.resolve();
    await slow;
    expect(auth.getState().error).toBeNull();
  });

  test("and nothing of it is said of a session that is over", async () => {
    const { server, auth, send } = await client.setup();
    server.on("/forbidden", async (_, response) => {
      if (server.received("/forbidden") === 2) {
        server.revokeSession();
        await auth.getAccessToken({ forceRefresh: true });
      }
      sendJSON(response, 401, {});
    });
    await send("/forbidden");
    expect(auth.getState()).toMatchObject({
      status: "unauthenticated",
      error: { code: "refused" },
    });
  });

  test("a refresh for another cause than a 401 goes as ever", async () => {
    const { server, auth, clock, send, get } = await client.setup();
    server.tokens.lifetimeSeconds = 5;
    server.on("/forbidden", answer(401, {}));
    expect(await send("/forbidden")).toMatchObject({ status: 401 });
    await auth.getAccessToken({ forceRefresh: true });
    await clock.advance(5000);
    await get("/me");
    expect(server.received(refreshes)).toBe(3);
  });

  test("requests that are not answered 401 notice nothing", async () => {
    const { server, send, get } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    expect(await send("/forbidden")).toMatchObject({ status: 401 });
    await get("/me");
    expect(server.received(refreshes)).toBe(1);
  });
});

test.each(clients)(
  "%s, 9: a refresh is not vain if it cured but one of its replays",
  async (client) => {
    const { server, get } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    server.expireTokens();
    await Promise.allSettled([...Array.from({ length: 10 }, () => get("/forbidden")), get("/me")]);
    server.expireTokens();
    await get("/me");
    expect(server.received(refreshes)).toBe(2);
  },
);
