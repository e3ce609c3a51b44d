import { tmpdir } from "node:os";
import { onTestFinished } from "vitest";
import { readConfig, type Config } from "../config.js";
import { openDatabase, type Database } from "../database.js";
import { migrate } from "../migrations.js";
import { startServer } from "../server.js";
import { createClient, type Client } from "./client.js";

/** A server under test and what one needs to look at it from all sides. */
export interface TestPark {
  url: string;
  client: Client;
  newClient(): Client;
  /** Moves the server's clock, in seconds. */
  advance(seconds: number): void;
  /** What the server logged. */
  log: { event: string; about: Record<string, string | number> }[];
  database: Database;
  /** Closes the server before the test ends. */
  close(): Promise<void>;
}

// To make a database takes longer than most tests, so those of one worker share one.
const database = await openDatabase(undefined, "memory://");
await migrate(database);

/** A server with a clock moved by hand. Servers of one test share the database. */
export async function startPark(overrides: Partial<Config> = {}): Promise<TestPark> {
  let now = Date.UTC(2026, 5, 1);
  const log: TestPark["log"] = [];
  const config = readConfig({
    PORT: "0",
    DATA_DIR: "memory://",
    NODE_ENV: "test",
    APP_DIR: tmpdir(),
  });
  const server = await startServer(
    { ...config, now: () => now, sessionNow: () => now, ...overrides },
    (event, about) => log.push({ event, about }),
    database,
  );
  onTestFinished(async () => {
    await server.close();
    await database.query("TRUNCATE photos, bookings, sessions, users, rides");
  });
  return {
    url: server.url,
    client: createClient(server.url),
    newClient: () => createClient(server.url),
    advance(seconds) {
      now += seconds * 1000;
    },
    log,
    database,
    close: server.close,
  };
}
