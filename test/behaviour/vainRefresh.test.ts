import { describe, expect, onTestFinished, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { sendJSON, startAuthServer } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";
import { twoSignedIn } from "../support/tabbedBrowser.js";

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

describe.each(clients)("%s, 9: after two endpoints in a row were not cured", (client) => {
  /** A deactivated user, whose refresh still answers 200. */
  async function deactivated() {
    const made = await client.setup({ signedIn: false });
    made.server.tokens.make = opaque;
    await made.auth.login({ password: "right" });
    for (const path of ["/a", "/b", "/c"]) made.server.on(path, answer(401, {}));
    return made;
  }

  test("no 401 of the session starts a refresh: two in all, and the session stays", async () => {
    const { server, auth, logouts, send } = await deactivated();
    for (let round = 0; round < 3; round += 1) {
      for (const path of ["/a", "/b", "/c"])
        expect(await send(path)).toMatchObject({ status: 401 });
    }
    expect(server.received(refreshes)).toBe(2);
    expect(auth.getState()).toMatchObject({ status: "authenticated" });
    expect(logouts).toEqual([]);
  });

  test("the state and an event say so, and when the next 401 may start one", async () => {
    const { server, auth, clock, events, send } = await deactivated();
    await send("/a");
    expect(auth.getState().error).toBeNull();
    await send("/b");
    for (const [round, waitMs] of [10_000, 20_000, 40_000].entries()) {
      await send("/c");
      const retryAt = clock.platform.now() + waitMs;
      const error = { code: "unavailable", status: 401, retryAt };
      expect(auth.getState()).toMatchObject({ status: "authenticated", error });
      expect(events.filter(({ type }) => type === "paused").at(-1)).toMatchObject({
        type: "paused",
        until: retryAt,
        code: "unavailable",
        status: 401,
      });
      expect(server.received(refreshes)).toBe(2 + round);
      await clock.advance(waitMs);
      await send("/c");
    }
  });

  test("that both shared one refresh makes no difference", async () => {
    const { server, auth, send } = await deactivated();
    await Promise.all(["/a", "/b"].map((path) => send(path)));
    await send("/c");
    expect(server.received(refreshes)).toBe(1);
    expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 401 });
  });

  test("an answer that is not 401 ends it, whichever endpoint gives it", async () => {
    const { server, auth, send, get } = await deactivated();
    await send("/a");
    await send("/b");
    await get("/me");
    expect(auth.getState().error).toBeNull();
    server.expireTokens();
    await get("/me");
    expect(server.received(refreshes)).toBe(3);
  });

  test("one in between them does so before it begins", async () => {
    const { auth, send, get } = await deactivated();
    await send("/a");
    await get("/me");
    await send("/b");
    expect(auth.getState().error).toBeNull();
  });

  test("a replay that was cured after all ends it", async () => {
    const { server, auth, get, send } = await deactivated();
    const go = deferred();
    server.on("/slow", after(go.promise));
    server.expireTokens();
    const slow = get("/slow");
    await send("/a");
    await send("/b");
    expect(auth.getState().error).toMatchObject({ code: "unavailable" });
    go.resolve();
    await slow;
    expect(auth.getState().error).toBeNull();
  });

  test("a login ends it", async () => {
    const { server, auth, send } = await deactivated();
    await send("/a");
    await send("/b");
    await auth.login({ password: "right" });
    expect(auth.getState().error).toBeNull();
    await send("/c");
    expect(server.received(refreshes)).toBe(3);
    expect(auth.getState().error).toBeNull();
  });

  test("the state says so also after a refresh for another reason, as long as it holds", async () => {
    const { server, auth, send } = await deactivated();
    await send("/a");
    await send("/b");
    await auth.getAccessToken({ forceRefresh: true });
    await send("/c");
    expect(server.received(refreshes)).toBe(3);
    expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 401 });
  });

  test("a session that is restored after it counts from the start", async () => {
    const { server, auth, clock, send } = await deactivated();
    await send("/a");
    await send("/b");
    await auth.logout();
    server.signInBefore();
    await auth.restore();
    await send("/a");
    expect(auth.getState().error).toBeNull();
    await send("/b");
    expect(auth.getState().error).toMatchObject({ retryAt: clock.platform.now() + 10_000 });
  });

  test("nothing of it is said of a session that is over", async () => {
    const { server, auth, send } = await deactivated();
    await send("/a");
    server.on("/b", async (_, response) => {
      if (server.received("/b") === 2) {
        server.revokeSession();
        await auth.getAccessToken({ forceRefresh: true });
      }
      sendJSON(response, 401, {});
    });
    await send("/b");
    expect(auth.getState()).toMatchObject({
      status: "unauthenticated",
      error: { code: "refused" },
    });
  });
});

test("9: the same path of another origin is another endpoint", async () => {
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

test("9: two tabs that hand each other the tokens of refreshes in vain stop all the same", async () => {
  const { server, one, two, soon } = await twoSignedIn();
  server.on("/me", answer(401, {}));
  for (let round = 0; round < 20; round += 1) {
    for (const { auth } of [one, two]) await soon(failure(auth.api.get("/me")));
  }
  expect(server.received(refreshes)).toBe(4);
  for (const { auth } of [one, two]) expect(auth.getState().error).toBeNull();
});

test("9: nor do healthy endpoints beside it keep them going", async () => {
  const { server, one, two, soon } = await twoSignedIn();
  server.on("/forbidden", answer(401, {}));
  for (let round = 0; round < 20; round += 1) {
    for (const { auth } of [one, two]) {
      await soon(failure(auth.api.get("/forbidden")));
      await soon(auth.api.get("/me"));
    }
  }
  expect(server.received(refreshes)).toBe(4);
});

test("9: two tabs of a deactivated user stop, and both say so", async () => {
  const { server, one, two, soon } = await twoSignedIn();
  const paths = ["/a", "/b", "/c"];
  for (const path of paths) server.on(path, answer(401, {}));
  for (let round = 0; round < 20; round += 1) {
    for (const { auth } of [one, two]) {
      for (const path of paths) await soon(failure(auth.api.get(path)));
    }
  }
  expect(server.received(refreshes)).toBeLessThanOrEqual(6);
  for (const { auth } of [one, two]) {
    expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 401 });
  }
});
