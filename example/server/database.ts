import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { lockFolder } from "./folderLock.js";

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

/** Whether the database could not be asked just now, as opposed to a mistake in what was asked. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // PostgreSQL, appendix A: 08 connection, 40 lost a race, 53 out of resources, 57P shutting down.
  if (/^(08|40|53|57P)...?$/.test(code)) return true;
  // What node says of a socket, and what pg says in words only.
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect)/.test(error.message)
  );
}

function queryable(source: {
  query(sql: string, parameters: unknown[]): Promise<{ rows: unknown[] }>;
}): Queryable {
  return {
    query: async <Found extends Row>(sql: string, parameters: unknown[] = []) =>
      // The caller names the columns that its own SQL selects.
      (await source.query(sql, parameters)).rows as Found[],
  };
}

function openPostgreSQL(databaseURL: string): Database {
  const pool = new pg.Pool({ connectionString: databaseURL, connectionTimeoutMillis: 5000 });
  // A connection that breaks while idle is replaced; without a listener it would end the process.
  pool.on("error", (error) => console.error(`database: ${error.message}`));
  return {
    ...queryable(pool),
    pool,
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("BEGIN");
        const result = await work(queryable(client));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((fault: Error) => (broken = fault));
        throw error;
      } finally {
        // One that cannot even roll back must not be lent again.
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

async function openPGlite(dataDir: string): Promise<Database> {
  const isInMemory = dataDir.startsWith("memory://");
  if (!isInMemory) mkdirSync(dataDir, { recursive: true });
  const unlock = isInMemory ? () => undefined : lockFolder(dataDir);
  const pglite = await PGlite.create(isInMemory ? dataDir : join(dataDir, "pglite"));
  return {
    ...queryable(pglite),
    pool: undefined,
    transaction: (work) => pglite.transaction((tx) => work(queryable(tx))),
    async close() {
      await pglite.close();
      unlock();
    },
  };
}
