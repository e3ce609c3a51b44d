import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { Config } from "./config.js";

/** Who a request speaks for. */
export interface AccessClaims {
  userId: string;
  familyId: string;
}

export interface AccessTokens {
  issue(claims: AccessClaims): Promise<string>;
  /** The claims of a token that is good now, else `undefined`. Asks no database. */
  verify(token: string): Promise<AccessClaims | undefined>;
}

const algorithm = "HS256";
const issuer = "park";
const audience = "park-api";
// RFC 9068 §2.1: told apart from every other kind of JWT.
const type = "at+jwt";

export function createAccessTokens(
  config: Pick<Config, "accessTokenKey" | "accessTokenSeconds" | "now">,
): AccessTokens {
  const key = new TextEncoder().encode(config.accessTokenKey);
  return {
    issue({ userId, familyId }) {
      const iat = Math.floor(config.now() / 1000);
      return new SignJWT({ sid: familyId })
        .setProtectedHeader({ alg: algorithm, typ: type })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(iat)
        .setExpirationTime(iat + config.accessTokenSeconds)
        .setJti(randomUUID())
        .sign(key);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          typ: type,
          issuer,
          audience,
          currentDate: new Date(config.now()),
          requiredClaims: ["sub", "sid", "exp", "iat", "jti"],
        });
        const { sub, sid } = payload;
        return typeof sub === "string" && typeof sid === "string"
          ? { userId: sub, familyId: sid }
          : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
