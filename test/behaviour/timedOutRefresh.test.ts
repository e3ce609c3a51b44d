import { describe, expect, test } from "vitest";
import { after, answer, hang } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { roundTrip } from "../support/roundTrip.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

describe.each(clients)("%s, 8: when the refresh is not answered", (client) => {
  test("its late token does not count once a later call has succeeded", async () => {
    const { server, auth, clock, events, get } = await client.setup();
    const held = deferred();
    let calls = 0;
    server.on("POST /auth/refresh", async (_, response) => {
      calls += 1;
      if (calls > 1) return "default";
      await held.promise;
      return sendJSON(response, 200, { accessToken: "late" });
    });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    await auth.restore();
    const received = events.filter(({ type }) => type === "token-received").length;
    held.resolve();
    await get("/me");
    expect(await auth.getAccessToken()).not.toBe("late");
    expect(events.filter(({ type }) => type === "token-received")).toHaveLength(received);
  });
});

describe("when the refresh is not answered", () => {
  test("the waiters end with `timeout` at the limit, and the call is not aborted", async () => {
    const { server, auth, clock, logouts } = await setup({ refreshTimeoutMs: 5000 });
    server.on("POST /auth/refresh", () => {});
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(4999);
    expect(auth.getState().error).toBeNull();
    await clock.advance(1);
    expect(await waiting).toMatchObject({ code: "timeout" });
    expect(server.requests.at(-1)?.aborted).toBe(false);
    expect(logouts).toEqual([]);
  });

  test("a late failure changes nothing more", async () => {
    const { server, auth, clock, events } = await setup();
    const held = deferred();
    server.on("POST /auth/refresh", async (_, response) => {
      await held.promise;
      response.writeHead(503).end();
    });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    const before = events.length;
    held.resolve();
    await auth.ready();
    await clock.advance(0);
    expect(events).toHaveLength(before);
    expect(auth.getState().error?.code).toBe("timeout");
  });

  test("its late token counts", async () => {
    const { server, auth, clock } = await setup();
    const first = await auth.getAccessToken();
    const held = deferred<"default">();
    server.on("POST /auth/refresh", () => held.promise);
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    held.resolve("default");
    await expect.poll(() => auth.getAccessToken()).not.toBe(first);
    expect(auth.getState().error).toBeNull();
  });

  test("its late token does not count once a later refresh has brought one", async () => {
    const { server, auth, clock } = await setup();
    const held = deferred();
    server.on(refreshes, async (_, response) => {
      if (server.received(refreshes) > 1) return "default";
      await held.promise;
      return sendJSON(response, 200, { accessToken: "late" });
    });
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    await waiting;
    await clock.advance(1000);
    const token = await auth.getAccessToken({ forceRefresh: true });
    held.resolve();
    await roundTrip(server);
    expect(await auth.getAccessToken()).toBe(token);
  });

  test("its late refusal does not count while a younger call is under way", async () => {
    const { server, auth, clock, logouts } = await setup();
    const [first, second] = [deferred(), deferred()];
    server.on(refreshes, async (_, response) => {
      const isFirst = server.received(refreshes) === 1;
      await (isFirst ? first : second).promise;
      if (!isFirst) return "default";
      return sendJSON(response, 401, {});
    });
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(10_000);
    await waiting;
    await clock.advance(1000);
    const token = auth.getAccessToken({ forceRefresh: true });
    await expect.poll(() => server.received(refreshes)).toBe(2);
    first.resolve();
    await roundTrip(server);
    second.resolve();
    expect(await token).toBeTypeOf("string");
    expect(logouts).toEqual([]);
  });

  test("its late refusal counts, if no younger call is about to speak", async () => {
    const { server, auth, clock, logouts } = await setup();
    const held = deferred();
    server.on("POST /auth/refresh", async (_, response) => {
      await held.promise;
      sendJSON(response, 401, {});
    });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(10_000);
    await waiting;
    held.resolve();
    await expect.poll(() => logouts).toEqual(["refused"]);
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

describe("a refresh that is not answered", () => {
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
