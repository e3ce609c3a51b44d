import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  type RateLimiterAbstract,
} from "rate-limiter-flexible";
import type { Config } from "./config.js";
import type { Database } from "./database.js";
import type { Log } from "./park.js";
import { problem } from "./problems.js";
import { shortHash } from "./session/index.js";

/** How often one may knock. All throw 429 with `Retry-After`. */
export interface RateLimits {
  /**
   * Before a password is checked.
   *
   * @param browser - the session of a good cookie: a browser that the person has used before. Its
   * attempts are counted apart, so that guesses from elsewhere do not lock out the person.
   */
  login(address: string, email: string, browser: string | undefined): Promise<void>;
  /** Before a refresh with a good cookie. */
  refresh(session: string): Promise<void>;
  /** Before a refresh without one: others at the same address do not pay for it. */
  refreshInVain(address: string): Promise<void>;
}

/** Limits per minute: shared by all processes on PostgreSQL, per process on PGlite. */
export function createRateLimits(config: Config, { pool }: Database, log: Log): RateLimits {
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

  const { loginsPerMinute, refreshesPerMinute } = config;
  // One account guessed at from many networks, and one network that tries many accounts.
  const accounts = limiter("login-account", loginsPerMinute);
  const networks = limiter("login-network", loginsPerMinute * 5);
  const browsers = limiter("login-browser", loginsPerMinute);
  const sessions = limiter("refresh-session", refreshesPerMinute);
  const vain = limiter("refresh-vain", refreshesPerMinute);

  async function consume(
    limit: RateLimiterAbstract,
    key: string,
    about: Record<string, string>,
  ): Promise<void> {
    try {
      await limit.consume(key);
    } catch (rejection) {
      if (rejection instanceof Error) throw rejection;
      log("limited", { limit: limit.keyPrefix, ...about });
      // The limiter rejects with its own result when there are no points left.
      const { msBeforeNext } = rejection as { msBeforeNext: number };
      const seconds = String(Math.max(1, Math.ceil(msBeforeNext / 1000)));
      throw problem(429, "too_many", `Too many attempts. Try again in ${seconds} seconds.`, {
        headers: { "retry-after": seconds },
      });
    }
  }

  return {
    async login(address, email, browser) {
      const about = { account: shortHash(email.toLowerCase()), address: shortHash(address) };
      if (browser !== undefined) return consume(browsers, browser, about);
      await consume(networks, networkOf(address), about);
      // A limit's table is no place for people's addresses, nor for a text of any length.
      const account = createHash("sha256").update(email.toLowerCase()).digest("base64url");
      await consume(accounts, account, about);
    },
    refresh: (session) => consume(sessions, session, { session }),
    refreshInVain: (address) => consume(vain, networkOf(address), { address: shortHash(address) }),
  };
}

/** One person can have as many IPv6 addresses as a /64 holds (RFC 6177 §2). */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.replace(/%.*/, "").split("::");
  const before = head.split(":").filter(Boolean);
  const after = (tail ?? "").split(":").filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}
