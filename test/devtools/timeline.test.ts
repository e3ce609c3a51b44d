import type { AuthEvent } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { placeItems, type PlacedItem } from "../../src/devtools/model/placing.js";
import { filterItems, timelineOf } from "../../src/devtools/model/timeline.js";
import { clockTime, duration, hideTokens, safeJSON } from "../../src/devtools/model/wording.js";

const start = Date.UTC(2026, 0, 1, 12);

type RequestType = "request-sent" | "request-replayed" | "request-answered";

function request(type: RequestType, ms: number, id: number, status?: number): AuthEvent {
  return { type, at: start + ms, id, method: "GET", path: `/rides/${id}`, status };
}

function refreshed(sentMs: number, answeredMs: number): AuthEvent[] {
  const cause = "unauthorized";
  const durationMs = answeredMs - sentMs;
  return [
    { type: "refresh-sent", at: start + sentMs, cause },
    {
      type: "refresh-answered",
      at: start + answeredMs,
      cause,
      verdict: "success",
      status: 200,
      durationMs,
    },
  ];
}

/** Two requests that meet an expired token, one refresh, two replays. */
const storm: AuthEvent[] = [
  request("request-sent", 0, 1),
  request("request-sent", 1, 2),
  { type: "token-rejected", at: start + 30, request: 1, status: 401 },
  { type: "token-rejected", at: start + 31, request: 2, status: 401 },
  ...refreshed(32, 90),
  {
    type: "token-received",
    at: start + 90,
    sentAt: start + 32,
    tokenVersion: 2,
    lifetimeMs: 600_000,
  },
  { type: "token-handed-over", at: start + 90 },
  request("request-replayed", 91, 1),
  request("request-replayed", 91, 2),
  request("request-answered", 120, 1, 200),
  request("request-answered", 140, 2, 503),
];

describe("the timeline", () => {
  test("tells a request from sent to answered: its 401, the wait, the replay", () => {
    const [first] = timelineOf(storm);
    expect(first?.sentence).toBe(
      `GET /rides/1: sent at ${clockTime(start)}; token rejected (401) after 30 ms; sent again after 91 ms; answered 200 after 120 ms.`,
    );
    expect(first?.moments.map(({ isWait }) => isWait)).toEqual([false, true, false, false]);
  });

  test("shows fifty requests, their one refresh and the hand-over each as one", () => {
    const items = timelineOf(storm);
    expect(items.map(({ lane, title, tone }) => [lane, title, tone])).toEqual([
      ["Requests", "GET /rides/1", "good"],
      ["Requests", "GET /rides/2", "bad"],
      ["Refreshes", "Refresh (unauthorized)", "good"],
      ["Session", "Token", "good"],
      ["Tabs", "This tab", "plain"],
    ]);
  });

  test("tells what is on its way still", () => {
    const [item] = timelineOf([request("request-sent", 0, 1)]);
    expect(item).toMatchObject({
      isOpen: true,
      sentence: expect.stringMatching(/not over yet\.$/),
    });
  });

  test("tells of a request whose start is forgotten from what is left", () => {
    const items = timelineOf([request("request-answered", 5, 1, 200)]);
    expect(items).toMatchObject([{ title: "GET /rides/1", isOpen: false }]);
  });

  test("draws another tab's refresh up to its hand-over", () => {
    const items = timelineOf([
      { type: "tab-refreshing", at: start, tab: "4821" },
      { type: "token-adopted", at: start + 50, tab: "4821" },
      { type: "token-adopted", at: start + 60, tab: "4821" },
    ]);
    expect(items.map(({ title, from, to }) => [title, to - from])).toEqual([
      ["Tab 4821", 50],
      ["Tab 4821", 0],
    ]);
  });

  test("has a sentence for each kind of event, and a key of its own for each item", () => {
    const at = start;
    const events: AuthEvent[] = [
      ...storm,
      { type: "tab-joined", at, tab: "1" },
      { type: "tab-seen", at, tab: "2" },
      { type: "tab-gone", at, tab: "2" },
      { type: "token-expired", at },
      { type: "token-expired", at },
      { type: "session-started", at, scopeId: 1 },
      { type: "session-ended", at, scopeId: 1, reason: "switched" },
      { type: "paused", at, until: at + 1000, code: "timeout", status: undefined },
      { type: "refresh-blocked", at, method: "GET", path: "/a", status: 401, until: at + 1 },
      { type: "resumed", at },
    ];
    const items = timelineOf(events);
    expect(items).toHaveLength(15);
    expect(new Set(items.map(({ key }) => key)).size).toBe(15);
    expect(items.map(({ sentence }) => sentence).join(" ")).not.toMatch(/undefined|NaN/);
  });
});

test("the filter finds each word anywhere in what is told, in any order", () => {
  const items = timelineOf(storm);
  const titles = (words: string) => filterItems(items, words).map(({ title }) => title);
  expect(titles("")).toHaveLength(5);
  expect(titles("503")).toEqual(["GET /rides/2"]);
  expect(titles("200  RIDES")).toEqual(["GET /rides/1"]);
  expect(titles("requests 401")).toHaveLength(2);
});

describe("the drawing", () => {
  const placed = (events: AuthEvent[], lane: string) =>
    placeItems(timelineOf(events)).lanes.find(({ name }) => name === lane);
  const right = ({ left, width }: PlacedItem) => left + width;

  test("puts what goes on at once into rows, and what follows into the same", () => {
    expect(placed(storm, "Requests")?.rows).toBe(2);
    const later = [5000, 9000].flatMap((ms, id) => [
      request("request-sent", ms, id),
      request("request-answered", ms + 10, id, 200),
    ]);
    expect(placed(later, "Requests")).toMatchObject({ rows: 1 });
  });

  test("draws a refresh between the 401s and the replays of the requests", () => {
    const [request1] = placed(storm, "Requests")?.items ?? [];
    const [refresh] = placed(storm, "Refreshes")?.items ?? [];
    const [sent, wait, replay] = request1?.segments ?? [];
    expect(sent?.left).toBe(0);
    expect(wait).toMatchObject({ isWait: true });
    expect(refresh?.left).toBeGreaterThan(wait?.left ?? Infinity);
    expect(replay?.left).toBeGreaterThanOrEqual((refresh && right(refresh)) ?? Infinity);
  });

  test("draws a long gap short, and a short one so that it can be seen", () => {
    const [first, second, third] =
      placed(
        [0, 5, 86_400_000].map((ms, id) => request("request-answered", ms, id, 200)),
        "Requests",
      )?.items ?? [];
    expect((second?.left ?? 0) - (first?.left ?? 0)).toBeGreaterThan(4);
    expect((third?.left ?? Infinity) - (second?.left ?? 0)).toBeLessThan(100);
  });

  test("draws what is on its way up to the right end", () => {
    const open = [request("request-sent", 0, 1), ...refreshed(500, 600)];
    const [item] = placed(open, "Requests")?.items ?? [];
    const [refresh] = placed(open, "Refreshes")?.items ?? [];
    expect(item && right(item)).toBeGreaterThan((refresh && right(refresh)) ?? Infinity);
  });
});

test.each([
  [0.4, "0 ms"],
  [35, "35 ms"],
  [1500, "1.5 s"],
  [12_400, "12 s"],
  [250_000, "4 min 10 s"],
  [3_600_000, "1 h"],
  [90_061_000, "1 d 1 h"],
  [2_592_000_000, "30 d"],
])("%d ms are told as %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("JSON that is shown holds no token, under whatever name, and no secret", () => {
  const jwt = `${btoa('{"alg":"none"}').replace(/=+$/, "")}.eyJzdWIiOiJ1MSJ9.c2ln`;
  const shown = safeJSON({
    note: `before ${jwt} after`,
    nested: [{ accessToken: "opaque", password: "hunter2" }],
    name: "Ada",
  });
  expect(shown).not.toMatch(/eyJ|c2ln|opaque|hunter2/);
  expect(JSON.parse(shown)).toMatchObject({ name: "Ada", note: "before (hidden) after" });
});

test.each([
  ["GET /check/token%3A{jwt}/now", "GET /check/token%3A(hidden)/now"],
  ["GET /check/token_{jwt}", "GET /check/token_(hidden)"],
  ["GET /surveyJobs", "GET /surveyJobs"],
])("a path is shown without the token in it: %s", (path, shown) => {
  const jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1MSJ9.c2ln";
  expect(hideTokens(path.replace("{jwt}", jwt))).toBe(shown);
  expect(hideTokens(path.replace("{jwt}", jwt.replaceAll(".", "%2E")))).toBe(shown);
});

test("a user that is no JSON is told so, and breaks no panel", () => {
  const user: Record<string, unknown> = { id: 7n };
  expect(JSON.parse(safeJSON(user))).toEqual({ id: "7" });
  user["self"] = user;
  expect(safeJSON(user)).toMatch(/^No JSON: TypeError/);
});
