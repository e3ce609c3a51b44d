import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

describe("9: after a refresh that cured nothing", () => {
  test("a 401 goes to the caller as it is, and the session stays", async () => {
    const { server, auth, logouts } = await setup();
    server.on("/forbidden", answer(401, { why: "not yours" }));
    await failure(auth.api.get("/forbidden"));
    const error = await failure(auth.api.get("/forbidden"));
    expect(error).toMatchObject({ response: { status: 401, data: { why: "not yours" } } });
    expect(server.received("/forbidden")).toBe(3);
    expect(auth.getState()).toMatchObject({ status: "authenticated", error: null });
    expect(logouts).toEqual([]);
  });

  test("a refresh for another cause than a 401 goes as ever", async () => {
    const { server, auth, clock } = await setup();
    server.tokens.lifetimeSeconds = 5;
    server.on("/forbidden", answer(401, {}));
    await failure(auth.api.get("/forbidden"));
    await auth.getAccessToken({ forceRefresh: true });
    await clock.advance(5000);
    expect((await auth.api.get("/me")).status).toBe(200);
    expect(server.received(refreshes)).toBe(3);
  });

  test("requests that are not answered 401 notice nothing", async () => {
    const { server, auth } = await setup();
    server.on("/forbidden", answer(401, {}));
    await failure(auth.api.get("/forbidden"));
    expect((await auth.api.get("/me")).status).toBe(200);
    expect(server.received(refreshes)).toBe(1);
  });
});

test("9: a refresh is not vain if it cured but one of its replays", async () => {
  const { server, auth } = await setup();
  server.on("/forbidden", answer(401, {}));
  server.expireTokens();
  await Promise.allSettled([
    ...Array.from({ length: 10 }, () => auth.api.get("/forbidden")),
    auth.api.get("/me"),
  ]);
  server.expireTokens();
  expect((await auth.api.get("/me")).status).toBe(200);
  expect(server.received(refreshes)).toBe(2);
});
