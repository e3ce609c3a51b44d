import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import pg from "pg";
import { openDatabase } from "../database.js";
import {
  createSessions,
  memoryStore,
  sessionTable,
  sqlStore,
  type Sessions,
  type SessionOptions,
  type SessionStore,
  type SqlClient,
} from "../session/index.js";
import { withExpress } from "../sessionServers/withExpress.js";
import { withFastify } from "../sessionServers/withFastify.js";
import { withHono } from "../sessionServers/withHono.js";
import { withNode } from "../sessionServers/withNode.js";
import { redisStore } from "../sessionStores/redisStore.js";
import { startTemporaryPostgres } from "./temporaryPostgres.js";
import { startTemporaryRedis } from "./temporaryRedis.js";

const page = "https://app.example";
const key = (kid: string) => ({ kid, secret: `${kid} 0123456789 abcdefghijklmnopqrstuvwxyz` });
let now = Date.UTC(2026, 5, 1);
const advance = (seconds: number) => (now += seconds * 1000);

/** Sends a request to the sessions, in whichever way. */
type Send = (path: string, init: RequestInit) => Promise<Response>;

/** A browser: keeps the cookie, and says that its own page calls. */
function browser(send: Send) {
  const jar = { cookie: "", setCookie: "" };
  async function post(path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await send(path, {
      method: "POST",
      headers: {
        origin: page,
        "sec-fetch-site": "same-origin",
        "x-requested-with": "app",
        ...(jar.cookie && { cookie: jar.cookie }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    jar.setCookie = response.headers.get("set-cookie") ?? jar.setCookie;
    const [pair = ""] = jar.setCookie.split(";");
    jar.cookie = pair.endsWith("=") ? "" : pair;
    const text = await response.text();
    // A test reads from the body what its request is answered with.
    const read = (text ? JSON.parse(text) : {}) as Record<string, string>;
    return { status: response.status, headers: response.headers, body: read };
  }
  return {
    jar,
    post,
    login: (user = "ada") => post("/auth/login", { user }),
    refresh: () => post("/auth/refresh", {}),
    me: (token: string | undefined) =>
      send("/me", { headers: token ? { authorization: `Bearer ${token}` } : {} }),
  };
}

function sessionsOn(
  store: SessionStore,
  options: Partial<SessionOptions<{ id: string }>> = {},
): Sessions {
  return createSessions({
    store,
    accessKeys: [key("access-1")],
    refreshKeys: [key("refresh-1")],
    async login(request) {
      // The tests send nothing else.
      const { user } = (await request.json()) as { user: string };
      return user;
    },
    loadUser: async (id) => (id === "nobody" ? undefined : { id }),
    ownOrigin: () => page,
    ...options,
  });
}

/** Calls the handlers themselves. */
function directly(sessions: Sessions): Send {
  return async (path, init) => {
    const request = new Request(page + path, init);
    if (path === "/auth/login") return sessions.login(request);
    if (path === "/auth/refresh") return sessions.refresh(request);
    if (path === "/auth/logout") return sessions.logout(request);
    const access = await sessions.verify(request);
    return access instanceof Response ? access : Response.json({ id: access.userId });
  };
}

function over(server: Server): Send {
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  return (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
}

async function listening(server: Server): Promise<Send> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return over(server);
}

const postgres = await startTemporaryPostgres();
const redis = await startTemporaryRedis();
const pglite = await openDatabase(undefined, "memory://");
const pool =
  typeof postgres === "string" ? undefined : new pg.Pool({ connectionString: postgres.url });

afterAll(async () => {
  await pglite.close();
  await redis?.stop();
  await pool?.end();
  if (typeof postgres === "string") return;
  postgres.stop();
  postgres.remove();
});

const embedded: SqlClient = {
  query: async (text, values) => ({ rows: await pglite.query(text, values) }),
};

async function onTable(client: SqlClient): Promise<SessionStore> {
  for (const statement of sessionTable) await client.query(statement, []);
  await client.query("TRUNCATE sessions", []);
  return sqlStore(client, () => now);
}

const stores: Record<string, () => SessionStore | Promise<SessionStore>> = {
  memory: () => memoryStore(() => now),
  PGlite: () => onTable(embedded),
  ...(pool && { PostgreSQL: () => onTable(pool) }),
  ...(redis && {
    Redis: async () => {
      await redis.send(["FLUSHALL"]);
      return redisStore(redis.send, 14 * 86_400_000, () => now);
    },
  }),
};

const servers: Record<string, (sessions: Sessions) => Send | Promise<Send>> = {
  "their own calls": directly,
  Hono: (sessions) =>
    new Promise<Send>((resolve) => {
      const server = serve(
        { fetch: withHono(sessions).fetch, hostname: "127.0.0.1", port: 0 },
        () =>
          // It serves HTTP/1, as nothing else was asked for.
          resolve(over(server as Server)),
      );
    }),
  Express: (sessions) =>
    new Promise<Send>((resolve) => {
      const server = withExpress(sessions).listen(0, "127.0.0.1", () => resolve(over(server)));
    }),
  Fastify: async (sessions) => {
    const app = withFastify(sessions);
    await app.listen({ port: 0, host: "127.0.0.1" });
    return over(app.server);
  },
  "node:http": (sessions) => listening(withNode(sessions)),
};

const combinations = [
  ...Object.keys(stores).map((store) => [store, "their own calls"] as const),
  ...Object.keys(servers).map((server) => ["memory", server] as const),
].slice(1);

describe.each(combinations)("sessions in %s through %s", (storeName, serverName) => {
  let store: SessionStore;
  let sessions: Sessions;
  let send: Send;
  let ada: ReturnType<typeof browser>;

  async function serveWith(options: Partial<SessionOptions<{ id: string }>> = {}): Promise<Send> {
    sessions = sessionsOn(store, options);
    return (servers[serverName] ?? directly)(sessions);
  }

  beforeEach(async () => {
    store = await (stores[storeName] ?? memoryStore)();
    send = await serveWith();
    ada = browser(send);
  });

  test("sign in, refresh with rotation, and sign out", async () => {
    const login = await ada.login();
    expect(login.body).toMatchObject({ expiresIn: 300, user: { id: "ada" } });
    expect(ada.jar.setCookie).toMatch(
      /^__Host-refresh=[\w-]+\.0\.[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const first = ada.jar.cookie;
    const refreshed = await ada.refresh();
    expect(refreshed.headers.get("cache-control")).toBe("no-store");
    expect(ada.jar.cookie).not.toBe(first);
    const me = await ada.me(refreshed.body["accessToken"]);
    expect(await me.json()).toEqual({ id: "ada" });
    expect((await ada.post("/auth/logout")).status).toBe(204);
    expect(ada.jar.cookie).toBe("");
    expect((await ada.me(refreshed.body["accessToken"])).status).toBe(401);
    expect((await ada.refresh()).body["error"]).toBe("no_session");
  });

  test("refuse a missing and a bad access token as RFC 6750 says", async () => {
    const challenge = async (token?: string) =>
      (await ada.me(token)).headers.get("www-authenticate");
    expect(await challenge()).toBe("Bearer");
    expect(await challenge("garbled")).toBe('Bearer error="invalid_token"');
    const { body } = await ada.login();
    advance(301);
    expect(await challenge(body["accessToken"])).toBe('Bearer error="invalid_token"');
  });

  test("give fifty refreshes at once with one cookie the same next one", async () => {
    await ada.login();
    const cookies = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const tab = browser(send);
        tab.jar.setCookie = ada.jar.setCookie;
        tab.jar.cookie = ada.jar.cookie;
        expect((await tab.refresh()).status).toBe(200);
        return tab.jar.cookie;
      }),
    );
    expect(new Set(cookies).size).toBe(1);
    const [session] = await sessions.list("ada");
    expect(session?.repeats).toBe(49);
  });

  test("take a spent token after the window as theft, and end the session", async () => {
    await ada.login();
    const thief = browser(send);
    thief.jar.cookie = ada.jar.cookie;
    thief.jar.setCookie = ada.jar.setCookie;
    await ada.refresh();
    advance(11);
    expect((await thief.refresh()).body["error"]).toBe("session_reused");
    expect((await ada.refresh()).body["error"]).toBe("session_revoked");
  });

  test("refuse the parent for now once the child's access token has been used", async () => {
    await ada.login();
    const thief = browser(send);
    thief.jar.cookie = ada.jar.cookie;
    thief.jar.setCookie = ada.jar.setCookie;
    const { body } = await ada.refresh();
    await ada.me(body["accessToken"]);
    const { status, headers, body: refusal } = await thief.refresh();
    expect(status).toBe(409);
    expect(refusal["error"]).toBe("superseded");
    expect(headers.get("retry-after")).toBe("1");
    // It ends nothing: the owner may have two tabs.
    expect((await ada.refresh()).status).toBe(200);
  });

  test("end when idle for too long, and when too old", async () => {
    const busy = browser(await serveWith({ idleSeconds: 100, absoluteSeconds: 150 }));
    await busy.login();
    advance(99);
    expect((await busy.refresh()).status).toBe(200);
    advance(52);
    expect((await busy.refresh()).body["error"]).toBe("session_expired");
    await busy.login();
    advance(101);
    expect((await busy.refresh()).body["error"]).toBe("session_expired");
  });

  test("go on while keys are changed, also inside the grace window", async () => {
    await ada.login();
    const lost = { ...ada.jar };
    const { body } = await ada.refresh();
    const changed = await serveWith({
      accessKeys: [key("access-2"), key("access-1")],
      refreshKeys: [key("refresh-2"), key("refresh-1")],
    });
    expect((await browser(changed).me(body["accessToken"])).status).toBe(200);
    const tab = browser(changed);
    Object.assign(tab.jar, lost);
    // Seen by now, so the parent is refused for the moment; its owner has the child.
    expect((await tab.refresh()).status).toBe(409);
    Object.assign(tab.jar, ada.jar);
    expect((await tab.refresh()).status).toBe(200);
    const rid = await serveWith({ accessKeys: [key("access-2")], refreshKeys: [key("refresh-2")] });
    expect((await browser(rid).me(body["accessToken"])).status).toBe(401);
    const owner = browser(rid);
    Object.assign(owner.jar, tab.jar);
    expect((await owner.refresh()).status).toBe(200);
  });

  test("repeat the very same token when a key changes between", async () => {
    await ada.login();
    const lost = { ...ada.jar };
    await ada.refresh();
    const tab = browser(await serveWith({ refreshKeys: [key("refresh-2"), key("refresh-1")] }));
    Object.assign(tab.jar, lost);
    expect((await tab.refresh()).status).toBe(200);
    expect(tab.jar.cookie).toBe(ada.jar.cookie);
  });

  test("do not believe a token that they did not make", async () => {
    await ada.login();
    const [name, token = ""] = ada.jar.cookie.split("=");
    const [id, , mac = ""] = token.split(".");
    const forged = [
      `${id}.1.${mac}`,
      `${id}.0.${"A".repeat(43)}`,
      `${"0".repeat(36)}.0.${mac}`,
      `${id}.0`,
      "",
      `${id}.00.${mac}`,
    ];
    for (const text of forged) {
      const thief = browser(send);
      thief.jar.setCookie = thief.jar.cookie = `${name}=${text}`;
      expect((await thief.refresh()).status).toBe(401);
      await thief.post("/auth/logout");
    }
    expect((await ada.refresh()).status).toBe(200);
  });

  test("replace the browser's former session at a login", async () => {
    await ada.login();
    await ada.login("grace");
    expect(await sessions.list("ada")).toEqual([]);
    expect(await sessions.list("grace")).toHaveLength(1);
  });

  test("list, revoke one, and revoke all but one", async () => {
    const tabs = [browser(send), browser(send), browser(send)];
    for (const tab of tabs) await tab.login();
    const [first, second] = await sessions.list("ada");
    expect(first?.lastUsedAt.getTime()).toBe(Math.floor(now / 60_000) * 60_000);
    await sessions.revoke(first?.id ?? "");
    expect(await sessions.list("ada")).toHaveLength(2);
    await sessions.revokeAll("ada", second?.id);
    expect((await sessions.list("ada")).map(({ id }) => id)).toEqual([second?.id]);
  });

  test("sweep what has ended, in bounded batches", async () => {
    const kept = browser(send);
    for (const user of ["bob", "bob", "bob"]) await browser(send).login(user);
    await sessions.revokeAll("bob");
    await kept.login();
    const swept = [await sessions.sweep(2), await sessions.sweep(2), await sessions.sweep(2)];
    // Redis lets them expire.
    expect(swept).toEqual(storeName === "Redis" ? [0, 0, 0] : [2, 1, 0]);
    expect((await kept.refresh()).status).toBe(200);
  });

  test("let nobody in from another page", async () => {
    await ada.login();
    const headers: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { "x-requested-with": "" },
      { "content-type": "text/plain" },
    ];
    for (const wrong of headers) {
      expect((await ada.post("/auth/refresh", {}, wrong)).status).toBe(403);
    }
    expect((await ada.refresh()).status).toBe(200);
  });

  test("end with a user who is gone", async () => {
    expect((await ada.login("nobody")).status).toBe(401);
    expect(await sessions.list("nobody")).toEqual([]);
  });
});

test.skipIf(!redis)("sessions in Redis (if `redis-server` is here) expire there", async () => {
  const store = redisStore(redis?.send ?? (async () => null), 40);
  const session = { id: "one", userId: "ada", salt: "", keyId: "1", userAgent: "id" };
  const started = await store.insert(session);
  expect(Math.abs(started - Date.now())).toBeLessThan(60_000);
  await expect.poll(() => store.find("one")).toBeUndefined();
  expect(await store.list("ada", { idleMs: 1e9, absoluteMs: 1e9 })).toEqual([]);
});

describe("keys", () => {
  test.each([
    ["none", []],
    ["a short one", [{ kid: "a", secret: "short" }]],
    ["spaces", [{ kid: "a", secret: " ".repeat(32) }]],
    ["one name for two", [key("a"), key("a")]],
  ])("%s are refused", (_name, keys) => {
    expect(() => sessionsOn(memoryStore(), { accessKeys: keys })).toThrow(/accessKeys/);
    expect(() => sessionsOn(memoryStore(), { refreshKeys: keys })).toThrow(/refreshKeys/);
  });
});
