import type { Lifetimes, Session, SessionStore } from "./store.js";

/** Runs one statement of PostgreSQL's SQL, and returns its rows: `pg.Pool` and PGlite both do. */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The table. Run once, by whatever runs your migrations. Times are milliseconds since the epoch. */
export const sessionTable = [
  `CREATE TABLE IF NOT EXISTS sessions (
    id text PRIMARY KEY,
    user_id text NOT NULL,
    salt text NOT NULL,
    counter integer NOT NULL DEFAULT 0,
    key_id text NOT NULL,
    seen_counter integer NOT NULL DEFAULT -1,
    repeats integer NOT NULL DEFAULT 0,
    user_agent text NOT NULL,
    started_at double precision NOT NULL,
    rotated_at double precision NOT NULL,
    revoked_at double precision
  )`,
  "CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id)",
  "CREATE INDEX IF NOT EXISTS sessions_by_rotation ON sessions (rotated_at)",
];

const columns = `id, user_id AS "userId", salt, counter, key_id AS "keyId",
  seen_counter AS "seenCounter", repeats, user_agent AS "userAgent", started_at AS "startedAt",
  rotated_at AS "rotatedAt", revoked_at AS "revokedAt"`;

/**
 * Keeps sessions in a PostgreSQL table, shared by any number of processes. Each method is one
 * statement, and so atomic without a transaction.
 *
 * @param now - Milliseconds since the epoch; the database's own clock if omitted, so that processes
 * whose clocks differ agree.
 */
export function sqlStore(client: SqlClient, now?: () => number): SessionStore {
  const clock = () =>
    now ? `${now()}::double precision` : "extract(epoch FROM clock_timestamp()) * 1000";

  async function query<Row>(text: string, values: unknown[]): Promise<Row[]> {
    // The statements below name the columns of the rows that they return.
    return (await client.query(text, values)).rows as Row[];
  }

  const isAlive = (idle: string, absolute: string) =>
    `revoked_at IS NULL AND rotated_at > ${clock()} - ${idle} AND started_at > ${clock()} - ${absolute}`;
  const valuesOf = ({ idleMs, absoluteMs }: Lifetimes) => [idleMs, absoluteMs];

  return {
    async insert({ id, userId, salt, keyId, userAgent }) {
      const [row] = await query<{ at: number }>(
        `INSERT INTO sessions (id, user_id, salt, key_id, user_agent, started_at, rotated_at)
         SELECT $1, $2, $3, $4, $5, clock, clock FROM (SELECT ${clock()} AS clock) AS c
         RETURNING started_at AS at`,
        [id, userId, salt, keyId, userAgent],
      );
      return row?.at ?? 0;
    },

    async find(id) {
      const [row] = await query<Session & { now: number }>(
        `SELECT ${columns}, (${clock()})::double precision AS now FROM sessions WHERE id = $1`,
        [id],
      );
      return row && { session: row, now: row.now };
    },

    async rotate(id, counter, keyId) {
      const rows = await query(
        `UPDATE sessions SET counter = counter + 1, key_id = $3, rotated_at = ${clock()}
         WHERE id = $1 AND counter = $2 AND revoked_at IS NULL RETURNING 1`,
        [id, counter, keyId],
      );
      return rows.length > 0;
    },

    async markSeen(id, counter) {
      await query("UPDATE sessions SET seen_counter = $2 WHERE id = $1 AND seen_counter < $2", [
        id,
        counter,
      ]);
    },

    async countRepeat(id) {
      const [row] = await query<{ repeats: number }>(
        "UPDATE sessions SET repeats = repeats + 1 WHERE id = $1 RETURNING repeats",
        [id],
      );
      return row?.repeats ?? 0;
    },

    async revoke(id) {
      await query(
        `UPDATE sessions SET revoked_at = ${clock()} WHERE id = $1 AND revoked_at IS NULL`,
        [id],
      );
    },

    async revokeAll(userId, except = "") {
      await query(
        `UPDATE sessions SET revoked_at = ${clock()}
         WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL`,
        [userId, except],
      );
    },

    list: (userId, lifetimes) =>
      query<Session>(
        `SELECT ${columns} FROM sessions WHERE user_id = $1 AND ${isAlive("$2", "$3")}
         ORDER BY rotated_at DESC`,
        [userId, ...valuesOf(lifetimes)],
      ),

    async sweep(lifetimes, limit) {
      // Rows that a refresh holds are left for the next time.
      const rows = await query(
        `DELETE FROM sessions WHERE id IN (
           SELECT id FROM sessions WHERE NOT (${isAlive("$1", "$2")})
           LIMIT $3 FOR UPDATE SKIP LOCKED
         ) RETURNING 1`,
        [...valuesOf(lifetimes), limit],
      );
      return rows.length;
    },
  };
}
