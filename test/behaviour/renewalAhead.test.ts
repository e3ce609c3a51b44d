import { describe, expect, test } from "vitest";
import { answer, hang } from "../support/answers.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";
const manyRequests = (send: () => Promise<{ status: number }>) =>
  Promise.all(Array.from({ length: 50 }, send));

describe("5: a token about to be old", () => {
  test("is renewed once for fifty requests, and none of them waits", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, hang);
    await clock.advance(550_000);
    const replies = await manyRequests(() => auth.api.get("/me"));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    expect(server.received(refreshes)).toBe(1);
  });

  test("whose renewal fails is used on, and the server is left alone in the pause", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, answer(503));
    await clock.advance(550_000);
    await auth.api.get("/me");
    await expect.poll(() => auth.getState().error?.code).toBe("unavailable");
    await manyRequests(() => auth.api.get("/me"));
    expect(server.received(refreshes)).toBe(1);
    expect(server.received("/me")).toBe(51);
  });

  test("whose renewal is refused ends the session, once", async () => {
    const { server, auth, clock, logouts } = await setup();
    server.on(refreshes, answer(401, {}));
    await clock.advance(550_000);
    expect((await auth.api.get("/me")).status).toBe(200);
    await expect.poll(() => logouts).toEqual(["refused"]);
    expect(auth.getState().status).toBe("unauthenticated");
  });

  test("is replaced for the requests that come after its renewal", async () => {
    const { server, auth, clock } = await setup();
    const old = await auth.getAccessToken();
    await clock.advance(550_000);
    await auth.api.get("/me");
    await expect.poll(() => auth.getAccessToken()).not.toBe(old);
    await auth.api.get("/me");
    expect(server.requests.at(-1)?.token).not.toBe(old);
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("5: a token known to be old", () => {
  test("is sent as it is up to 5 s before its end", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, hang);
    await clock.advance(593_000);
    expect((await auth.api.get("/me")).status).toBe(200);
  });

  test("is renewed first from there on", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(595_000);
    await auth.api.get("/me");
    const paths = server.requests.map(({ path }) => path);
    expect(paths).toEqual(["/auth/login", "/auth/refresh", "/me"]);
  });

  test("is never sent, even if no new one can be had", async () => {
    const { server, auth, clock } = await setup();
    server.on(refreshes, answer(503));
    await clock.advance(596_000);
    expect(await failure(auth.api.get("/me"))).toMatchObject({ code: "unavailable" });
    expect(server.received("/me")).toBe(0);
  });

  test("in the background (`background: true`) is renewed again after a failure, by itself", async () => {
    const { server, clock } = await setup({ refreshAhead: { background: true } });
    server.on(refreshes, answer(503));
    await clock.advance(540_000);
    await expect.poll(() => clock.timers()).toBe(1);
    server.off(refreshes);
    await clock.advance(1000);
    await expect.poll(() => server.received(refreshes)).toBe(2);
  });
});
