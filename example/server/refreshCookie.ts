import type { CookieOptions } from "hono/utils/cookie";
import type { Config } from "./config.js";

/** The cookie of the refresh token, which no script sees and no other site can send. */
export function refreshCookie(config: Config): { name: string; options: CookieOptions } {
  return {
    // RFC 6265bis §4.1.3.2: a browser takes this prefix only with Secure and Path=/, from this host.
    name: config.isProduction ? "__Host-refresh" : "refresh",
    options: {
      httpOnly: true,
      secure: config.isProduction,
      sameSite: "Strict",
      path: "/",
      maxAge: Math.min(config.refreshIdleSeconds, config.refreshAbsoluteSeconds),
    },
  };
}
