import { describe, expect, onTestFinished, test } from "vitest";
import { answer } from "../../support/answers.js";
import { sendJSON, startAuthServer } from "../../support/authServer.js";
import { clients } from "../../support/clients.js";
import { deferred } from "../../support/deferred.js";
import { failure } from "../../support/failure.js";
import { setup } from "../../support/setup.js";

const refreshes = "POST /auth/refresh";

/** Tells nothing of its age. */
const opaque = () => `opaque-${Math.random()}`;

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

  test("no other 401 of the endpoint starts one, whatever its query, and the state says nothing", async () => {
    const { server, auth, events, send } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    for (let page = 0; page < 3; page += 1) await send(`/forbidden?page=${page}`);
    await Promise.all(Array.from({ length: 5 }, () => send("/forbidden")));
    expect(server.received(refreshes)).toBe(1);
    expect(auth.getState()).toMatchObject({ status: "authenticated", error: null });
    expect(events.filter(({ type }) => type === "paused")).toEqual([]);
  });

  test("its next 401 may start one after 10 s, then 20 s, and so on up to 5 min", async () => {
    const { server, auth, clock, send } = await client.setup({ signedIn: false });
    server.tokens.make = opaque;
    await auth.login({ password: "right" });
    server.on("/forbidden", answer(401, {}));
    await send("/forbidden");
    for (const [round, waitSeconds] of [10, 20, 40, 80, 160, 300, 300].entries()) {
      await clock.advance(waitSeconds * 1000 - 1);
      await send("/forbidden");
      expect(server.received(refreshes)).toBe(round + 1);
      await clock.advance(1);
      await send("/forbidden");
      expect(server.received(refreshes)).toBe(round + 2);
    }
  });

  test("another path is another endpoint, and so is another method", async () => {
    const { server, send, get } = await client.setup();
    server.on("/ride", answer(401, {}));
    server.on("/rides", answer(401, {}));
    await send("/ride");
    await get("/me");
    await send("/ride", { method: "POST", body: {} });
    await get("/me");
    await send("/rides");
    expect(server.received(refreshes)).toBe(3);
  });

  test("an answer of the endpoint that is not 401 makes its 401s count again", async () => {
    const { server, send } = await client.setup();
    for (const status of [401, 403, 401]) {
      server.on("/ride", answer(status, {}));
      await send("/ride");
    }
    expect(server.received(refreshes)).toBe(2);
  });

  test("so does a login", async () => {
    const { server, auth, send } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    await send("/forbidden");
    await auth.login({ password: "right" });
    await send("/forbidden");
    expect(server.received(refreshes)).toBe(2);
  });

  test("a healthy endpoint beside it never fails, and refreshes are as rare as its waits", async () => {
    const { server, auth, clock, send, get } = await client.setup({ signedIn: false });
    let issuedAt = 0;
    server.tokens.make = () => {
      issuedAt = clock.platform.now();
      return opaque();
    };
    await auth.login({ password: "right" });
    server.on("/forbidden", answer(401, {}));
    for (let second = 0; second < 36; second += 1) {
      await clock.advance(1000);
      if (clock.platform.now() - issuedAt >= 3000) server.expireTokens();
      await Promise.all([send("/forbidden"), get("/me")]);
    }
    // Tokens of 3 s need twelve in any case.
    expect(server.received(refreshes)).toBeLessThanOrEqual(12 + 3);
    expect(auth.getState()).toMatchObject({ status: "authenticated", error: null });
  });

  test("the endpoint waits also if a healthy one shares the refresh", async () => {
    const { server, send, get } = await client.setup();
    server.on("/forbidden", answer(401, {}));
    for (let round = 1; round <= 3; round += 1) {
      server.expireTokens();
      await Promise.all([send("/forbidden"), get("/me")]);
      await send("/forbidden");
      expect(server.received(refreshes)).toBe(round);
    }
  });

  test("one refresh in vain is not counted once for each of its replays", async () => {
    const { server, auth, clock, send } = await client.setup({ signedIn: false });
    server.tokens.make = opaque;
    await auth.login({ password: "right" });
    server.on("/forbidden", answer(401, {}));
    await Promise.all(Array.from({ length: 20 }, () => send("/forbidden")));
    await clock.advance(10_000);
    await send("/forbidden");
    expect(server.received(refreshes)).toBe(2);
  });

  test("endpoints whose paths hold ids are not remembered for ever", async () => {
    const { server, send, get } = await client.setup();
    for (let id = 0; id <= 100; id += 1) {
      server.on(`/rides/${id}`, answer(401, {}));
      await send(`/rides/${id}`);
      await get("/me");
    }
    await send("/rides/100");
    expect(server.received(refreshes)).toBe(101);
    await send("/rides/0");
    expect(server.received(refreshes)).toBe(102);
  });

  test("a body that cannot be sent again costs one refresh, however often the app tries", async () => {
    const { server, auth, send } = await client.setup();
    server.on("/upload", answer(401, {}));
    server.on("/film", answer(401, {}));
    for (const path of ["/upload", "/upload", "/film", "/film"]) {
      await send(path, { method: "POST", body: client.stream("photo") });
    }
    expect(server.received(refreshes)).toBe(2);
    // Nothing was replayed, so nothing is known of the session.
    expect(auth.getState().error).toBeNull();
  });

  test("a 401 is what a `refreshOn` function calls expired", async () => {
    const refreshOn = async ({ json }: { json(): Promise<unknown> }) =>
      JSON.stringify(await json()).includes("expired");
    const { server, send, get } = await client.setup({ refreshOn });
    server.on("/forbidden", answer(200, { code: "expired" }));
    await send("/forbidden");
    await send("/forbidden");
    expect(server.received(refreshes)).toBe(1);
    server.expireTokens();
    await get("/me");
    expect(server.received(refreshes)).toBe(2);
    server.on("/forbidden", answer(401, { code: "no right to it" }));
    await send("/forbidden");
    server.on("/forbidden", answer(200, { code: "expired" }));
    await send("/forbidden");
    expect(server.received(refreshes)).toBe(3);
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
});

test("the same path of another origin is another endpoint", async () => {
  const elsewhere = await startAuthServer();
  onTestFinished(elsewhere.close);
  const { server, auth } = await setup({ allowedOrigins: [elsewhere.url] });
  for (const each of [server, elsewhere]) each.on("/ride", answer(401, {}));
  for (const round of [1, 2]) {
    await failure(auth.api.get("/ride"));
    await auth.api.get("/me");
    await failure(auth.api.get(`${elsewhere.url}/ride`));
    await auth.api.get("/me");
    expect([round, server.received(refreshes)]).toEqual([round, 2]);
  }
  await auth.fetch(`${elsewhere.url}/ride`);
  expect(server.received(refreshes)).toBe(2);
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

test.each(clients)(
  "%s, 9: a replay with a token that no refresh brought makes none vain",
  async (client) => {
    const { server, auth, send } = await client.setup();
    const first = await auth.getAccessToken();
    const go = deferred();
    server.on("/late", ({ token }, response) =>
      token === first ? go.promise.then(() => sendJSON(response, 401, {})) : "default",
    );
    const late = send("/late");
    await expect.poll(() => server.received("/late")).toBe(1);
    await auth.login({ password: "right" });
    server.expireTokens();
    go.resolve();
    expect(await late).toMatchObject({ status: 401 });
    expect(await send("/me")).toMatchObject({ status: 200 });
  },
);

describe.each(clients)("%s, 9: a refresh that cures nothing", (client) => {
  test("is not repeated for 10 s, doubling to 5 min", async () => {
    const { server, auth, clock, send } = await client.setup();
    server.tokens.lifetimeSeconds = 1e6;
    await auth.getAccessToken({ forceRefresh: true });
    server.on("/forbidden", (_, response) => sendJSON(response, 401, {}));
    const refreshed = () => server.received(refreshes);
    for (const seconds of [10, 20, 40, 80, 160, 300, 300]) {
      const before = refreshed();
      await send("/forbidden");
      expect(refreshed()).toBe(before + 1);
      await clock.advance(seconds * 1000 - 1);
      await send("/forbidden");
      expect(refreshed()).toBe(before + 1);
      await clock.advance(1);
    }
  });

  test("is forgotten when a replay to the endpoint succeeds: the next one counts as the first", async () => {
    const { server, clock, send, get } = await client.setup();
    const forbid = () => server.on("/ride", (_, response) => sendJSON(response, 401, {}));
    forbid();
    await send("/ride");
    await clock.advance(10_000);
    server.off("/ride");
    server.expireTokens();
    await get("/ride");
    forbid();
    await send("/ride");
    const refreshed = server.received(refreshes);
    await clock.advance(10_000);
    await send("/ride");
    expect(server.received("POST /auth/refresh")).toBe(refreshed + 1);
  });

  test("is forgotten by a login", async () => {
    const { server, auth, send } = await client.setup();
    server.on("/forbidden", (_, response) => sendJSON(response, 401, {}));
    await send("/forbidden");
    await auth.login({ password: "right" });
    server.expireTokens();
    expect(await send("/me")).toMatchObject({ status: 200 });
  });

  test("counts once for fifty replays", async () => {
    const { server, clock, send, get } = await client.setup();
    server.on("/forbidden", (_, response) => sendJSON(response, 401, {}));
    await Promise.allSettled(Array.from({ length: 50 }, () => get("/forbidden")));
    await clock.advance(10_000);
    await send("/forbidden");
    expect(server.received("POST /auth/refresh")).toBe(2);
  });
});

test("a 401 to the replay with the token of a login blames no refresh", async () => {
  const { server, auth } = await setup();
  const held = deferred();
  server.on("/forbidden", (request, response) =>
    held.promise.then(() => answer(401, {})(request, response)),
  );
  const first = failure(auth.api.get("/forbidden"));
  await expect.poll(() => server.received("/forbidden")).toBe(1);
  await auth.login({ password: "right" });
  held.resolve();
  expect(await first).toMatchObject({ status: 401 });
  expect(server.received("/forbidden")).toBe(2);
  await failure(auth.api.get("/forbidden"));
  expect(server.received(refreshes)).toBe(1);
});

test("after refreshes that did not help twice, a login makes the next 401 count as the first", async () => {
  const { server, auth, clock } = await setup();
  server.on("/forbidden", answer(401, {}));
  await failure(auth.api.get("/forbidden"));
  await clock.advance(10_000);
  await failure(auth.api.get("/forbidden"));
  expect(server.received(refreshes)).toBe(2);
  await auth.login({ password: "right" });
  await failure(auth.api.get("/forbidden"));
  expect(server.received(refreshes)).toBe(3);
});

test("the good answer of an endpoint leaves the error of a refresh that has failed", async () => {
  const { server, auth } = await setup();
  server.on("/forbidden", answer(401, {}));
  await failure(auth.api.get("/forbidden"));
  server.on(refreshes, answer(503));
  await failure(auth.getAccessToken({ forceRefresh: true }));
  await auth.api.get("/me");
  expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 503 });
});
