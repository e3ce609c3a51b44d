import type { Context, MiddlewareHandler } from "hono";
import type { HTTPException } from "hono/http-exception";
import type { AccessClaims } from "./accessTokens.js";
import type { Park } from "./park.js";
import { problem } from "./problems.js";

/** What a handler knows once its request has shown a good access token. */
export interface SignedIn {
  Variables: AccessClaims;
}

/** Lets in who shows an access token that is good now, of a session that is not over. */
export function requireAccessToken({
  accessTokens,
  refreshTokens,
}: Park): MiddlewareHandler<SignedIn> {
  return async (context, next) => {
    const token = bearerToken(context);
    const claims = token && (await accessTokens.verify(token));
    if (!claims || !(await refreshTokens.isAlive(claims.familyId))) throw unauthorized(token);
    context.set("userId", claims.userId);
    context.set("familyId", claims.familyId);
    return next();
  };
}

export function bearerToken(context: Context): string | undefined {
  return /^Bearer +(.+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
}

/** RFC 6750 §3: a bare challenge where no token came, `invalid_token` where one came and is no good. */
export function unauthorized(token: string | undefined): HTTPException {
  const challenge = token ? 'Bearer error="invalid_token"' : "Bearer";
  return problem(401, "unauthorized", "A good access token is needed.", {
    headers: { "www-authenticate": challenge },
  });
}
