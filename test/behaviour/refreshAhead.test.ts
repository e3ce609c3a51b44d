import { describe, expect, test } from "vitest";
import { after, answer, hang } from "../support/answers.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";
const manyTimes = <End>(send: () => Promise<End>) => Promise.all(Array.from({ length: 50 }, send));

describe.each(clients)("%s, 5: a token about to be old", (client) => {
  test("is renewed once for fifty requests, and none of them waits", async () => {
    const { server, clock, get } = await client.setup();
    server.on(refreshes, hang);
    await clock.advance(550_000);
    await manyTimes(() => get("/me"));
    await expect.poll(() => server.received(refreshes)).toBe(1);
  });

  test("whose renewal fails is used on, and the server is left alone in the pause", async () => {
    const { server, auth, clock, get } = await client.setup();
    server.on(refreshes, answer(503));
    await clock.advance(550_000);
    await get("/me");
    await expect.poll(() => auth.getState().error?.code).toBe("unavailable");
    await manyTimes(() => get("/me"));
    expect(server.received(refreshes)).toBe(1);
    expect(server.received("/me")).toBe(51);
  });

  test("whose renewal is refused ends the session, once", async () => {
    const { server, auth, clock, logouts, get } = await client.setup();
    server.on(refreshes, answer(401, {}));
    await clock.advance(550_000);
    await get("/me");
    await expect.poll(() => logouts).toEqual(["refused"]);
    expect(auth.getState().status).toBe("unauthenticated");
  });

  test("is replaced for the requests that come after its renewal", async () => {
    const { server, auth, clock, get } = await client.setup();
    const old = await auth.getAccessToken();
    await clock.advance(550_000);
    await get("/me");
    await expect.poll(() => auth.getAccessToken()).not.toBe(old);
    await get("/me");
    expect(server.requests.at(-1)?.token).not.toBe(old);
    expect(server.received(refreshes)).toBe(1);
  });
});

describe.each(clients)("%s, 5: a token known to be old", (client) => {
  test("is sent as it is up to 5 s before its end", async () => {
    const { server, clock, send } = await client.setup();
    server.on(refreshes, hang);
    await clock.advance(593_000);
    expect(await send("/me")).toMatchObject({ status: 200 });
  });

  test("is renewed first from there on", async () => {
    const { server, clock, get } = await client.setup();
    await clock.advance(595_000);
    await get("/me");
    const paths = server.requests.map(({ path }) => path);
    expect(paths).toEqual(["/auth/login", "/auth/refresh", "/me"]);
  });

  test("is never sent, even if no new one can be had", async () => {
    const { server, clock, send } = await client.setup();
    server.on(refreshes, answer(503));
    await clock.advance(596_000);
    expect(await send("/me")).toMatchObject({ code: "unavailable" });
    expect(server.received("/me")).toBe(0);
  });
});

describe("a token known to be old", () => {
  test("in the background (`background: true`) is renewed again after a failure, by itself", async () => {
    const { server, clock } = await setup({ refreshAhead: { background: true } });
    server.on(refreshes, answer(503));
    await clock.advance(540_000);
    await expect.poll(() => clock.timers()).toBe(1);
    server.off(refreshes);
    await clock.advance(1000);
    await expect.poll(() => server.received(refreshes)).toBe(2);
  });

  test("in the background is timed from when it was asked for, and says `ahead`", async () => {
    const { server, auth, clock, events } = await setup({
      signedIn: false,
      refreshAhead: { background: true },
    });
    const held = deferred();
    server.on("POST /auth/login", after(held.promise));
    const login = auth.login({ password: "right" });
    await expect.poll(() => server.received("POST /auth/login")).toBe(1);
    await clock.advance(9000);
    held.resolve();
    await login;
    const received = events.find((event) => event.type === "token-received");
    await clock.advance((received?.refreshAfterMs ?? 0) - 9000 - 1);
    expect(server.received(refreshes)).toBe(0);
    await clock.advance(1);
    await expect.poll(() => server.received(refreshes)).toBe(1);
    expect(events).toContainEqual(
      expect.objectContaining({ type: "refresh-sent", cause: "ahead" }),
    );
  });

  test("in the background is not asked for once the session is over", async () => {
    const { server, auth, clock } = await setup({ refreshAhead: { background: true } });
    server.on(refreshes, answer(503));
    await clock.advance(540_000);
    await expect.poll(() => clock.timers()).toBe(1);
    await auth.logout();
    await clock.advance(600_000);
    expect(server.received(refreshes)).toBe(1);
  });
});
