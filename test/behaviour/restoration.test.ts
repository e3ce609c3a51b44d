import { describe, expect, test } from "vitest";
import { after, answer, drop, hang } from "../support/answers.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { roundTrip } from "../support/roundTrip.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

describe.each(clients)("%s, 19: when the page loads", (client) => {
  test("fifty requests wait for one refresh, and all are sent with its token", async () => {
    const { server, get } = await client.setup({ signedIn: false });
    server.signInBefore();
    await Promise.all(Array.from({ length: 50 }, () => get("/me")));
    expect(server.received()).toBe(51);
    expect(server.received(refreshes)).toBe(1);
  });

  test("a visitor's requests go out without a token, and no onLogout fires", async () => {
    const { server, auth, logouts, get } = await client.setup({ signedIn: false });
    server.on("/public", answer(200, {}));
    await get("/public");
    expect(server.requests.at(-1)?.headers).not.toHaveProperty("authorization");
    expect(auth.getState()).toMatchObject({ status: "unauthenticated", expiredUser: null });
    expect(logouts).toEqual([]);
  });
});

describe("when the page loads", () => {
  test("the state goes from loading to authenticated in one step, and subscribers hear one", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    const heard: unknown[] = [auth.getState().status];
    auth.subscribe(() => heard.push(auth.getState().status));
    await auth.ready();
    expect(heard).toEqual(["loading", "authenticated"]);
  });

  test("a refresh that renews the token it is sent with is not called without one", async () => {
    const { server, auth, logouts } = await setup({
      signedIn: false,
      refresh: { url: "/auth/refresh", sendToken: true },
    });
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated", error: null });
    expect(server.received()).toBe(0);
    expect(logouts).toEqual([]);
    await auth.login({ password: "right" });
    server.signInBefore();
    await auth.getAccessToken({ forceRefresh: true });
    expect(server.received(refreshes)).toBe(1);
  });

  test("ready() gives the same promise until something changes", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.signInBefore();
    server.on(refreshes, drop);
    const failing = auth.ready();
    expect(auth.ready()).toBe(failing);
    await expect(failing).rejects.toMatchObject({ code: "unavailable" });

    server.off(refreshes);
    const restored = auth.ready();
    expect(restored).not.toBe(failing);
    await clock.advance(2000);
    const { user } = await restored;
    expect(auth.ready()).toBe(restored);
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.ready()).toBe(restored);

    auth.setUser({ ...user, name: "Ada Lovelace" });
    expect(auth.ready()).not.toBe(restored);
    expect(await auth.ready()).toBe(auth.getState());
    expect(auth.ready()).toBe(auth.ready());
  });

  test("ready() of an Auth that is disposed of meanwhile, or was, rejects", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on(refreshes, hang);
    const waiting = [auth.ready(), auth.ready({ signal: new AbortController().signal })];
    auth.dispose();
    for (const each of [...waiting, auth.ready()]) {
      expect(await failure(each)).toMatchObject({ code: "disposed" });
    }
  });

  test("ready() afterwards gives the state at once and sends nothing", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    await auth.ready();
    expect(await auth.ready()).toBe(auth.getState());
    expect(server.received()).toBe(1);
  });

  test("a login before the answer is not undone by it", async () => {
    const { server, auth, logouts } = await setup({ signedIn: false });
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const ready = auth.ready();
    const login = auth.login({ password: "right" });
    go.resolve();
    expect(await login).toMatchObject({ status: "authenticated" });
    await ready;
    expect(auth.getState().status).toBe("authenticated");
    expect(logouts).toEqual([]);
  });
});

test("with `restore: never`, a login before ready() is left alone by it", async () => {
  const { auth, logouts } = await setup({ restore: "never" });
  expect(await auth.ready()).toMatchObject({ status: "authenticated" });
  expect(logouts).toEqual([]);
});

describe.each(clients)("%s, 19: with the API down", (client) => {
  test("requests end at once, unsent, while the status stays loading", async () => {
    const { server, auth, send } = await client.setup({ signedIn: false });
    server.on(refreshes, answer(503));
    await failure(auth.ready());
    expect(await send("/me")).toMatchObject({ code: "unavailable" });
    expect(server.received("/me")).toBe(0);
    expect(auth.getState()).toMatchObject({ isLoading: true, error: { status: 503 } });
  });
});

describe("with the API down", () => {
  test("the restoration tries again by itself after each pause, and then recovers", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.signInBefore();
    server.on(refreshes, answer(503));
    await failure(auth.ready());
    for (const [count, seconds] of [1, 2, 4, 8].entries()) {
      expect(server.received(refreshes)).toBe(count + 1);
      const attempt = failure(auth.ready());
      await clock.advance(seconds * 1000);
      expect(await attempt).toMatchObject({ code: "unavailable" });
    }
    server.off(refreshes);
    await clock.advance(16_000);
    expect(await auth.ready()).toMatchObject({ status: "authenticated", error: null });
  });

  test("a lost network is tried again as soon as it is back", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.signInBefore();
    server.on(refreshes, drop);
    await failure(auth.ready());
    server.off(refreshes);
    const next = auth.ready();
    clock.wake();
    expect(await next).toMatchObject({ status: "authenticated" });
    expect(clock.timers()).toBe(0);
  });

  test("an attempt that is not answered rejects `timeout`, and its late answer still restores", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.signInBefore();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const ready = failure(auth.ready());
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    expect(await ready).toMatchObject({ code: "timeout" });
    const next = auth.ready();
    go.resolve();
    expect(await next).toMatchObject({ status: "authenticated", error: null });
  });

  test("a visitor becomes one when it is up again", async () => {
    const { server, auth, clock, logouts } = await setup({ signedIn: false });
    server.on(refreshes, answer(502));
    await failure(auth.ready());
    const next = auth.ready();
    server.off(refreshes);
    await clock.advance(1000);
    expect(await next).toMatchObject({ status: "unauthenticated", error: null });
    expect(logouts).toEqual([]);
  });

  test("a login ends the waiting and the attempts", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.on(refreshes, answer(503));
    await failure(auth.ready());
    const next = auth.ready();
    await auth.login({ password: "right" });
    expect(await next).toMatchObject({ status: "authenticated", error: null });
    await clock.advance(60_000);
    expect(server.received(refreshes)).toBe(1);
    expect(clock.timers()).toBe(0);
  });

  test("a logout ends the waiting and the attempts", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.on(refreshes, answer(503));
    await failure(auth.ready());
    const next = auth.ready();
    await auth.logout();
    expect(await next).toMatchObject({ status: "unauthenticated" });
    await clock.advance(60_000);
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("restore()", () => {
  test("signs in whoever signed in outside the library", async () => {
    const { server, auth } = await setup({ signedIn: false });
    await auth.ready();
    server.signInBefore();
    expect(await auth.restore()).toMatchObject({ status: "authenticated", user: { sub: "u1" } });
  });

  test("that is refused ends the session there was", async () => {
    const { server, auth, logouts } = await setup();
    server.revokeSession();
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
    expect(logouts).toEqual(["refused"]);
  });

  test("tries even in a pause", async () => {
    const { server, auth } = await setup();
    server.on(refreshes, answer(503));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    server.off(refreshes);
    expect(await auth.restore()).toMatchObject({ status: "authenticated", error: null });
  });

  test("never makes the status `loading` again", async () => {
    const { server, auth } = await setup();
    server.on(refreshes, hang);
    const restoring = failure(auth.restore());
    await expect.poll(() => server.received(refreshes)).toBe(1);
    expect(auth.getState().status).toBe("authenticated");
    void auth.logout();
    expect(await restoring).toMatchObject({ code: "session_ended" });
  });

  test("that finds another user is a switch, and resolves with that one", async () => {
    const { server, auth, logouts } = await setup();
    server.tokens.claims = { sub: "u2" };
    expect(await auth.restore()).toMatchObject({ user: { sub: "u2" } });
    expect(logouts).toEqual(["switched"]);
  });

  test("settles an owed logout, which then ends nobody's new session", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/logout", drop);
    await auth.logout();
    server.signInBefore();
    await auth.restore();
    clock.wake();
    await roundTrip(server);
    expect(server.received("POST /auth/logout")).toBe(1);
  });

  test("settles one that is being told, which is then not told again", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    server.on("POST /auth/logout", (_, response) =>
      go.promise.then(() => void response.writeHead(503).end()),
    );
    const telling = auth.logout();
    await expect.poll(() => server.received("POST /auth/logout")).toBe(1);
    const restored = auth.restore();
    go.resolve();
    expect(await telling).toEqual({ serverTold: false });
    expect(await restored).toMatchObject({ status: "authenticated" });
    expect(clock.timers()).toBe(0);
  });

  test("settles one that waits for its turn, which then renews nothing for it", async () => {
    const logout = { url: "/auth/logout", sendToken: true };
    const { server, auth, clock } = await setup({ logout });
    const go = deferred();
    server.on(refreshes, after(go.promise));
    await clock.advance(700_000);
    const renewing = failure(auth.getAccessToken());
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const telling = auth.logout();
    const restored = auth.restore();
    go.resolve();
    expect(await telling).toEqual({ serverTold: false });
    expect(await restored).toMatchObject({ status: "authenticated" });
    await renewing;
    expect(server.received(refreshes)).toBe(2);
  });
});

describe.each(clients)("%s, 19: a visitor's requests", (client) => {
  test("wait for one restoration, and start no refresh after it", async () => {
    const { server, send } = await client.setup({ signedIn: false });
    for (const path of ["/a", "/b"]) {
      expect(await send(path)).toMatchObject({ status: 401 });
      expect(server.requests.at(-1)?.token).toBeUndefined();
    }
    expect(server.received("POST /auth/refresh")).toBe(1);
  });
});

describe("the restoration", () => {
  test("is started by the first ready(), request or getAccessToken(), and is one refresh", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    expect(server.received()).toBe(0);
    await Promise.all([auth.ready(), auth.api.get("/me"), auth.getAccessToken(), auth.ready()]);
    expect(auth.getState().status).toBe("authenticated");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("is not needed once someone has signed in", async () => {
    const { server, auth } = await setup();
    expect(await auth.ready()).toMatchObject({ status: "authenticated" });
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("of a visitor ends unauthenticated without an error; requests go out without a token", async () => {
    const { server, auth } = await setup({ signedIn: false });
    await expect(auth.api.get("/me")).rejects.toMatchObject({ response: { status: 401 } });
    expect(auth.getState()).toMatchObject({ status: "unauthenticated", error: null });
    expect(server.received("/me")).toBe(1);
  });

  test("with the API down rejects each attempt, goes on by itself, and a later ready() waits", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.signInBefore();
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    await expect(auth.ready()).rejects.toMatchObject({ code: "unavailable" });
    await expect(auth.api.get("/me")).rejects.toMatchObject({ code: "unavailable" });
    expect(auth.getState()).toMatchObject({ status: "loading", error: { code: "unavailable" } });
    const next = auth.ready();
    server.off("POST /auth/refresh");
    await clock.advance(1000);
    expect(await next).toMatchObject({ status: "authenticated", error: null });
  });

  test("ready() can be given up without harm to the attempt", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    const controller = new AbortController();
    const waiting = auth.ready({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    expect(await auth.ready()).toMatchObject({ status: "authenticated" });
  });

  test("`never` starts signed out and sends nothing; restore() tries all the same", async () => {
    const { server, auth } = await setup({ signedIn: false, restore: "never" });
    server.signInBefore();
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated" });
    expect(server.received()).toBe(0);
    expect(await auth.restore()).toMatchObject({ status: "authenticated" });
  });

  test("restore() of nobody resolves unauthenticated; in transit it rejects", async () => {
    const { server, auth } = await setup({ signedIn: false });
    expect(await auth.restore()).toMatchObject({ status: "unauthenticated" });
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(500).end());
    await expect(auth.restore()).rejects.toMatchObject({ code: "unavailable" });
    expect(auth.getState().status).toBe("unauthenticated");
  });
});
