import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

type Row = Record<string, unknown>;

/** What runs SQL: a database, or one transaction on it. */
export interface Queryable {
  query<Found extends Row>(sql: string, parameters?: unknown[]): Promise<Found[]>;
}

/** The same SQL on PGlite, embedded in this process, and on a PostgreSQL server. */
export interface Database extends Queryable {
  /** Commits what `work` did, or nothing of it if it throws. */
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /** The pool of a PostgreSQL server, for a library that wants one; `undefined` on PGlite. */
  readonly pool: pg.Pool | undefined;
  close(): Promise<void>;
}

/** @param dataDir - where PGlite keeps its files, or `memory://`. */
export async function openDatabase(
  databaseURL: string | undefined,
  dataDir: string,
): Promise<Database> {
  return databaseURL === undefined ? openPGlite(dataDir) : openPostgreSQL(databaseURL);
}

function openPostgreSQL(databaseURL: string): Database {
  const pool = new pg.Pool({ connectionString: databaseURL });
  // A connection that breaks while idle is replaced; without a listener it would end the process.
  pool.on("error", (error) => console.error(`database: ${error.message}`));
  return {
    pool,
    query: async <Found extends Row>(sql: string, parameters: unknown[] = []) =>
      (await pool.query<Found>(sql, parameters)).rows,
    async transaction(work) {
      const client = await pool.connect();
      try {
        await client.query("BEGIN");
        const result = await work({
          query: async <Found extends Row>(sql: string, parameters: unknown[] = []) =>
            (await client.query<Found>(sql, parameters)).rows,
        });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function openPGlite(dataDir: string): Promise<Database> {
  const isInMemory = dataDir.startsWith("memory://");
  if (!isInMemory) mkdirSync(dataDir, { recursive: true });
  const pglite = await PGlite.create(isInMemory ? dataDir : join(dataDir, "pglite"));
  return {
    pool: undefined,
    query: async <Found extends Row>(sql: string, parameters: unknown[] = []) =>
      (await pglite.query<Found>(sql, parameters)).rows,
    transaction: (work) =>
      pglite.transaction((tx) =>
        work({
          query: async <Found extends Row>(sql: string, parameters: unknown[] = []) =>
            (await tx.query<Found>(sql, parameters)).rows,
        }),
      ),
    close: () => pglite.close(),
  };
}
