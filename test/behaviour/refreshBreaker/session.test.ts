import { describe, expect, test } from "vitest";
import { after, answer } from "../../support/answers.js";
import { sendJSON } from "../../support/authServer.js";
import { clients } from "../../support/clients.js";
import { deferred } from "../../support/deferred.js";
import { failure } from "../../support/failure.js";
import { setup } from "../../support/setup.js";

const refreshes = "POST /auth/refresh";
/** Tells nothing of its age. */
const opaque = () => `opaque-${Math.random()}`;

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

test("a 401 leaves the error of a refresh that has failed since", async () => {
  const { server, auth } = await setup();
  for (const path of ["/a", "/b"]) {
    server.on(path, answer(401, {}));
    await failure(auth.api.get(path));
  }
  expect(auth.getState().error).toMatchObject({ status: 401 });
  server.on(refreshes, answer(503));
  await failure(auth.getAccessToken({ forceRefresh: true }));
  await failure(auth.api.get("/a"));
  expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 503 });
});
