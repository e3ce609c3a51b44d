import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startBackend, type BackendProcess } from "./backendProcess.js";
import { ada, createClient, type Client, type Reply } from "./client.js";
import { startTemporaryPostgres } from "./temporaryPostgres.js";

const postgres = await startTemporaryPostgres();

describe("processes on one PostgreSQL server", () => {
  beforeEach(({ skip }) => {
    if (typeof postgres === "string") skip(postgres);
  });

  // No test runs where it is text.
  const database = postgres as Exclude<typeof postgres, string>;
  const started: BackendProcess[] = [];
  const pool = new pg.Pool({ connectionString: database.url });
  // Its connections break when a test stops the database.
  pool.on("error", () => {});
  /** Two that start together on an empty database. */
  let urls: [string, string];

  beforeAll(async () => {
    if (typeof postgres !== "string") urls = await startTwo();
  });

  afterAll(async () => {
    if (typeof postgres === "string") return;
    await Promise.all(started.map((backend) => backend.stop()));
    await pool.end();
    database.stop();
    database.remove();
  });

  async function start(env: Record<string, string> = {}): Promise<BackendProcess> {
    const backend = await startBackend({
      DATABASE_URL: database.url,
      ACCESS_TOKEN_KEY: "a key for access tokens that is 40 bytes",
      REFRESH_TOKEN_KEY: "a key for refresh tokens that is 41 byte",
      LOGINS_PER_MINUTE: "10000",
      REFRESHES_PER_MINUTE: "10000",
      ...env,
    });
    started.push(backend);
    return backend;
  }

  async function startTwo(env: Record<string, string> = {}): Promise<[string, string]> {
    const [one, other] = await Promise.all([start(env), start(env)]);
    return [one.url, other.url];
  }

  async function signIn(url: string): Promise<{ client: Client; accessToken: string }> {
    const client = createClient(url);
    const { body } = await client.post("/api/auth/login", ada);
    return { client, accessToken: body.accessToken };
  }

  async function refreshAt(
    url: string,
    cookie: string | undefined,
  ): Promise<Reply & { cookie: string | undefined }> {
    const client = createClient(url);
    client.cookie = cookie;
    const reply = await client.post("/api/auth/refresh");
    return { ...reply, cookie: client.cookie };
  }

  const refreshAtBoth = ([one, other]: [string, string], cookie: string | undefined) =>
    Promise.all([refreshAt(one, cookie), refreshAt(other, cookie)]);

  test("start together on an empty database", async () => {
    for (const url of urls) {
      expect((await createClient(url).get("/api/health")).body).toEqual({ ok: true });
    }
  });

  test("that refresh one session at once hand out one child, in 100 of 100 rounds", async () => {
    const { client } = await signIn(urls[0]);
    for (let round = 0; round < 100; round += 1) {
      const [one, other] = await refreshAtBoth(urls, client.cookie);
      expect([one.status, other.status]).toEqual([200, 200]);
      expect(one.cookie).toBe(other.cookie);
      expect(one.cookie).not.toBe(client.cookie);
      client.cookie = one.cookie;
    }
  });

  test("that refresh one session fifty times at once hand out one child, in 10 of 10 rounds", async () => {
    const { client } = await signIn(urls[0]);
    for (let round = 0; round < 10; round += 1) {
      const replies = await Promise.all(
        Array.from({ length: 25 }, () => refreshAtBoth(urls, client.cookie)),
      );
      const cookies = replies.flat().map(({ status, cookie }) => `${status} ${cookie}`);
      expect(new Set(cookies).size).toBe(1);
      expect(cookies[0]).not.toBe(`200 ${client.cookie}`);
      client.cookie = replies[0]?.[0].cookie;
    }
    const { rows } = await pool.query(
      "SELECT counter, repeats FROM sessions ORDER BY started_at DESC LIMIT 1",
    );
    expect(rows).toEqual([{ counter: 10, repeats: 490 }]);
  });

  test("without a grace window let one win, and the other revokes the session everywhere, in 30 of 30 rounds", async () => {
    const strict = await startTwo({ REFRESH_GRACE_SECONDS: "0" });
    for (let round = 0; round < 30; round += 1) {
      const { client } = await signIn(strict[0]);
      const replies = await refreshAtBoth(strict, client.cookie);
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 401]));
      const winner = replies.find(({ status }) => status === 200);
      const after = await refreshAtBoth(strict, winner?.cookie);
      expect(after.map(({ body }) => body.error)).toEqual(["session_revoked", "session_revoked"]);
    }
  });

  test("agree on the time though their clocks are a minute apart", async () => {
    const ahead = await start({ CLOCK_OFFSET_SECONDS: "60" });
    const behind = await start({ CLOCK_OFFSET_SECONDS: "-60" });
    const { client, accessToken } = await signIn(ahead.url);
    expect((await createClient(behind.url).get("/api/me", accessToken)).status).toBe(200);
    const parent = client.cookie;
    const child = await refreshAt(behind.url, parent);
    // Within the grace window, as the database sees it.
    const again = await refreshAt(ahead.url, parent);
    expect(again.cookie).toBe(child.cookie);
    expect((await createClient(ahead.url).get("/api/me", again.body.accessToken)).status).toBe(200);
  });

  test("take a token spent before the window as theft, and refuse the session at once in all", async () => {
    const { client } = await signIn(urls[0]);
    const parent = client.cookie;
    const { body } = await client.post("/api/auth/refresh");
    await pool.query("UPDATE sessions SET rotated_at = rotated_at - 11000");
    expect((await refreshAt(urls[1], parent)).body.error).toBe("session_reused");
    for (const url of urls) {
      expect((await refreshAt(url, client.cookie)).body.error).toBe("session_revoked");
      expect((await createClient(url).get("/api/me", body.accessToken)).status).toBe(401);
    }
  });

  test("count towards one limit", async () => {
    const limited = await startTwo({ LOGINS_PER_MINUTE: "20" });
    const guess = { email: "guessed@park.example", password: "not this one" };
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 21; attempt += 1) {
      const client = createClient(limited[attempt % 2 === 0 ? 0 : 1]);
      statuses.push((await client.post("/api/auth/login", guess)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
  });

  test("answer 503 with Retry-After while the database is away, and know the session after", async () => {
    const { client } = await signIn(urls[0]);
    database.stop();
    const { status, headers, body } = await client.post("/api/auth/refresh");
    database.start();
    expect(status).toBe(503);
    expect(body.error).toBe("unavailable");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("answer 503 and end when they are asked to while the database says nothing", async () => {
    const doomed = await start();
    const { client } = await signIn(urls[0]);
    const last = createClient(doomed.url);
    await last.post("/api/auth/login", ada);
    database.silence();
    const [{ status, headers }, health, code] = await Promise.all([
      client.post("/api/auth/refresh"),
      createClient(urls[1]).get("/api/health"),
      last.post("/api/auth/refresh").then(() => doomed.stop()),
    ]).finally(() => database.wake());
    expect(status).toBe(503);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(health.status).toBe(503);
    expect(health.headers.get("retry-after")).toBe("5");
    expect(code).toBe(0);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("lose and double nothing when one is killed while its refresh rotates", async () => {
    const doomed = await start();
    const { client } = await signIn(urls[0]);
    const parent = client.cookie;
    const [id] = parent?.replace("refresh=", "").split(".") ?? [];
    // The row is held, so that the refresh waits in the middle of its UPDATE.
    const holder = await pool.connect();
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE", [id]);
    const asked = refreshAt(doomed.url, parent);
    await expect.poll(isAnyWaiting).toBe(true);
    doomed.kill();
    await expect(asked).rejects.toThrow("fetch failed");
    await holder.query("COMMIT");
    holder.release();
    // The database goes on with the UPDATE; nobody has its answer.
    await expect.poll(isAnyWaiting).toBe(false);
    const [one, other] = await refreshAtBoth(urls, parent);
    expect([one.status, other.status]).toEqual([200, 200]);
    expect(one.cookie).toBe(other.cookie);
    expect(one.cookie).toContain(`${id}.1.`);
  });

  async function isAnyWaiting(): Promise<boolean> {
    const { rows } = await pool.query("SELECT 1 FROM pg_locks WHERE NOT granted");
    return rows.length > 0;
  }

  test("lose and double nothing when one is killed among refreshes, in 8 of 8 rounds", async () => {
    const { client } = await signIn(urls[0]);
    for (let round = 0; round < 8; round += 1) {
      const doomed = await start();
      const parent = client.cookie;
      // It is killed after the first answer: of the others some are answered, some not.
      const asked = Array.from({ length: 8 }, () => refreshAt(doomed.url, parent));
      void Promise.any(asked).then(() => doomed.kill());
      const answered = (await Promise.allSettled(asked)).flatMap((each) =>
        each.status === "fulfilled" ? [each.value.cookie] : [],
      );
      const after = await refreshAt(urls[0], parent);
      expect(after.status).toBe(200);
      expect(new Set([...answered, after.cookie]).size).toBe(1);
      client.cookie = after.cookie;
    }
  });

  test("keep every session while their keys are changed one after the other under load", async () => {
    const secrets = [
      "the first key of this very long test",
      "the second key of this very long test",
    ];
    const withKeys = (...list: string[]) =>
      start({
        ACCESS_TOKEN_KEY: list.join(","),
        REFRESH_TOKEN_KEY: list.map((key) => `${key}!`).join(","),
      });
    const [older = "", newer = ""] = secrets;
    // As one rolls it out: all verify both before any signs with the new one.
    const stages = [await withKeys(older, newer), await withKeys(newer, older)];
    const guests = await Promise.all(
      Array.from({ length: 8 }, async () => signIn(stages[0]?.url ?? "")),
    );
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        guests.map(async (guest, index) => {
          const url = stages[(round + index) % 2]?.url ?? "";
          const { status, body, cookie } = await refreshAt(url, guest.client.cookie);
          expect(status).toBe(200);
          guest.client.cookie = cookie;
          const other = stages[(round + index + 1) % 2]?.url ?? "";
          expect((await createClient(other).get("/api/me", body.accessToken)).status).toBe(200);
        }),
      );
    }
  });
});
