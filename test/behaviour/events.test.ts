import { createAuth, type AuthEvent } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { after, answer, drop } from "../support/answers.js";
import { startAuthServer } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

type EventOf<Type> = Extract<AuthEvent, { type: Type }>;
type RequestEvent = Extract<AuthEvent, { id: number }>;

/** The events of this type, as they came. */
function only<Type extends AuthEvent["type"]>(
  events: readonly AuthEvent[],
  type: Type,
): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

describe("onEvent", () => {
  test("tells whoever listens late nothing of a request whose start nobody heard", async () => {
    const server = await startAuthServer();
    onTestFinished(() => server.close());
    const auth = createAuth({ baseURL: server.url, fetch: server.fetch });
    onTestFinished(() => auth.dispose());
    await auth.login({ password: "right" });
    server.expireTokens();
    const events: string[] = [];
    server.on(refreshes, () => {
      auth.onEvent(({ type }) => events.push(type));
      return "default";
    });
    await auth.api.get("/me");
    expect(events).toContain("token-received");
    expect(events.filter((type) => type.startsWith("request"))).toEqual([]);
    await auth.api.get("/me");
    expect(events.filter((type) => type.startsWith("request"))).toEqual([
      "request-sent",
      "request-answered",
    ]);
  });

  test("tells of one request under one id: sent, replayed, answered", async () => {
    const { server, auth, events } = await setup();
    server.expireTokens();
    await auth.api.put("/rides/7?token=x");
    const told = events.filter((event): event is RequestEvent => "id" in event);
    expect(told.map(({ type, status }) => [type, status])).toEqual([
      ["request-sent", undefined],
      ["request-replayed", undefined],
      ["request-answered", 200],
    ]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
    expect(told[0]).toMatchObject({ method: "PUT", path: "/rides/7" });
  });

  test("tells of a request that nobody answers that it is over, once", async () => {
    const { server, auth, events } = await setup();
    server.on("/me", drop);
    await failure(auth.api.get("/me"));
    const told = events.filter((event): event is RequestEvent => "id" in event);
    expect(told.map(({ type, status }) => [type, status])).toEqual([
      ["request-sent", undefined],
      ["request-answered", undefined],
    ]);
  });

  test("tells of a request that fails by its status that once, too", async () => {
    const { server, auth, events } = await setup();
    server.on("/me", answer(500, {}));
    await failure(auth.api.get("/me"));
    expect(only(events, "request-answered").map(({ status }) => status)).toEqual([500]);
  });

  test("gives each request its own id", async () => {
    const { auth, events } = await setup();
    await Promise.all([auth.api.get("/a"), auth.api.get("/b")]);
    const ids = events.flatMap((event) => ("id" in event ? [event.id] : []));
    expect(new Set(ids).size).toBe(2);
  });

  test("names why each refresh was made", async () => {
    const { server, auth, clock, events } = await setup();
    await auth.restore();
    server.expireTokens();
    await auth.api.get("/me");
    await auth.getAccessToken({ forceRefresh: true });
    await clock.advance(700_000);
    await auth.api.get("/me");
    await clock.advance(550_000);
    await auth.api.get("/me");
    expect(only(events, "refresh-sent").map(({ cause }) => cause)).toEqual([
      "restore",
      "unauthorized",
      "forced",
      "expired",
      "ahead",
    ]);
  });

  test("tells what became of a refresh, and how long it took", async () => {
    const { server, auth, clock, events } = await setup();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const forced = auth.getAccessToken({ forceRefresh: true });
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(700);
    go.resolve();
    await forced;
    expect(only(events, "refresh-answered")).toEqual([
      {
        type: "refresh-answered",
        at: clock.platform.now(),
        cause: "forced",
        verdict: "success",
        status: 200,
        durationMs: 700,
      },
    ]);
  });

  test.each([
    [401, "refused"],
    [503, "unavailable"],
    [404, "misconfigured"],
  ])("says of %i: %s", async (status, verdict) => {
    const { server, auth, events } = await setup();
    server.on(refreshes, answer(status));
    await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
    expect(only(events, "refresh-answered")).toMatchObject([{ verdict, status }]);
  });

  test("tells of a pause: until when and why", async () => {
    const { server, auth, clock, events } = await setup();
    server.on(refreshes, answer(503, "", { "retry-after": "30" }));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    expect(only(events, "paused")).toEqual([
      {
        type: "paused",
        at: clock.platform.now(),
        until: clock.platform.now() + 30_000,
        code: "unavailable",
        status: 503,
      },
    ]);
  });

  test("tells of a token's lifetime and margins in milliseconds, of an unknown one nothing", async () => {
    const { server, auth, events } = await setup({ signedIn: false });
    server.tokens.body = { expires_in: 100 };
    server.tokens.make = () => "opaque";
    await auth.login({ password: "right" });
    server.tokens.body = {};
    await auth.getAccessToken({ forceRefresh: true });
    const [known, unknown] = only(events, "token-received");
    expect(known).toMatchObject({
      refreshAfterMs: 80_000,
      expiresAfterMs: 95_000,
      lifetimeMs: 100_000,
    });
    expect(unknown?.lifetimeMs).toBeUndefined();
    expect(unknown?.tokenVersion).toBe((known?.tokenVersion ?? 0) + 1);
  });

  test("tells how each session started and ended, under the session's number", async () => {
    const { server, auth, clock, events } = await setup();
    const at = clock.platform.now();
    server.tokens.claims = { sub: "u2" };
    await auth.login({ password: "right" });
    await auth.logout();
    const [first, second] = only(events, "session-started");
    expect(only(events, "session-ended")).toEqual([
      { type: "session-ended", at, scopeId: first?.scopeId, reason: "switched" },
      { type: "session-ended", at, scopeId: second?.scopeId, reason: "logout" },
    ]);
  });

  test("says when: by the wall clock, in milliseconds", async () => {
    const { auth, clock, events } = await setup({ signedIn: false });
    await clock.advance(5000);
    await auth.login({ password: "right" });
    expect(only(events, "session-started").map(({ at }) => at)).toEqual([clock.platform.now()]);
  });

  test("tells of a 401 that a new token is to cure, under the id of its request", async () => {
    const { server, auth, events } = await setup();
    server.expireTokens();
    await auth.api.get("/me");
    const sent = events.find((event): event is RequestEvent => "id" in event);
    expect(only(events, "token-rejected")).toMatchObject([{ request: sent?.id, status: 401 }]);
    const told = events.map(({ type }) => type);
    expect(told.indexOf("token-rejected")).toBeLessThan(told.indexOf("refresh-sent"));
  });

  test("tells of an endpoint whose 401 starts no refresh for a while", async () => {
    const { server, auth, clock, events } = await setup();
    server.on("/admin", answer(401, {}));
    await failure(auth.api.get("/admin"));
    const until = clock.platform.now() + 10_000;
    expect(only(events, "refresh-blocked")).toMatchObject([
      { method: "GET", path: "/admin", status: 401, until },
    ]);
  });

  test("tells that a pause is over before its time, and of none that ran out", async () => {
    const { server, auth, clock, events } = await setup();
    server.on(refreshes, answer(503, "", { "retry-after": "30" }));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    await clock.advance(31_000);
    server.off(refreshes);
    await auth.getAccessToken({ forceRefresh: true });
    expect(only(events, "resumed")).toEqual([]);
    server.on(refreshes, drop);
    await failure(auth.getAccessToken({ forceRefresh: true }));
    clock.wake();
    expect(only(events, "resumed")).toHaveLength(1);
  });

  test("tells that no 401 is cured any more, and that they are again", async () => {
    const { server, auth, events } = await setup();
    for (const path of ["/a", "/b"]) {
      server.on(path, answer(401, {}));
      await failure(auth.api.get(path));
    }
    expect(only(events, "paused")).toHaveLength(1);
    expect(only(events, "resumed")).toEqual([]);
    await auth.api.get("/me");
    expect(only(events, "resumed")).toHaveLength(1);
  });

  test("tells when a token was asked for", async () => {
    const { server, auth, clock, events } = await setup();
    const sentAt = clock.platform.now();
    const go = deferred();
    server.on(refreshes, after(go.promise));
    const forced = auth.getAccessToken({ forceRefresh: true });
    await expect.poll(() => server.received(refreshes)).toBe(1);
    await clock.advance(700);
    go.resolve();
    await forced;
    expect(only(events, "token-received").at(-1)).toMatchObject({ sentAt, at: sentAt + 700 });
  });

  test("first tells who asks for the history what happened before, the last 200 events", async () => {
    const { auth, events } = await setup();
    for (let count = 0; count < 110; count += 1) await auth.api.get("/me");
    const told: AuthEvent[] = [];
    auth.onEvent((event) => told.push(event), { history: true });
    expect(told).toEqual(events.slice(-200));
    await auth.logout();
    expect(told).toEqual(events.slice(-told.length));
    expect(told.at(-1)?.type).toBe("session-ended");
  });

  test("is silent once unsubscribed", async () => {
    const { auth } = await setup();
    const told: AuthEvent[] = [];
    const unsubscribe = auth.onEvent((event) => told.push(event));
    unsubscribe();
    await auth.api.get("/me");
    await auth.logout();
    expect(told).toEqual([]);
  });
});

test("no event and no state ever holds a token or a cookie, whatever happens", async () => {
  const { server, auth, clock, events } = await setup();
  const seen: unknown[] = [];
  auth.subscribe(() => seen.push(auth.getState()));
  const secrets = [await auth.getAccessToken(), server.cookie()];
  server.on(refreshes, answer(503, { token: secrets[0] }));
  await failure(auth.getAccessToken({ forceRefresh: true }));
  await clock.advance(1000);
  server.on(refreshes, answer(401, { token: secrets[0] }));
  await auth.getAccessToken({ forceRefresh: true });
  await auth.login({ password: "right" });
  secrets.push(await auth.getAccessToken(), server.cookie());
  await auth.logout();
  const text = JSON.stringify([events, seen]);
  expect(secrets.every((secret) => typeof secret === "string" && !text.includes(secret))).toBe(
    true,
  );
});

test("onEvent tells of no refresh that had to wait its turn and was not wanted any more", async () => {
  const { server, auth, events } = await setup();
  const login = deferred<"default">();
  server.on("POST /auth/login", () => login.promise);
  const signingIn = failure(auth.login({ password: "right" }));
  await expect.poll(() => server.received("POST /auth/login")).toBe(2);
  const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
  const telling = auth.logout();
  login.resolve("default");
  await Promise.all([signingIn, waiting, telling]);
  expect(only(events, "refresh-sent")).toEqual([]);
  expect(only(events, "refresh-answered")).toEqual([]);
  expect(server.received(refreshes)).toBe(0);
});

describe("expireToken", () => {
  test("makes the next request wait for a new token, without a 401", async () => {
    const { server, auth, events } = await setup();
    auth.expireToken();
    expect(only(events, "token-expired")).toHaveLength(1);
    expect(server.received(refreshes)).toBe(0);
    await Promise.all([auth.api.get("/me"), auth.fetch(`${server.url}/me`)]);
    expect(only(events, "refresh-sent").map(({ cause }) => cause)).toEqual(["expired"]);
    expect(server.received("GET /me")).toBe(2);
  });

  test("does nothing where nobody is signed in", async () => {
    const { auth, events } = await setup({ signedIn: false });
    auth.expireToken();
    expect(events).toEqual([]);
  });
});

test("events tell of requests, refreshes, pauses, tokens and sessions, with no token in them", async () => {
  const { server, auth, clock, events } = await setup();
  server.expireTokens();
  await auth.api.post("/orders?secret=1", {});
  await auth.logout();
  const types = events.map(({ type }: AuthEvent) => type);
  expect(types).toEqual([
    "token-received",
    "session-started",
    "request-sent",
    "token-rejected",
    "refresh-sent",
    "refresh-answered",
    "token-received",
    "request-replayed",
    "request-answered",
    "session-ended",
  ]);
  expect(events[2]).toEqual({
    type: "request-sent",
    at: clock.platform.now(),
    id: 1,
    method: "POST",
    path: "/orders",
    status: undefined,
  });
  expect(JSON.stringify(events)).not.toMatch(/eyJ|secret/);
});

describe("onEvent", () => {
  test("tells of a switch in its order: one session ended, another started", async () => {
    const { server, auth, events } = await setup();
    server.tokens.claims = { sub: "u2" };
    await auth.login({ password: "right" });
    const sessions = events.map(({ type }) => type).filter((type) => type.startsWith("session"));
    expect(sessions).toEqual(["session-started", "session-ended", "session-started"]);
  });
});

test("a replay that is answered 401 too rejects no token again: its request ends", async () => {
  const { server, auth, events } = await setup();
  server.on("/closed", answer(401, {}));
  await failure(auth.api.get("/closed"));
  const told = events.map(({ type }) => type).filter((type) => /^(request|token)-re/.test(type));
  expect(told).toEqual(["token-received", "token-rejected", "token-received", "request-replayed"]);
});
