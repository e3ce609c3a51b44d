import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refuseToStart, startBackend, type BackendProcess } from "./backendProcess.js";
import { ada, createClient } from "./client.js";

let folder: string;
let backend: BackendProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "park-"));
  backend = await startBackend({ DATA_DIR: folder });
});

afterAll(async () => {
  await backend.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function restart(): Promise<BackendProcess> {
  await backend.stop();
  return (backend = await startBackend({ DATA_DIR: folder }));
}

describe("the server as a process", () => {
  test("keeps its data in a folder that nobody else can enter", () => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test("closes a folder that was open, and refuses one that other things live in", async () => {
    chmodSync(folder, 0o755);
    const restarted = await restart();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(restarted.url).toBe(backend.url);

    const shared = mkdtempSync(join(tmpdir(), "park-shared-"));
    writeFileSync(join(shared, "letter.txt"), "");
    chmodSync(shared, 0o755);
    const { code, output } = await refuseToStart({ DATA_DIR: shared });
    rmSync(shared, { recursive: true });
    expect(code).toBe(1);
    expect(output).toContain("holds other files");
    expect(output).toContain(`chmod 700 ${shared}`);
  });

  test("lets one of several in that start at the same moment", async () => {
    const contested = mkdtempSync(join(tmpdir(), "park-contested-"));
    const starts = await Promise.allSettled(
      Array.from({ length: 4 }, () => startBackend({ DATA_DIR: contested })),
    );
    const open = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
    await Promise.all(open.map((each) => each.stop()));
    rmSync(contested, { recursive: true });
    expect(open).toHaveLength(1);
  });

  test("starts over the data of one that was killed", async () => {
    backend.kill();
    backend = await startBackend({ DATA_DIR: folder });
    expect((await createClient(backend.url).get("/api/health")).status).toBe(200);
  });

  test("keeps its keys where only its own user can read them", () => {
    for (const name of ["access-token.key", "refresh-token.key"]) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
  });

  test("says in one line each what is wrong with its environment, and ends with 1", async () => {
    const { code, output } = await refuseToStart({ PORT: "no", ACCESS_TOKEN_SECONDS: "0" });
    expect(code).toBe(1);
    expect(output.trim().split("\n")).toEqual([
      'PORT must be a whole number from 0 to 65535, but is "no".',
      'ACCESS_TOKEN_SECONDS must be a whole number of seconds from 1 to 86400, but is "0".',
    ]);
  });

  test("does not touch the data of another that runs", async () => {
    const { code, output } = await refuseToStart({ DATA_DIR: folder });
    expect(code).toBe(1);
    expect(output).toMatch(/^DATA_DIR must be a folder of its own, .* in use by another server\./);
  });

  test("names PORT when the port is taken", async () => {
    const { code, output } = await refuseToStart({
      DATA_DIR: "memory://",
      PORT: new URL(backend.url).port,
    });
    expect(code).toBe(1);
    expect(output.trim().split("\n").at(-1)).toBe(
      "PORT must be a port that nothing else uses, or 0 for any free one.",
    );
  });

  test("names DATABASE_URL when no database answers there", async () => {
    const { code, output } = await refuseToStart({
      DATABASE_URL: "postgres://ada:secret-word@127.0.0.1:1/park",
      ACCESS_TOKEN_KEY: "a key for access tokens that is long enough",
      REFRESH_TOKEN_KEY: "a key for refresh tokens that is long enough",
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^DATABASE_URL must lead to a PostgreSQL server/);
    expect(output.trim().split("\n")).toHaveLength(1);
    expect(output).not.toContain("secret-word");
  });

  test("ends with 0 when it is asked to, and knows its sessions when it is back", async () => {
    const client = createClient(backend.url);
    await client.post("/api/auth/login", ada);
    expect(await backend.stop()).toBe(0);

    backend = await startBackend({ DATA_DIR: folder });
    const after = createClient(backend.url);
    after.cookie = client.cookie;
    expect((await after.post("/api/auth/refresh")).status).toBe(200);
  });
});
