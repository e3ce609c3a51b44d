import type { MiddlewareHandler } from "hono";
import type { Park } from "./park.js";
import { problem } from "./problems.js";
import type { SignedIn } from "./requireAccessToken.js";
import { findUser, type User } from "./users.js";

/**
 * Lets in who has the role now, and stands after `requireAccessToken`. The database is asked, not the
 * token: whoever loses the role loses it at the next request. What the page shows protects nothing.
 */
export function requireRole({ database }: Park, role: User["role"]): MiddlewareHandler<SignedIn> {
  return async (context, next) => {
    const user = await findUser(database, context.get("userId"));
    // Not 401: a new access token would open this door no further.
    if (user?.role !== role) throw problem(403, "forbidden", `This takes the role “${role}”.`);
    return next();
  };
}
