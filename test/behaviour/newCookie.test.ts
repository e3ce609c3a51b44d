import { describe, expect, test } from "vitest";
import { answer, drop, hang, page } from "../support/answers.js";
import { makeJWT, sendJSON, type Handler } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";
const logins = "POST /auth/login";

/** Nothing in it can be compared with another's. */
const tokenOf = (username: string) =>
  makeJWT({ UserInfo: { username }, iat: 1, exp: 601, jti: `${Math.random()}` });

/** Alice is signed in, at a server whose refresh is of the person whose cookie is there. */
async function aliceSignedIn() {
  const world = await setup({ signedIn: false, refreshTimeoutMs: 1000 });
  const jar = { cookie: "alice" };
  world.server.on(logins, answer(200, { accessToken: tokenOf("alice") }));
  world.server.on(refreshes, (_, response) =>
    sendJSON(response, 200, { accessToken: tokenOf(jar.cookie) }),
  );
  await world.auth.login({});
  return { ...world, jar };
}

describe("after a login whose cookie came, but not its answer", () => {
  test.each<[string, Handler]>([
    ["the connection was lost", drop],
    ["it took too long", hang],
    ["502", answer(502)],
    ["a page", page(200)],
    ["a token that is none", answer(200, { accessToken: "\r\n" })],
  ])("the next refresh is judged as a sign-in: %s", async (_, misbehave) => {
    const { auth, server, clock, jar, logouts } = await aliceSignedIn();
    server.on(logins, (request, response) => {
      jar.cookie = "bob";
      return misbehave(request, response);
    });
    const failed = failure(auth.login({}));
    await expect.poll(() => server.received(logins)).toBe(2);
    await clock.advance(1500);
    await failed;
    await clock.advance(60_000);
    await auth.getAccessToken({ forceRefresh: true }).catch(() => null);
    expect(auth.getState().user).toMatchObject({ UserInfo: { username: "bob" } });
    expect(logouts).toEqual(["switched"]);
  });
});

test("after a login that was refused the next refresh is of the same person, as ever", async () => {
  const { auth, server, jar, logouts } = await aliceSignedIn();
  server.on(logins, answer(401, {}));
  await failure(auth.login({}));
  jar.cookie = "alice, renamed";
  await auth.getAccessToken({ forceRefresh: true });
  expect(auth.getState().user).toMatchObject({ UserInfo: { username: "alice, renamed" } });
  expect(logouts).toEqual([]);
});

describe("restore() tries the cookie that came after the refresh on the wire was sent", () => {
  test("over a live session", async () => {
    const { auth, server, jar, logouts } = await aliceSignedIn();
    const answered = deferred();
    server.on(refreshes, async (_, response) => {
      const { cookie } = jar;
      if (cookie === "alice") await answered.promise;
      sendJSON(response, 200, { accessToken: tokenOf(cookie) });
    });
    const refreshing = auth.getAccessToken({ forceRefresh: true }).catch(() => null);
    await expect.poll(() => server.received(refreshes)).toBe(1);
    jar.cookie = "bob";
    const restored = auth.restore();
    answered.resolve();
    await Promise.all([refreshing, restored]);
    expect(auth.getState().user).toMatchObject({ UserInfo: { username: "bob" } });
    expect(logouts).toEqual(["switched"]);
  });

  test("on a page that is still loading", async () => {
    const { auth, server } = await setup({ signedIn: false });
    let hasCookie = false;
    const answered = deferred();
    server.on(refreshes, async (_, response) => {
      const had = hasCookie;
      if (!had) await answered.promise;
      sendJSON(response, had ? 200 : 401, { accessToken: had ? tokenOf("bob") : undefined });
    });
    void auth.ready();
    await expect.poll(() => server.received(refreshes)).toBe(1);
    hasCookie = true;
    const restored = auth.restore();
    answered.resolve();
    expect(await restored).toMatchObject({ status: "authenticated" });
  });

  test("with one refresh for two calls at once", async () => {
    const { auth, server } = await aliceSignedIn();
    await Promise.all([auth.restore(), auth.restore()]);
    expect(server.received(refreshes)).toBe(1);
    await auth.restore();
    expect(server.received(refreshes)).toBe(2);
  });

  test("not after a logout meanwhile", async () => {
    const { auth, server } = await aliceSignedIn();
    const answered = deferred();
    server.on(refreshes, async () => {
      await answered.promise;
      return "default" as const;
    });
    const refreshing = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const restored = failure(auth.restore());
    const signedOut = auth.logout();
    answered.resolve();
    await Promise.all([refreshing, signedOut]);
    expect(await restored).toMatchObject({ code: "session_ended" });
    expect(server.received(refreshes)).toBe(1);
  });
});

test('restore() is not overruled by `restore: "never"`, though the page asks for ready() meanwhile', async () => {
  const { auth } = await setup({
    signedIn: false,
    restore: "never",
    refresh: () => ({ accessToken: "opaque" }),
  });
  const restored = auth.restore();
  expect(await auth.ready()).toMatchObject({ status: "authenticated" });
  await restored;
});

test("restore() over a live session rejects where the auth server is down, and the session stays", async () => {
  const { server, auth } = await setup();
  server.on(refreshes, answer(503));
  expect(await failure(auth.restore())).toMatchObject({ code: "unavailable" });
  expect(auth.getState().status).toBe("authenticated");
});
