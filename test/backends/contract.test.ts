import type { Auth, CreateAuthOptions } from "react-authed-query";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { failure } from "../support/failure.js";
import { dialects } from "./dialects/index.js";
import { startBackend, type Backend } from "./support/backend.js";
import type { Dialect } from "./support/dialect.js";
import { startFront } from "./support/front.js";
import { openBrowser, type Browser } from "./support/page.js";
import { createVault, type Vault } from "./support/vault.js";

// The documented lines run as they stand, but the Auth is made by the test: on its server, in its
// browser, once for each load of the page.
vi.mock(import("react-authed-query"), async (original) => ({
  ...(await original()),
  createAuth: (options) => ({ options }) as unknown as Auth,
}));
const { createAuth } =
  await vi.importActual<typeof import("react-authed-query")>("react-authed-query");

// The files of one worker share their modules: what was loaded with this package must not stay.
beforeAll(() => void vi.resetModules());
afterAll(() => void vi.resetModules());

interface World {
  vault: Vault;
  backend: Backend;
  browser: Browser;
  /** Loads the page, with the cookies that are there. */
  load: () => Promise<Auth>;
  logouts: string[];
}

async function visit(dialect: Dialect): Promise<World> {
  const browser = openBrowser();
  const { now } = browser.clock.platform;
  const vault = createVault(now, dialect.isOpaque);
  const behind = await startBackend(dialect.routes(vault), now);
  const backend = dialect.front ? await startFront(dialect.front, behind, now) : behind;
  const logouts: string[] = [];
  const open = new Set<Auth>();
  const leave = () => {
    for (const auth of open) auth.dispose();
    open.clear();
  };
  onTestFinished(async () => {
    leave();
    await backend.close();
  });
  return {
    vault,
    backend,
    browser,
    logouts,
    async load() {
      leave();
      const lines = (await dialect.lines()).auth as unknown as { options?: CreateAuthOptions };
      const { baseURL = "/", ...options } = lines.options ?? {};
      const auth = createAuth(
        { ...options, baseURL: backend.url + baseURL, fetch: browser.fetch },
        browser.clock.platform,
      );
      open.add(auth);
      auth.onLogout(({ reason }) => logouts.push(reason));
      return auth;
    },
  };
}

async function signIn(dialect: Dialect): Promise<World & { auth: Auth }> {
  const world = await visit(dialect);
  const auth = await world.load();
  await auth.login(dialect.credentials("right"));
  return { ...world, auth };
}

const askOf =
  (dialect: Dialect) =>
  (auth: Auth): Promise<unknown> =>
    dialect.ask ? dialect.ask(auth) : auth.api.get("/orders");

const refreshing = dialects.flatMap((dialect) => {
  const { refreshRoute } = dialect;
  return refreshRoute ? [{ ...dialect, refreshRoute }] : [];
});

describe.each(refreshing)("$name", (dialect) => {
  test("refreshes again and again, and reuses no spent token", async () => {
    const { auth, vault } = await signIn(dialect);
    for (let round = 0; round < 3; round += 1) {
      expect(await auth.getAccessToken({ forceRefresh: true })).toBeTypeOf("string");
      await askOf(dialect)(auth);
    }
    expect(vault.thefts()).toBe(0);
  });
});

describe.each(refreshing.filter(({ renewsOnlyValid }) => !renewsOnlyValid))("$name", (dialect) => {
  test("ten requests meet an expired token: one refresh, and each gets its answer", async () => {
    const { auth, vault, backend } = await signIn(dialect);
    const before = backend.received(dialect.refreshRoute);
    vault.expireTokens();
    await Promise.all(Array.from({ length: 10 }, () => askOf(dialect)(auth)));
    expect(backend.received(dialect.refreshRoute)).toBe(before + 1);
  });
});

describe.each(refreshing.filter(({ renewsOnlyValid }) => !renewsOnlyValid))("$name", (dialect) => {
  test("after an hour, and after the next, a request meets no expired token", async () => {
    const { auth, backend, browser } = await signIn(dialect);
    for (let hour = 0; hour < 2; hour += 1) {
      await browser.clock.advance(3_600_000);
      await askOf(dialect)(auth);
    }
    expect(backend.refusals()).toEqual([]);
  });
});

describe.each(refreshing.filter(({ renewsOnlyValid }) => renewsOnlyValid))("$name", (dialect) => {
  test("renews the token before its end, without any request", async () => {
    const { auth, backend, browser } = await signIn(dialect);
    for (let hour = 0; hour < 6; hour += 1) {
      const before = backend.received(dialect.refreshRoute);
      await browser.clock.advance(560_000);
      await expect.poll(() => backend.received(dialect.refreshRoute)).toBe(before + 1);
      await auth.getAccessToken();
    }
    await expect(askOf(dialect)(auth)).resolves.toBeDefined();
  });
});

describe.each(dialects)("$name", (dialect) => {
  const ask = askOf(dialect);
  const { renewsOnlyValid = false } = dialect;

  test("signs in, and the API knows the person", async () => {
    const { auth } = await signIn(dialect);
    expect(auth.getState().user).toEqual(dialect.user);
    await expect(ask(auth)).resolves.toBeDefined();
  });

  test("a wrong password is `login_failed` with the server's status, and signs nobody in", async () => {
    const { load } = await visit(dialect);
    const auth = await load();
    expect(await failure(auth.login(dialect.credentials("wrong")))).toMatchObject({
      code: "login_failed",
      status: dialect.wrongPassword,
    });
    expect((await auth.ready()).status).toBe("unauthenticated");
  });

  test("a visitor is nobody, and that is no error", async () => {
    const { load } = await visit(dialect);
    const auth = await load();
    expect(await auth.ready()).toMatchObject({ status: "unauthenticated", error: null });
  });

  test(`a reload ${dialect.survivesReload ? "finds the person signed in" : "signs out"}`, async () => {
    const { load } = await signIn(dialect);
    const auth = await load();
    const { isAuthenticated, error, user } = await auth.ready();
    const hasAnswer = await ask(auth).then(
      () => true,
      () => false,
    );
    expect({ isAuthenticated, hasAnswer, error, user }).toEqual({
      isAuthenticated: dialect.survivesReload,
      hasAnswer: dialect.survivesReload,
      error: null,
      user: dialect.survivesReload ? (dialect.userAfterReload ?? dialect.user) : null,
    });
  });

  test("a session that the server ended ends here, once, as refused", async () => {
    const { auth, vault, browser, logouts } = await signIn(dialect);
    vault.revoke();
    await failure(ask(auth));
    // Who is taken for a guest learns it when the token would be renewed.
    if (dialect.welcomesGuests) await browser.clock.advance(vault.lifetimeSeconds * 1000);
    await expect.poll(() => logouts).toEqual(["refused"]);
    expect(auth.getState()).toMatchObject({ status: "unauthenticated" });
  });

  test("after a logout a reload finds nobody, and the server knows", async () => {
    const { auth, load, vault, backend, logouts } = await signIn(dialect);
    expect(await auth.logout()).toEqual({ serverTold: dialect.logout !== "none" });
    expect(logouts).toEqual(["logout"]);
    expect(backend.refusals()).toEqual([]);
    expect(vault.isOver()).toBe(dialect.logout === "ends");
    expect((await (await load()).ready()).status).toBe("unauthenticated");
  });

  test("a logout after the token has expired is one all the same", async () => {
    const { auth, load, vault, browser } = await signIn(dialect);
    await browser.clock.advance(vault.lifetimeSeconds * 1000);
    await auth.logout();
    // What renews only a good token cannot sign out with another; nor can anyone renew it.
    expect(vault.isOver() || renewsOnlyValid).toBe(dialect.logout !== "forgets");
    expect((await (await load()).ready()).status).toBe("unauthenticated");
  });
});
