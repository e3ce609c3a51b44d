import { describe, expect, onTestFinished, test } from "vitest";
import { after, answer, drop, hang, page } from "../support/answers.js";
import { startAuthServer, type Handler } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { setup } from "../support/setup.js";

const logoutCalls = "POST /auth/logout";

describe("logout that the server could not be told of", () => {
  test.each([
    ["answered 503", answer(503)],
    ["answered 429", answer(429)],
    ["without a network", drop],
  ])("%s: is told by itself after the pause, until it is answered", async (_, handler) => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, handler);
    expect(await auth.logout()).toEqual({ serverTold: false });
    expect(auth.getState().status).toBe("unauthenticated");
    await clock.advance(1000);
    await expect.poll(() => server.received(logoutCalls)).toBe(2);
    await expect.poll(() => clock.timers()).toBe(1);
    server.off(logoutCalls);
    await clock.advance(2000);
    await expect.poll(() => server.cookie()).toBeUndefined();
    await expect.poll(() => clock.timers()).toBe(0);
  });

  test("for want of an answer settles at the time limit", async () => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, hang);
    const telling = auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    await clock.advance(10_000);
    expect(await telling).toEqual({ serverTold: false });
  });

  test("in time is not repeated once the late answer is there", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    server.on(logoutCalls, after(go.promise));
    const telling = auth.logout();
    await expect.poll(() => server.received(logoutCalls)).toBe(1);
    await clock.advance(10_000);
    expect(await telling).toEqual({ serverTold: false });
    expect(clock.timers()).toBe(1);
    go.resolve();
    await expect.poll(() => clock.timers()).toBe(0);
  });

  test("is owed no more once somebody has signed in", async () => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, answer(503));
    await auth.logout();
    await auth.login({ password: "right" });
    expect(clock.timers()).toBe(0);
  });

  test.each([
    [401, true],
    [400, true],
    [404, false],
  ])("%i is an answer: serverTold is %s, and it is not repeated", async (status, serverTold) => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, answer(status));
    expect(await auth.logout()).toEqual({ serverTold });
    expect(clock.timers()).toBe(0);
  });

  test.each<[string, Handler]>([
    ["a text", answer(200, "OK", { "content-type": "text/plain" })],
    ["a page", page(200)],
    ["a text that nothing describes", answer(202, "Bye")],
    ["a body that breaks off as JSON", answer(200, "{", { "content-type": "application/json" })],
    ["nothing, and 205", answer(205)],
    ["a redirect to the login page", answer(302, undefined, { location: "/login?logout" })],
    ["a redirect to the page after it", answer(303, undefined, { location: "/login" })],
  ])("a success is the answer, whatever it says: %s", async (_, handler) => {
    const { server, auth, clock } = await setup();
    server.on(logoutCalls, handler);
    server.on("GET /login", page(200));
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(clock.timers()).toBe(0);
  });

  test("a success that a function returns is the answer, too", async () => {
    const { auth, clock } = await setup({ logout: () => new Response("<h1>Bye</h1>") });
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(clock.timers()).toBe(0);
  });

  test("a page of another origin, a captive portal's, is no answer", async () => {
    const { server, auth, clock } = await setup();
    const portal = await startAuthServer();
    onTestFinished(() => portal.close());
    portal.on("GET /welcome", page(200));
    server.on(logoutCalls, answer(302, undefined, { location: `${portal.url}/welcome` }));
    expect(await auth.logout()).toEqual({ serverTold: false });
    server.off(logoutCalls);
    await clock.advance(1500);
    await expect.poll(() => server.cookie()).toBeUndefined();
    expect(clock.timers()).toBe(0);
  });

  test("by a function that throws never rejects", async () => {
    const { auth } = await setup({ logout: () => Promise.reject(new Error("mine")) });
    expect(await auth.logout()).toEqual({ serverTold: false });
  });
});

describe("logout", () => {
  test("offline ends the session here at once, and the server is told later", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/logout", (_, response) => void response.destroy());
    expect(await auth.logout()).toEqual({ serverTold: false });
    server.off("POST /auth/logout");
    clock.wake();
    await expect.poll(() => server.cookie()).toBeUndefined();
  });

  test("that is owed is not sent after a login", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/logout", (_, response) => void response.destroy());
    await auth.logout();
    await auth.login({ password: "right" });
    const told = server.received("POST /auth/logout");
    await clock.advance(120_000);
    clock.wake();
    expect((await auth.api.get("/me")).status).toBe(200);
    expect(server.received("POST /auth/logout")).toBe(told);
  });
});
