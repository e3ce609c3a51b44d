import type { AccessTokens } from "./accessTokens.js";
import type { Config } from "./config.js";
import type { Database } from "./database.js";
import type { RateLimits } from "./rateLimits.js";
import type { RefreshTokens } from "./refreshTokens.js";

/** What the routes work with. */
export interface Park {
  config: Config;
  database: Database;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  rateLimits: RateLimits;
  log: Log;
}

/** One line for each thing that happens to a session. Takes ids, never a token or a password. */
export type Log = (event: string, about: Record<string, string | undefined>) => void;
