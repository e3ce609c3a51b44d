import type { AuthEvent } from "react-authed-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answer, page } from "../support/answers.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { bob, signIn } from "../support/people.js";
import { setup } from "../support/setup.js";
import { ada, twoSignedIn } from "../support/tabbedBrowser.js";

const fail = () => {
  throw new Error("mine");
};
const never = () => new Promise<never>(() => {});

describe("user code that throws", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each(["onEvent", "onLogout", "subscribe"] as const)(
    "in %s is reported, and the listeners after it are called",
    async (name) => {
      const { auth } = await setup();
      const called = vi.fn<() => void>();
      auth[name](fail);
      auth[name](called);
      await auth.logout();
      expect(called).toHaveBeenCalled();
      expect(console.error).toHaveBeenCalledWith(expect.objectContaining({ message: "mine" }));
    },
  );

  test("in an async listener is reported, and nothing is left unhandled", async () => {
    const { auth } = await setup();
    auth.onLogout(() => Promise.reject(new Error("mine")));
    expect(await auth.logout()).toEqual({ serverTold: true });
    await expect.poll(() => vi.mocked(console.error).mock.calls).toHaveLength(1);
  });

  test("in identify leaves the person unknown, so the session goes on", async () => {
    const { server, auth, logouts } = await setup({ identify: fail });
    server.tokens.claims = { sub: "u2" };
    await auth.getAccessToken({ forceRefresh: true });
    expect(logouts).toEqual([]);
  });

  test("in isRefused ends no session, and the next refresh works", async () => {
    let isBroken = false;
    const { auth, clock } = await setup({ isRefused: () => (isBroken ? fail() : undefined) });
    isBroken = true;
    await failure(auth.getAccessToken({ forceRefresh: true }));
    expect(auth.getState().isAuthenticated).toBe(true);
    isBroken = false;
    await clock.advance(1000);
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("in readSession, at once or later, is a fault of the options, at login too", async () => {
    const { auth } = await setup({
      signedIn: false,
      readSession: () => Promise.reject(new Error("mine")),
    });
    expect(await failure(auth.login({ password: "right" }))).toMatchObject({
      code: "misconfigured",
      cause: { message: "mine" },
    });
  });
});

describe("user code that never returns", () => {
  test("from onLogout or onEvent holds nothing up", async () => {
    const { auth } = await setup({ onLogout: never, onEvent: never });
    expect(await auth.logout()).toEqual({ serverTold: true });
    expect(await auth.login({ password: "right" })).toMatchObject({ status: "authenticated" });
  });

  test("from readSession is bounded by the time limit, and what comes next works", async () => {
    let isStuck = false;
    const { server, auth, clock } = await setup({
      readSession: (data) => (isStuck ? never() : (data as { accessToken: string })),
    });
    isStuck = true;
    const cookie = server.cookie();
    const stuck = failure(auth.login({ password: "right" }));
    await expect.poll(() => server.cookie()).not.toBe(cookie);
    await clock.advance(10_000);
    expect(await stuck).toMatchObject({ code: "timeout" });
    isStuck = false;
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
  });

  test("from a login or a logout function is bounded, and the next call has its turn", async () => {
    const { auth, clock } = await setup({ logout: never });
    const login = failure(auth.login(never));
    await clock.advance(0);
    const telling = auth.logout();
    await clock.advance(10_000);
    expect(await login).toMatchObject({ code: "timeout" });
    await clock.advance(10_000);
    expect(await telling).toEqual({ serverTold: false });
    expect(await auth.login({ password: "right" })).toMatchObject({ status: "authenticated" });
  });
});

describe("user code that calls back in", () => {
  test("from a refresh function, for a token that only it can bring, is bounded", async () => {
    const { auth, clock, logouts } = await setup({
      refresh: () => auth.getAccessToken({ forceRefresh: true }),
    });
    const stuck = failure(auth.getAccessToken({ forceRefresh: true }));
    await clock.advance(10_000);
    expect(await stuck).toMatchObject({ code: "timeout" });
    expect(logouts).toEqual([]);
    expect((await auth.api.get("/me")).status).toBe(200);
  });

  test("from a refresh function, for the current token, gets it", async () => {
    const { auth } = await setup({
      refresh: async () => ({ token: `${await auth.getAccessToken()}-renewed` }),
    });
    const first = await auth.getAccessToken();
    expect(await auth.getAccessToken({ forceRefresh: true })).toBe(`${first}-renewed`);
  });

  test("from a subscriber, with a logout when somebody signs in, is obeyed", async () => {
    const { auth } = await setup({ signedIn: false });
    const unsubscribe = auth.subscribe(() => {
      unsubscribe();
      void auth.logout();
    });
    await auth.login({ password: "right" });
    expect(auth.getState().status).toBe("unauthenticated");
    expect(await auth.getAccessToken()).toBeNull();
  });

  test.each<AuthEvent["type"]>(["refresh-sent", "refresh-answered"])(
    "from onEvent at %s, with a logout, is obeyed",
    async (type) => {
      const { auth } = await setup();
      auth.onEvent((event) => void (event.type === type && auth.logout()));
      await failure(auth.getAccessToken({ forceRefresh: true }));
      expect(await auth.getAccessToken()).toBeNull();
      expect(auth.getState().status).toBe("unauthenticated");
    },
  );

  test("from onEvent at refresh-sent, for a token, gets the one that is on its way", async () => {
    const { server, auth, clock } = await setup();
    const asked: Promise<string | null>[] = [];
    auth.onEvent(({ type }) => void (type === "refresh-sent" && asked.push(auth.getAccessToken())));
    await clock.advance(700_000);
    const token = await auth.getAccessToken();
    expect(await Promise.all(asked)).toEqual([token]);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("from onLogout, with a logout, fires it no second time", async () => {
    const { auth, logouts } = await setup({ onLogout: () => void auth.logout() });
    await auth.logout();
    expect(logouts).toEqual(["logout"]);
  });

  test("from onLogout after a refusal, with a request, sends it without a token", async () => {
    const { server, auth } = await setup();
    server.on("/public", answer(200, {}));
    const sent = deferred<{ status: number }>();
    auth.onLogout(() => void auth.api.get("/public").then(sent.resolve));
    server.revokeSession();
    await auth.getAccessToken({ forceRefresh: true });
    expect((await sent.promise).status).toBe(200);
    expect(server.requests.at(-1)?.token).toBeUndefined();
  });

  test.each<AuthEvent["type"]>(["token-received", "session-started"])(
    "from onEvent at %s, with a logout, is obeyed",
    async (type) => {
      const { auth } = await setup({ signedIn: false });
      auth.onEvent((event) => void (event.type === type && auth.logout()));
      await auth.login({ password: "right" }).catch(() => {});
      expect(auth.getState().status).toBe("unauthenticated");
    },
  );

  test.each<[AuthEvent["type"], string]>([
    ["session-ended", "u2"],
    ["token-expired", "u1"],
  ])(
    "from onEvent at %s by a login in another tab, with a logout, is obeyed",
    async (type, sub) => {
      const options = { logout: false, tabs: { shareToken: false } } as const;
      const { server, clock, soon, one, two } = await twoSignedIn(options);
      two.auth.onEvent((event) => void (event.type === type && two.auth.logout()));
      server.tokens.claims = { sub };
      await soon(failure(one.auth.login(ada)));
      const sent = two.authCalls.length;
      await clock.advance(1000);
      expect(await soon(two.auth.getAccessToken())).toBeNull();
      expect(two.authCalls).toHaveLength(sent);
      expect(two.auth.getState().status).toBe("unauthenticated");
    },
  );

  test("from identify, with a logout, is obeyed", async () => {
    const { auth } = await setup({ signedIn: false, identify: () => void auth.logout() });
    await auth.login({ password: "right" }).catch(() => {});
    expect(auth.getState().status).toBe("unauthenticated");
  });
});

describe("user code", () => {
  test("that throws in a listener harms nobody", async () => {
    const reported: unknown[] = [];
    const original = console.error;
    console.error = (error: unknown) => reported.push(error);
    const { auth, logouts } = await setup({
      onLogout: () => {
        throw new Error("mine");
      },
    });
    auth.onEvent(() => {
      throw new Error("mine");
    });
    auth.subscribe(() => {
      throw new Error("mine");
    });
    await auth.logout();
    console.error = original;
    expect(logouts).toEqual(["logout"]);
    expect(reported.length).toBeGreaterThanOrEqual(3);
  });

  test("may call back in: a request and a login from onLogout", async () => {
    const { auth } = await setup();
    const again = deferred<unknown>();
    auth.onLogout(() => again.resolve(auth.login({ password: "right" })));
    await auth.logout();
    expect(await again.promise).toMatchObject({ status: "authenticated" });
    expect((await auth.api.get("/me")).status).toBe(200);
  });

  test("in an endpoint that throws is judged by the status it carries", async () => {
    const thrown = { response: { status: 401, data: {} } };
    const { auth, logouts } = await setup({
      refresh: () => {
        throw Object.assign(new Error("no"), thrown);
      },
    });
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test("in an endpoint that throws without a status says nothing about the session", async () => {
    const { auth } = await setup({
      refresh: () => {
        throw new Error("no");
      },
    });
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({ code: "unavailable" });
  });

  test("in an endpoint that never returns is bounded", async () => {
    const { auth, clock } = await setup({ refresh: () => new Promise(() => {}) });
    const waiting = auth.getAccessToken({ forceRefresh: true }).catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await waiting).toMatchObject({ code: "timeout" });
    const login = auth.login({ password: "right" });
    expect(await login).toMatchObject({ status: "authenticated" });
  });

  test("in readSession that throws is a fault of the options", async () => {
    let isBroken = false;
    const { auth } = await setup({
      readSession: (data) => {
        if (isBroken) throw new Error("mine");
        return data as { accessToken: string };
      },
    });
    isBroken = true;
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({
      code: "misconfigured",
      cause: { message: "mine" },
    });
    expect(auth.getState().isAuthenticated).toBe(true);
  });

  test("in refreshOn or identify that throws changes nothing", async () => {
    const original = console.error;
    console.error = () => {};
    const { auth } = await setup({ refreshOn: fail, identify: fail });
    expect((await auth.api.get("/me")).status).toBe(200);
    console.error = original;
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

  test("that never answers: the request can still be given up", async () => {
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

  test.each(["logout", "switch"])("that never answers: a %s ends the request", async (end) => {
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
