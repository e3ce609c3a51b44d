import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { lockFolder } from "./folderLock.js";
import { makePrivate } from "./privateFolder.js";

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
  // PostgreSQL, appendix A: 08 connection, 40 lost a race, 53 out of resources, 57P shutting down,
  // 57014 took too long.
  if (/^(08|40|53|57P|57014)/.test(code)) return true;
  // What node says of a socket, and what pg says in words only.
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout)/.test(
      error.message,
    )
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

/** How long the database may be silent. */
const patienceMs = 3000;

function openPostgreSQL(databaseURL: string): Database {
  const pool = new pg.Pool({
    connectionString: databaseURL,
    connectionTimeoutMillis: patienceMs,
    // The server ends what takes too long; where it is silent, this side does.
    statement_timeout: patienceMs,
    query_timeout: patienceMs + 500,
  });
  // A connection that breaks while idle is replaced; without a listener it would end the process.
  pool.on("error", (error) => console.error(`database: ${error.message}`));
  return {
    ...queryable(pool),
    pool,
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | boolean = false;
      try {
        await client.query("BEGIN");
        const result = await work(queryable(client));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        // One that does not answer would not roll back either: the server does, once it is gone.
        if (isAway(error)) broken = true;
        else await client.query("ROLLBACK").catch((fault: Error) => (broken = fault));
        throw error;
      } finally {
        // One that cannot even roll back must not be lent again.
        client.release(broken);
      }
    },
    async close() {
      // A silent server would keep us for ever.
      await Promise.race([pool.end(), sleep(patienceMs, undefined, { ref: false })]);
    },
  };
}

async function openPGlite(dataDir: string): Promise<Database> {
  const isInMemory = dataDir.startsWith("memory://");
  if (!isInMemory) makePrivate(dataDir);
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
