import type { MiddlewareHandler } from "hono";
import type { Park } from "./park.js";
import type { Access } from "./session/index.js";

/** What a handler knows once its request has shown a good access token. */
export interface SignedIn {
  Variables: Access;
}

/** Lets in who shows an access token that is good now, of a session that is not over. */
export function requireAccessToken({ sessions }: Park): MiddlewareHandler<SignedIn> {
  return async (context, next) => {
    const access = await sessions.verify(context.req.raw);
    if (access instanceof Response) return access;
    context.set("userId", access.userId);
    context.set("sessionId", access.sessionId);
    return next();
  };
}
