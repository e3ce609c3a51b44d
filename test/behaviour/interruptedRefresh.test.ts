import { describe, expect, test } from "vitest";
import { after, answer, drop, hang } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

describe.each(clients)("%s, 7: a refresh that fails in transit", (client) => {
  test("keeps the session: nobody is signed out and the user stays on the screen", async () => {
    const { server, auth, logouts, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, drop);
    expect(await send("/me")).toMatchObject({ status: 401 });
    expect(auth.getState()).toMatchObject({ status: "authenticated", user: { sub: "u1" } });
    expect(logouts).toEqual([]);
  });

  test("ends a request not yet sent without sending it, and names the cause", async () => {
    const { server, clock, send } = await client.setup();
    server.on(refreshes, answer(503));
    await clock.advance(700_000);
    const end = await send("/me");
    expect(end).toMatchObject({ code: "unavailable", error: { name: "AuthError", status: 503 } });
    expect(end).not.toHaveProperty("status");
    expect(server.received("/me")).toBe(0);
  });

  test("is tried again by the next request after the pause, and not by a timer", async () => {
    const { server, auth, clock, send, get } = await client.setup();
    server.expireTokens();
    server.on(refreshes, answer(503));
    expect(await send("/me")).toMatchObject({ status: 401 });
    expect(clock.timers()).toBe(0);
    server.off(refreshes);
    await clock.advance(1000);
    expect(server.received(refreshes)).toBe(1);
    await get("/me");
    expect(auth.getState().error).toBeNull();
  });

  test("for a fault of the options is paused too: 404 is not hammered", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, answer(404));
    for (const _ of [1, 2, 3]) {
      expect(await send("/me")).toMatchObject({
        status: 401,
        ...client.because({ code: "misconfigured", status: 404 }),
      });
    }
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("7: a refresh that fails in transit", () => {
  test("starts the pauses anew after a success", async () => {
    const { server, auth, clock } = await setup();
    const fail = async () => {
      server.on(refreshes, answer(503));
      await failure(auth.getAccessToken({ forceRefresh: true }));
      server.off(refreshes);
    };
    await fail();
    await clock.advance(1000);
    await auth.getAccessToken({ forceRefresh: true });
    await fail();
    expect(auth.getState().error?.retryAt).toBe(clock.platform.now() + 1000);
  });

  test("starts a pause that is over when the device slept through it", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, answer(503, "", { "retry-after": "60" }));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    server.off(refreshes);
    clock.sleep(60_000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("starts a pause that no clock set back prolongs", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, answer(503));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    server.off(refreshes);
    clock.setWallClock(0);
    await clock.advance(1000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("an answer cut off in its middle counts as none", async () => {
    const { server, auth, logouts } = await setup();
    server.on(refreshes, (_, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "999" });
      response.write('{"accessToken":', () => response.destroy());
    });
    const forced = failure(auth.getAccessToken({ forceRefresh: true }));
    expect(await forced).toMatchObject({ code: "unavailable" });
    expect(logouts).toEqual([]);
  });
});

describe.each(clients)("%s, 8: a refresh that is not answered", (client) => {
  test("ends fifty waiting requests by the time limit, each with its own 401", async () => {
    const { server, clock, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, hang);
    const waiting = Array.from({ length: 50 }, () => send("/me"));
    await expect.poll(() => server.received("/me")).toBe(50);
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    for (const end of await Promise.all(waiting)) {
      expect(end).toMatchObject({ status: 401, ...client.because({ code: "timeout" }) });
    }
    expect(server.received(refreshes)).toBe(1);
  });

  test("does not undo a login by its late token", async () => {
    const { server, auth, clock, get } = await client.setup();
    const go = deferred();
    server.on(refreshes, (_, response) =>
      go.promise.then(() => sendJSON(response, 200, { token: "late" })),
    );
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    await waiting;
    await auth.login({ password: "right" });
    const token = await auth.getAccessToken();
    go.resolve();
    await get("/me");
    expect(await auth.getAccessToken()).toBe(token);
  });
});

describe("8: a refresh that is not answered", () => {
  test("is given its time from when it is sent, not from when it was asked for", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/login", hang);
    server.on(refreshes, hang);
    const login = failure(auth.login({}));
    await expect.poll(() => server.received("POST /auth/login")).toBe(2);
    await clock.advance(6000);
    let isOver = false;
    const waiting = failure(auth.getAccessToken({ forceRefresh: true })).finally(() => {
      isOver = true;
    });
    await clock.advance(4000);
    await login;
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(9999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await waiting).toMatchObject({ code: "timeout" });
  });

  test("pauses for 1 s, and then another may go while the first is still on the wire", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, hang);
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    await waiting;
    server.off(refreshes);
    expect(await failure(auth.getAccessToken({ forceRefresh: true }))).toMatchObject({
      code: "timeout",
    });
    await clock.advance(1000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
    expect(server.requests.find(({ path }) => path === "/auth/refresh")?.aborted).toBe(false);
  });

  test("revives nothing by its late answer if the session ended meanwhile", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    await waiting;
    server.on("POST /auth/logout", answer(204));
    await auth.logout();
    const before = server.cookie();
    go.resolve();
    await expect.poll(() => server.cookie()).not.toBe(before);
    expect(await auth.getAccessToken()).toBeNull();
    expect(auth.getState().status).toBe("unauthenticated");
  });

  test("leaves the way free for a login", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, hang);
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const login = auth.login({ password: "right" });
    await clock.advance(10_000);
    await waiting;
    expect(await login).toMatchObject({ status: "authenticated", error: null });
  });
});
