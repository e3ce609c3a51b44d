import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ada, createClient } from "./testPark.js";

/** The folder of `initdb` and `postgres`: on the PATH, or where Debian puts them. */
function findPostgreSQL(): string | undefined {
  const versions = "/usr/lib/postgresql";
  const folders = [
    ...(process.env["PATH"] ?? "").split(":"),
    ...(existsSync(versions)
      ? readdirSync(versions).map((name) => join(versions, name, "bin"))
      : []),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")));
}

const binaries = findPostgreSQL();
if (!binaries) {
  console.warn(
    "\n  SKIPPED: two backend processes on a real PostgreSQL server. No initdb was found.\n" +
      "  Install PostgreSQL (Debian: apt-get install postgresql) and run the tests again.\n",
  );
}

/** PostgreSQL refuses to run as root, so root steps down. */
function asPostgres(command: string, given: string[]): [string, string[]] {
  return process.getuid?.() === 0
    ? ["runuser", ["-u", "postgres", "--", command, ...given]]
    : [command, given];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when the process prints the text. */
function printed(child: ChildProcess, text: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = text.exec(output);
      if (found) resolve(found[1] ?? found[0]);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", () => reject(new Error(`It ended instead of starting:\n${output}`)));
  });
}

describe.skipIf(!binaries)("two backend processes on one PostgreSQL server", () => {
  const folder = mkdtempSync(join(tmpdir(), "park-postgres-"));
  const children: ChildProcess[] = [];
  let port = 0;

  async function startBackends(graceSeconds: number): Promise<[string, string]> {
    const start = async () => {
      const child = spawn("npx", ["tsx", "example/server/main.ts"], {
        detached: true,
        env: {
          ...process.env,
          NODE_ENV: "test",
          PORT: "0",
          DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/postgres`,
          ACCESS_TOKEN_KEY: "a".repeat(40),
          REFRESH_TOKEN_KEY: "r".repeat(40),
          REFRESH_GRACE_SECONDS: String(graceSeconds),
          LOGINS_PER_MINUTE: "1000",
        },
      });
      children.push(child);
      return printed(child, /open: (\S+)/);
    };
    return Promise.all([start(), start()]);
  }

  beforeAll(async () => {
    port = await freePort();
    if (process.getuid?.() === 0) {
      const id = (flag: string) =>
        Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
      chownSync(folder, id("-u"), id("-g"));
    }
    const data = join(folder, "data");
    const init = asPostgres(join(binaries ?? "", "initdb"), [
      "-D",
      data,
      "-U",
      "postgres",
      "-A",
      "trust",
    ]);
    execFileSync(...init, { cwd: folder, stdio: "ignore" });
    const run = ["-D", data, "-p", String(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"];
    const [command, given] = asPostgres(join(binaries ?? "", "postgres"), run);
    const database = spawn(command, given, { cwd: folder, detached: true });
    children.push(database);
    await printed(database, /ready to accept connections/);
  });

  afterAll(() => {
    for (const { pid } of children.toReversed())
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  async function refreshAtBoth(
    urls: [string, string],
    cookie: string | undefined,
  ): Promise<{ status: number; cookie: string | undefined }[]> {
    return Promise.all(
      urls.map(async (url) => {
        const client = createClient(url);
        client.cookie = cookie;
        const { status } = await client.post("/api/auth/refresh");
        return { status, cookie: client.cookie };
      }),
    );
  }

  test("that refresh one session at once hand out one child, in 40 of 40 rounds", async () => {
    const urls = await startBackends(10);
    const client = createClient(urls[0]);
    await client.post("/api/auth/login", ada);
    for (let round = 0; round < 40; round += 1) {
      const [one, other] = await refreshAtBoth(urls, client.cookie);
      expect([one?.status, other?.status]).toEqual([200, 200]);
      expect(one?.cookie).toBe(other?.cookie);
      expect(one?.cookie).not.toBe(client.cookie);
      client.cookie = one?.cookie;
    }
  });

  test("without a grace window let one win, and the other revokes the family everywhere", async () => {
    const urls = await startBackends(0);
    for (let round = 0; round < 10; round += 1) {
      const client = createClient(urls[0]);
      await client.post("/api/auth/login", ada);
      const replies = await refreshAtBoth(urls, client.cookie);
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 401]));
      const winner = replies.find(({ status }) => status === 200);
      const after = await refreshAtBoth(urls, winner?.cookie);
      expect(after.map(({ status }) => status)).toEqual([401, 401]);
    }
  });
});
