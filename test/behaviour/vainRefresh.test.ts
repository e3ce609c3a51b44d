import { describe, expect, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { twoSignedIn } from "../support/tabbedBrowser.js";

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

  test("the state says so also after a refresh for another reason, as long as it holds", async () => {
    const { server, auth, send } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    await send("/forbidden");
    await auth.getAccessToken({ forceRefresh: true });
    await send("/forbidden");
    expect(server.received(refreshes)).toBe(2);
    expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 401 });
  });

  test("the state says so no more when its time is over and requests are answered", async () => {
    const { server, auth, clock, send, get } = await client.setup({ signedIn: false });
    server.tokens.make = () => `opaque-${Math.random()}`;
    await auth.login({ password: "right" });
    server.on("/forbidden", answer(401, {}));
    await send("/forbidden");
    await get("/me");
    expect(auth.getState().error).not.toBeNull();
    await clock.advance(10_000);
    await get("/me");
    expect(auth.getState().error).toBeNull();
  });

  test("a challenge on the replay that no refresh cures is told, and was not in vain", async () => {
    const { server, auth, events, send, get } = await client.setup();
    const challenge =
      'Bearer error="insufficient_user_authentication", acr_values="phr", max_age="5"';
    const first = await auth.getAccessToken();
    server.on("/pay", (request, response) =>
      request.token === first
        ? "default"
        : answer(401, {}, { "www-authenticate": challenge })(request, response),
    );
    server.expireTokens();
    const asked = { code: "step_up", acr_values: "phr", max_age: 5 };
    expect(await send("/pay")).toMatchObject(client.because(asked));
    expect(events.filter(({ type }) => type === "paused")).toEqual([]);
    server.expireTokens();
    await get("/me");
    expect(server.received(refreshes)).toBe(2);
  });

  test("a session that is restored after it refreshes on its first 401", async () => {
    const { server, auth, send, get } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    await send("/forbidden");
    await auth.logout();
    server.signInBefore();
    await auth.restore();
    server.expireTokens();
    expect(await get("/me")).toMatchObject({ status: 200 });
  });

  test("a session that is restored after it counts from the start", async () => {
    const { server, auth, clock, send } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    await send("/forbidden");
    await auth.logout();
    server.signInBefore();
    await auth.restore();
    await send("/forbidden");
    expect(auth.getState().error).toMatchObject({ retryAt: clock.platform.now() + 10_000 });
  });

  test("a good replay of a refused session says nothing about the next one", async () => {
    const { server, auth, send } = await client.setup();
    const go = deferred();
    server.on("/slow", async (request, response) => {
      if (server.received("/slow") === 1) return answer(401, {})(request, response);
      await go.promise;
      return answer(200, {})(request, response);
    });
    server.on("/forbidden", answer(401, {}));
    const slow = send("/slow");
    await expect.poll(() => server.received("/slow")).toBe(2);
    server.revokeSession();
    await send("/me");
    await auth.login({ password: "right" });
    await send("/forbidden");
    const before = server.received(refreshes);
    go.resolve();
    await slow;
    await send("/forbidden");
    expect(server.received(refreshes)).toBe(before);
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

test("9: two tabs that hand each other the tokens of refreshes in vain stop all the same", async () => {
  const { server, one, two, soon } = await twoSignedIn();
  server.on("/me", answer(401, {}));
  for (let round = 0; round < 20; round += 1) {
    for (const { auth } of [one, two]) await soon(failure(auth.api.get("/me")));
  }
  expect(server.received(refreshes)).toBe(4);
  for (const { auth } of [one, two]) {
    expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 401 });
  }
});
