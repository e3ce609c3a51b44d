import { createHash } from "node:crypto";
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  type RateLimiterAbstract,
} from "rate-limiter-flexible";
import type { Config } from "./config.js";
import type { Database } from "./database.js";
import { problem } from "./problems.js";

/** How often one may knock. */
export interface RateLimits {
  /** @throws 429 with `Retry-After`. */
  login(address: string, email: string): Promise<void>;
  /** @throws 429 with `Retry-After`. */
  refresh(address: string): Promise<void>;
}

/** Limits per minute: shared by all processes on PostgreSQL, per process on PGlite. */
export function createRateLimits(config: Config, { pool }: Database): RateLimits {
  function limiter(keyPrefix: string, points: number): RateLimiterAbstract {
    const options = { keyPrefix, points, duration: 60 };
    if (!pool) return new RateLimiterMemory(options);
    return new RateLimiterPostgres({
      ...options,
      storeClient: pool,
      tableName: "rate_limits",
      tableCreated: true,
    });
  }

  // One person guessing, and one address trying many persons.
  const byEmail = limiter("login-email", config.loginsPerMinute);
  const byAddress = limiter("login-address", config.loginsPerMinute * 5);
  const refreshes = limiter("refresh", config.refreshesPerMinute);

  async function consume(limit: RateLimiterAbstract, key: string): Promise<void> {
    try {
      await limit.consume(key);
    } catch (rejection) {
      if (rejection instanceof Error) throw rejection;
      // The limiter rejects with its own result when there are no points left.
      const { msBeforeNext } = rejection as { msBeforeNext: number };
      const seconds = String(Math.max(1, Math.ceil(msBeforeNext / 1000)));
      throw problem(429, "too_many", `Too many attempts. Try again in ${seconds} seconds.`, {
        headers: { "retry-after": seconds },
      });
    }
  }

  return {
    async login(address, email) {
      await consume(byAddress, address);
      // A limit's table is no place for people's addresses, nor for a text of any length.
      const person = createHash("sha256").update(`${address} ${email.toLowerCase()}`);
      await consume(byEmail, person.digest("base64url"));
    },
    refresh: (address) => consume(refreshes, address),
  };
}
