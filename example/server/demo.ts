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
const mishapSeconds = 15;

type Mishap = "token-expired" | "refresh-busy" | "network-cut";

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
    const busySeconds = secondsLeft("refresh-busy", session);
    if (busySeconds > 0 && context.req.path.endsWith("/auth/refresh")) {
      throw problem(503, "unavailable", "The ticket office is busy.", {
        headers: { "retry-after": String(busySeconds) },
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

  for (const mishap of ["refresh-busy", "network-cut"] as const) {
    routes.post(`/demo/${mishap}`, signedIn, (context) => {
      start(mishap, context.get("sessionId"), mishapSeconds);
      log("mishap", { session: context.get("sessionId"), what: mishap });
      return context.body(null, 204);
    });
  }

  return routes;
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
