import { describe, expect, test } from "vitest";
import { after, answer, drop, hang } from "../support/answers.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

describe("getAccessToken() while the session is being restored", () => {
  test("waits and gives the restored token", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    expect(await auth.getAccessToken()).toBeTypeOf("string");
    expect(server.received()).toBe(1);
  });

  test("gives null to a visitor", async () => {
    const { auth } = await setup({ signedIn: false });
    expect(await auth.getAccessToken()).toBeNull();
  });

  test("rejects when the attempt fails in transit", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.on(refreshes, drop);
    expect(await failure(auth.getAccessToken())).toMatchObject({ code: "unavailable" });
    expect(auth.getState().status).toBe("loading");
  });

  test("can be given up, and the restoration goes on", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    const controller = new AbortController();
    const waiting = failure(auth.getAccessToken({ signal: controller.signal }));
    controller.abort(new Error("enough"));
    expect(await waiting).toMatchObject({ message: "enough" });
    expect(await auth.ready()).toMatchObject({ status: "authenticated" });
    expect(server.received(refreshes)).toBe(1);
  });
});

test("getAccessToken() forced while the session is being restored is one refresh: its token is new", async () => {
  const { server, auth } = await setup({ signedIn: false });
  server.signInBefore();
  expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  expect(server.received(refreshes)).toBe(1);
});

test.each([{}, { forceRefresh: true }])(
  "getAccessToken(%o) with a signal aborted before rejects, and sends nothing",
  async (wanted) => {
    const { server, auth } = await setup();
    const signal = AbortSignal.abort(new Error("enough"));
    const before = server.received();
    await expect(auth.getAccessToken({ signal, ...wanted })).rejects.toThrow("enough");
    await server.fetch(`${server.url}/ping`, {});
    expect(server.received()).toBe(before + 1);
  },
);

describe("getAccessToken() of a signed-in user", () => {
  test("sends nothing while the token is fresh", async () => {
    const { server, auth, clock } = await setup();
    const token = await auth.getAccessToken();
    await clock.advance(500_000);
    expect(await auth.getAccessToken()).toBe(token);
    expect(server.received(refreshes)).toBe(0);
  });

  test("past the soft margin gives the current token at once and renews behind it", async () => {
    const { server, auth, clock } = await setup();
    const token = await auth.getAccessToken();
    server.on(refreshes, hang);
    await clock.advance(550_000);
    expect(await auth.getAccessToken()).toBe(token);
    await expect.poll(() => server.received(refreshes)).toBe(1);
  });

  test("past the hard margin waits for a new one", async () => {
    const { server, auth, clock } = await setup();
    const token = await auth.getAccessToken();
    await clock.advance(596_000);
    expect(await auth.getAccessToken()).not.toBe(token);
    expect(server.received(refreshes)).toBe(1);
  });

  test("asked for fifty times, forced, is one refresh and one token", async () => {
    const { server, auth } = await setup();
    const tokens = await Promise.all(
      Array.from({ length: 50 }, () => auth.getAccessToken({ forceRefresh: true })),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(server.received(refreshes)).toBe(1);
  });

  test("is null when the token is due and the refresh is refused", async () => {
    const { server, auth, clock, logouts } = await setup();
    server.revokeSession();
    await clock.advance(700_000);
    expect(await auth.getAccessToken()).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test("is null after logout, forced or not", async () => {
    const { server, auth } = await setup();
    await auth.logout();
    expect(await auth.getAccessToken()).toBeNull();
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(server.received(refreshes)).toBe(0);
  });

  test("forced rejects when no new one can be had, though the current one is good", async () => {
    const { server, auth } = await setup();
    const token = await auth.getAccessToken();
    server.on(refreshes, answer(503));
    const forced = failure(auth.getAccessToken({ forceRefresh: true }));
    expect(await forced).toMatchObject({ code: "unavailable", status: 503 });
    expect(await auth.getAccessToken()).toBe(token);
  });

  test("forced in a pause rejects without asking the server, and after it asks again", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, answer(503));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    server.off(refreshes);
    await failure(auth.getAccessToken({ forceRefresh: true }));
    expect(server.received(refreshes)).toBe(1);
    await clock.advance(1000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("given up by one leaves the refresh to the others", async () => {
    const { server, auth } = await setup();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const controller = new AbortController();
    const first = auth.getAccessToken({ forceRefresh: true, signal: controller.signal });
    const givenUp = failure(first);
    const other = auth.getAccessToken({ forceRefresh: true });
    controller.abort();
    expect(await givenUp).toMatchObject({ name: "AbortError" });
    go.resolve();
    expect(await other).toBeTypeOf("string");
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("getAccessToken", () => {
  test("gives the current token, and a new one if forced", async () => {
    const { server, auth } = await setup();
    const token = await auth.getAccessToken();
    expect(await auth.getAccessToken()).toBe(token);
    expect(await auth.getAccessToken({ forceRefresh: true })).not.toBe(token);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("is null when nobody is signed in, or the refresh is refused", async () => {
    const { auth } = await setup({ signedIn: false });
    expect(await auth.getAccessToken()).toBeNull();
    const refused = await setup();
    refused.server.revokeSession();
    expect(await refused.auth.getAccessToken({ forceRefresh: true })).toBeNull();
  });

  test("rejects if the token is due and no new one can be had", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    await clock.advance(700_000);
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: "unavailable" });
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: "unavailable" });
  });

  test("can be given up", async () => {
    const { server, auth } = await setup();
    server.on("POST /auth/refresh", () => {});
    const controller = new AbortController();
    const waiting = auth.getAccessToken({ forceRefresh: true, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });
});
