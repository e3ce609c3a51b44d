import type { Config } from "./config.js";
import type { Database } from "./database.js";
import type { RateLimits } from "./rateLimits.js";
import type { SessionLog, Sessions } from "./session/index.js";

/** What the routes work with. */
export interface Park {
  config: Config;
  database: Database;
  sessions: Sessions;
  rateLimits: RateLimits;
  log: Log;
}

/** One line for each thing that happens. Takes ids, never a token or a password. */
export type Log = SessionLog;
