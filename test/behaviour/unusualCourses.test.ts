import type { AuthEvent } from "react-authed-query";
import { describe, expect, test, vi } from "vitest";
import { after, answer, drop, page } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { bob, signIn } from "../support/people.js";
import { roundTrip } from "../support/roundTrip.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";
const forced = { forceRefresh: true };

describe.each(clients)("%s, 7: Retry-After", (client) => {
  test("of 0 lets no request hammer the server", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    server.on(refreshes, answer(503, "", { "retry-after": "0" }));
    for (const path of ["/a", "/b", "/c"]) {
      expect(await send(path)).toMatchObject({ status: 401 });
    }
    expect(server.received(refreshes)).toBe(1);
  });
});

describe("7: Retry-After", () => {
  test.each(["0", "-5", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT"])(
    "%s makes no restoration hammer the server",
    async (value) => {
      const { server, auth } = await setup({ signedIn: false });
      server.on(refreshes, answer(503, "", { "retry-after": value }));
      await failure(auth.ready());
      await roundTrip(server);
      expect(server.received(refreshes)).toBe(1);
    },
  );
});

test("isRefused that says no keeps the session, for a 2xx without a token too", async () => {
  const { server, auth, logouts } = await setup({ isRefused: () => false });
  server.on(refreshes, answer(200, { status: "starting" }));
  expect(await failure(auth.getAccessToken(forced))).toMatchObject({ code: "unavailable" });
  expect(logouts).toEqual([]);
});

describe("restore()", () => {
  test("that finds another user is a switch, and resolves with that one", async () => {
    const { server, auth, logouts } = await setup();
    server.tokens.claims = { sub: "u2" };
    expect(await auth.restore()).toMatchObject({ user: { sub: "u2" } });
    expect(logouts).toEqual(["switched"]);
  });

  test("18: settles an owed logout, which then ends nobody's new session", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/logout", drop);
    await auth.logout();
    server.signInBefore();
    await auth.restore();
    clock.wake();
    await roundTrip(server);
    expect(server.received("POST /auth/logout")).toBe(1);
  });

  test("18: settles one that is being told, which is then not told again", async () => {
    const { server, auth, clock } = await setup();
    const go = deferred();
    server.on("POST /auth/logout", (_, response) =>
      go.promise.then(() => void response.writeHead(503).end()),
    );
    const telling = auth.logout();
    await expect.poll(() => server.received("POST /auth/logout")).toBe(1);
    const restored = auth.restore();
    go.resolve();
    expect(await telling).toEqual({ serverTold: false });
    expect(await restored).toMatchObject({ status: "authenticated" });
    expect(clock.timers()).toBe(0);
  });

  test("18: settles one that waits for its turn, which then renews nothing for it", async () => {
    const logout = { url: "/auth/logout", sendToken: true };
    const { server, auth, clock } = await setup({ logout });
    const go = deferred();
    server.on(refreshes, after(go.promise));
    await clock.advance(700_000);
    const renewing = failure(auth.getAccessToken());
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const telling = auth.logout();
    const restored = auth.restore();
    go.resolve();
    expect(await telling).toEqual({ serverTold: false });
    expect(await restored).toMatchObject({ status: "authenticated" });
    await renewing;
    expect(server.received(refreshes)).toBe(2);
  });
});

describe("22: user code that calls back in", () => {
  test.each<AuthEvent["type"]>(["token-received", "session-started"])(
    "from onEvent at %s, with a logout, is obeyed",
    async (type) => {
      const { auth } = await setup({ signedIn: false });
      auth.onEvent((event) => void (event.type === type && auth.logout()));
      await auth.login({ password: "right" }).catch(() => {});
      expect(auth.getState().status).toBe("unauthenticated");
    },
  );

  test("from identify, with a logout, is obeyed", async () => {
    const { auth } = await setup({ signedIn: false, identify: () => void auth.logout() });
    await auth.login({ password: "right" }).catch(() => {});
    expect(auth.getState().status).toBe("unauthenticated");
  });
});

describe.each(clients)("%s, 22: refreshOn", (client) => {
  test("that rejects is reported, and the answer goes to the caller", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const { server, get } = await client.setup({ refreshOn: ({ json }) => json().then(Boolean) });
    server.on("/page", page(200));
    await get("/page");
    expect(report).toHaveBeenCalledTimes(1);
    report.mockRestore();
  });

  test("13: that never answers: the request can still be given up", async () => {
    const asked = deferred();
    const { send } = await client.setup({
      refreshOn: () => (asked.resolve(), new Promise(() => {})),
    });
    const controller = new AbortController();
    const waiting = send("/me", { signal: controller.signal });
    await asked.promise;
    controller.abort();
    expect(await waiting).toEqual({ code: "aborted" });
  });

  test.each(["logout", "switch"])("24: that never answers: a %s ends the request", async (end) => {
    const asked = deferred();
    const { server, auth, send } = await client.setup({
      refreshOn: () => (asked.resolve(), new Promise(() => {})),
    });
    const waiting = send("/me");
    await asked.promise;
    if (end === "logout") await auth.logout();
    else await signIn(bob, auth, server);
    expect(await waiting).toMatchObject({ code: "session_ended" });
  });
});

test.each(clients)(
  "%s, 9: a replay with a token that no refresh brought makes none vain",
  async (client) => {
    const { server, auth, send } = await client.setup();
    const first = await auth.getAccessToken();
    const go = deferred();
    server.on("/late", ({ token }, response) =>
      token === first ? go.promise.then(() => sendJSON(response, 401, {})) : "default",
    );
    const late = send("/late");
    await expect.poll(() => server.received("/late")).toBe(1);
    await auth.login({ password: "right" });
    server.expireTokens();
    go.resolve();
    expect(await late).toMatchObject({ status: 401 });
    expect(await send("/me")).toMatchObject({ status: 200 });
  },
);

test("an endpoint's body goes as JSON, be it a list", async () => {
  const { server, auth } = await setup({
    signedIn: false,
    refresh: { url: "/auth/refresh", body: ["a", "b"] },
  });
  await auth.ready();
  expect(server.requests[0]?.body.toString()).toBe('["a","b"]');
});

test("credentials go as JSON, be they an instance of a class", async () => {
  class Credentials {
    password = "right";
  }
  const { auth } = await setup({ signedIn: false });
  expect(await auth.login(new Credentials())).toMatchObject({ status: "authenticated" });
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
