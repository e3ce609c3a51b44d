import { createHash } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import type { Park } from "./park.js";
import { problem } from "./problems.js";
import { requireAccessToken } from "./requireAccessToken.js";
import { guests } from "./seed.js";
import { bearerToken, unauthorized } from "./session/index.js";

/** How long a mishap goes on, in seconds: long enough to watch, short enough to wait for. */
const mishapSeconds = 10;

type Mishap = "token-expired" | "auth-server-down" | "network-cut";

/**
 * What a demonstration needs and no real park has: guests whose passwords it gives away, and
 * mishaps on purpose. A mishap is for the session that asked for it, and for this process only.
 *
 * Stands before the other routes, which know nothing of it. Exists only where `config.isDemo`.
 */
export function demo(park: Park): Hono<{ Bindings: HttpBindings }> {
  const { config, sessions, log } = park;
  const routes = new Hono<{ Bindings: HttpBindings }>();
  const signedIn = requireAccessToken(park);
  /** When each ends. */
  const mishaps = new Map<string, number>();

  function start(mishap: Mishap, whose: string, seconds: number): void {
    const now = config.now();
    for (const [key, end] of mishaps) if (end <= now) mishaps.delete(key);
    mishaps.set(`${mishap} ${whose}`, now + seconds * 1000);
  }

  function secondsLeft(mishap: Mishap, whose: string): number {
    const end = mishaps.get(`${mishap} ${whose}`) ?? 0;
    return Math.max(0, Math.ceil((end - config.now()) / 1000));
  }

  routes.use(async (context, next) => {
    if (mishaps.size === 0) return next();
    const token = bearerToken(context.req.raw);
    if (token && secondsLeft("token-expired", hashOf(token)) > 0) return unauthorized(token);
    const session = await sessions.current(context.req.raw);
    if (session === undefined) return next();
    if (secondsLeft("network-cut", session) > 0) {
      context.env.incoming.destroy();
      return RESPONSE_ALREADY_SENT;
    }
    const downSeconds = secondsLeft("auth-server-down", session);
    if (downSeconds > 0 && context.req.path.startsWith("/api/auth/")) {
      throw problem(503, "unavailable", "The ticket office is closed for a moment.", {
        headers: { "retry-after": String(downSeconds) },
      });
    }
    return next();
  });

  routes.get("/demo", (context) => context.json({ mishapSeconds, guests }));

  // A real one expires by itself; this one the server takes for expired from now on.
  routes.post("/demo/token-expired", signedIn, (context) => {
    start("token-expired", hashOf(bearerToken(context.req.raw) ?? ""), config.accessTokenSeconds);
    log("mishap", { session: context.get("sessionId"), what: "token-expired" });
    return context.body(null, 204);
  });

  for (const mishap of ["auth-server-down", "network-cut"] as const) {
    routes.post(`/demo/${mishap}`, signedIn, (context) => {
      start(mishap, context.get("sessionId"), mishapSeconds);
      log("mishap", { session: context.get("sessionId"), what: mishap });
      return context.body(null, 204);
    });
  }

  // Not 401: a new access token would open this door no further.
  routes.get("/demo/forbidden", signedIn, () => {
    throw problem(403, "forbidden", "Nobody may see this.");
  });

  // As some backends say it: a client that believes them refreshes for ever.
  routes.get("/demo/rejects-every-token", signedIn, (context) =>
    unauthorized(bearerToken(context.req.raw)),
  );

  return routes;
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
