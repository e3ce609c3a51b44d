import type { Database } from "./database.js";
import { sessionTable } from "./session/index.js";

/**
 * What was added to the database, in order. Never change one that has run somewhere: add another.
 * Times are milliseconds since the epoch.
 */
const migrations: readonly (readonly string[])[] = [
  // 1. The park as it opened. Databases of before there were numbers have some of it.
  [
    `CREATE TABLE IF NOT EXISTS users (
      id text PRIMARY KEY,
      email text NOT NULL UNIQUE,
      name text NOT NULL,
      role text NOT NULL,
      password_hash text NOT NULL
    )`,
    `CREATE TABLE IF NOT EXISTS rides (
      id text PRIMARY KEY,
      name text NOT NULL,
      land text NOT NULL,
      description text NOT NULL,
      thrill text NOT NULL,
      min_height_cm integer NOT NULL,
      duration_minutes integer NOT NULL,
      queue_minutes integer NOT NULL,
      open boolean NOT NULL
    )`,
    `CREATE TABLE IF NOT EXISTS bookings (
      id text PRIMARY KEY,
      user_id text NOT NULL REFERENCES users (id),
      ride_id text NOT NULL REFERENCES rides (id),
      seats integer NOT NULL,
      note text NOT NULL DEFAULT '',
      created_at double precision NOT NULL
    )`,
    `ALTER TABLE bookings ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT ''`,
    `CREATE TABLE IF NOT EXISTS photos (
      user_id text PRIMARY KEY REFERENCES users (id),
      type text NOT NULL,
      bytes bytea NOT NULL
    )`,
    // The limiter would create its own table, but not under the lock below.
    `CREATE TABLE IF NOT EXISTS rate_limits (
      key text PRIMARY KEY,
      points integer NOT NULL DEFAULT 0,
      expire bigint
    )`,
    "CREATE INDEX IF NOT EXISTS bookings_by_user ON bookings (user_id)",
  ],
  // 2. One row for each session. Refresh tokens of before cannot be made again: their sessions end.
  ["DROP TABLE IF EXISTS refresh_tokens", "DROP TABLE IF EXISTS families", ...sessionTable],
];

/** Any number that nothing else on this database locks. */
const migrationLock = 7_261_154;

/** Adds what is missing. Two processes that start together do it one after the other. */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock($1)", [migrationLock]);
    await tx.query("CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY)");
    const [done] = await tx.query<{ latest: number }>(
      "SELECT coalesce(max(number), 0) AS latest FROM migrations",
    );
    for (const [index, statements] of migrations.entries()) {
      const number = index + 1;
      if (number <= (done?.latest ?? 0)) continue;
      for (const statement of statements) await tx.query(statement);
      await tx.query("INSERT INTO migrations (number) VALUES ($1)", [number]);
    }
  });
}
