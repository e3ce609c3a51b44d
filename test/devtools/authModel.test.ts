import type { AuthEvent } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { afterEvent, emptyModel, type AuthModel } from "../../src/devtools/model/authModel.js";

const received: AuthEvent = {
  type: "token-received",
  at: 1200,
  sentAt: 1000,
  tokenVersion: 1,
  refreshAfterMs: 80_000,
  expiresAfterMs: 95_000,
  lifetimeMs: 100_000,
};

function after(...events: AuthEvent[]): AuthModel {
  return events.reduce(afterEvent, emptyModel);
}

function request(type: "request-sent" | "request-replayed", id: number): AuthEvent {
  return { type, at: 0, id, method: "GET", path: "/orders", status: undefined };
}

function answered(path: string, status: number | undefined): AuthEvent {
  return { type: "request-answered", at: 0, id: 1, method: "GET", path, status };
}

function paused(status: number | undefined): AuthEvent {
  return { type: "paused", at: 0, until: 9000, code: "unavailable", status };
}

function blocked(path: string, status: number | null = 401): AuthEvent {
  const ended = { method: "GET", path, status: status ?? undefined, until: 8000 };
  return { type: "refresh-blocked", at: 0, ...ended };
}

describe("the token", () => {
  test("lives from when it was asked for, with both margins", () => {
    expect(after(received).token).toEqual({
      from: 1000,
      refreshAt: 81_000,
      expiresAt: 96_000,
      endsAt: 101_000,
      isExpired: false,
      givenBy: undefined,
    });
  });

  test("of an unknown lifetime has no margins", () => {
    const { token } = after({ type: "token-received", at: 1, sentAt: 1, tokenVersion: 1 });
    expect(token).toMatchObject({ from: 1, refreshAt: undefined, endsAt: undefined });
  });

  test("was given by the tab that handed it over, until the next one", () => {
    const adopted: AuthEvent = { type: "token-adopted", at: 1200, tab: "42" };
    expect(after(received, adopted).token?.givenBy).toBe("42");
    expect(after(received, adopted, received).token?.givenBy).toBeUndefined();
  });

  test("is given up, and is no more once the session ends", () => {
    expect(after(received, { type: "token-expired", at: 2 }).token?.isExpired).toBe(true);
    const ended: AuthEvent = { type: "session-ended", at: 2, scopeId: 1, reason: "logout" };
    expect(after(received, ended).token).toBeNull();
  });
});

test("a session is the one that started, and its end is remembered with the reason", () => {
  const started: AuthEvent = { type: "session-started", at: 5, scopeId: 3 };
  const ended: AuthEvent = { type: "session-ended", at: 9, scopeId: 3, reason: "refused" };
  expect(after(started)).toMatchObject({ session: { since: 5 }, sessions: 1, lastEnd: null });
  expect(after(started, ended)).toMatchObject({
    session: null,
    sessions: 1,
    lastEnd: { reason: "refused", at: 9 },
  });
});

test("requests, refreshes and replays are counted", () => {
  const { counts } = after(
    ...[1, 2, 3].map((id) => request("request-sent", id)),
    { type: "refresh-sent", at: 0, cause: "unauthorized" },
    ...[1, 2].map((id) => request("request-replayed", id)),
  );
  expect(counts).toEqual({ requests: 3, refreshes: 1, replays: 2 });
});

describe("the other tabs", () => {
  const seen = (tab: string): AuthEvent => ({ type: "tab-seen", at: 1, tab });

  test("are those heard of that are not gone", () => {
    const { otherTabs, ownTab } = after(
      { type: "tab-joined", at: 0, tab: "7" },
      seen("42"),
      seen("43"),
      { type: "tab-gone", at: 2, tab: "42" },
    );
    expect(otherTabs).toEqual([{ id: "43" }]);
    expect(ownTab).toBe("7");
  });

  test("have refreshed, given their token, and been given this tab's", () => {
    const { otherTabs, lastRefresh } = after(
      seen("42"),
      { type: "tab-refreshing", at: 3, tab: "42" },
      { type: "token-adopted", at: 4, tab: "42" },
      { type: "token-handed-over", at: 5 },
    );
    expect(otherTabs).toEqual([{ id: "42", refreshedAt: 3, gaveAt: 4, wasGivenAt: 5 }]);
    expect(lastRefresh).toEqual({ tab: "42", at: 3 });
  });
});

test("the latest refresh is this tab's, with cause and result, once it is sent and answered", () => {
  const { lastRefresh } = after(
    { type: "tab-refreshing", at: 3, tab: "42" },
    { type: "refresh-sent", at: 4, cause: "expired" },
    {
      type: "refresh-answered",
      at: 5,
      cause: "expired",
      verdict: "refused",
      status: 401,
      durationMs: 1,
    },
  );
  expect(lastRefresh).toEqual({ tab: undefined, at: 5, cause: "expired", verdict: "refused" });
});

describe("a pause", () => {
  const wait = { until: 9000, code: "unavailable" };

  test("after a failed call is a backoff, until it is over before its time", () => {
    expect(after(paused(503))).toMatchObject({
      backoff: { ...wait, status: 503 },
      breaker: null,
    });
    expect(after(paused(503), { type: "resumed", at: 1 }).backoff).toBeNull();
  });

  test("after endpoints that no refresh cured is the breaker's", () => {
    const model = after(blocked("/a"), blocked("/b"), paused(401));
    expect(model).toMatchObject({ breaker: { ...wait, status: 401 }, backoff: null });
    expect(model.blocked.map(({ name }) => name)).toEqual(["GET /a", "GET /b"]);
  });

  test("of the breaker is no backoff where an earlier one runs", () => {
    const model = after(paused(503), blocked("/a"), blocked("/b"), paused(401));
    expect(model.backoff?.status).toBe(503);
    expect(model.breaker?.status).toBe(401);
  });

  test("since the network failed is a backoff, also where a stream was refused", () => {
    expect(after(blocked("/a", null), paused(undefined))).toMatchObject({
      backoff: wait,
      breaker: null,
    });
  });

  test("is over with the session, as all that is blocked", () => {
    const started: AuthEvent = { type: "session-started", at: 2, scopeId: 2 };
    const model = after(blocked("/a"), blocked("/b"), paused(401), paused(503), started);
    expect(model).toMatchObject({ backoff: null, breaker: null, blocked: [] });
  });
});

test("an endpoint is blocked until it answers otherwise", () => {
  const names = (...events: AuthEvent[]) => after(...events).blocked.map(({ name }) => name);
  expect(names(blocked("/a"), blocked("/a"), answered("/a", 401))).toEqual(["GET /a"]);
  expect(names(blocked("/a"), answered("/b", 200), answered("/a", undefined))).toEqual(["GET /a"]);
  expect(names(blocked("/a"), blocked("/b"), answered("/a", 403))).toEqual(["GET /b"]);
});
