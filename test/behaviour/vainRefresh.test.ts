import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { clients } from "../support/clients.js";

const refreshes = "POST /auth/refresh";

describe.each(clients)("%s, 9: after a refresh that cured nothing", (client) => {
  test("a 401 goes to the caller as it is, and the session stays", async () => {
    const { server, auth, logouts, send } = await client.setup();
    server.on("/forbidden", answer(401, { why: "not yours" }));
    const forbidden = { status: 401, data: { why: "not yours" } };
    expect(await send("/forbidden")).toEqual(forbidden);
    expect(await send("/forbidden")).toEqual(forbidden);
    expect(server.received("/forbidden")).toBe(3);
    expect(auth.getState()).toMatchObject({ status: "authenticated", error: null });
    expect(logouts).toEqual([]);
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
