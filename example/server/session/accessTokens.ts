import { randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { bytesOf, type Keys } from "./keys.js";

/** What an access token says. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  /** The counter of the refresh token that came with it. */
  readonly counter: number;
  /** When it ends, in milliseconds by the store's clock. */
  readonly expiresAt: number;
}

export interface AccessTokens {
  /** @param now - by the store's clock. */
  issue(claims: Omit<AccessClaims, "expiresAt">, now: number): Promise<string>;
  /** What a token says that we signed; else `undefined`. It may have expired: only the store knows the time. */
  read(token: string): Promise<AccessClaims | undefined>;
}

const algorithm = "HS256";
// RFC 9068 §2.1: told apart from every other kind of JWT.
const type = "at+jwt";

/** Access tokens as RFC 9068 has them: one algorithm, and a key that signs nothing else. */
export function createAccessTokens(
  keys: Keys,
  { seconds, issuer, audience }: { seconds: number; issuer: string; audience: string },
): AccessTokens {
  const secrets = new Map(keys.map(({ kid, secret }) => [kid, bytesOf(secret)]));
  const [{ kid: signingKid, secret }] = keys;
  const signingSecret = bytesOf(secret);
  // The epoch: every token is good by then.
  const currentDate = new Date(0);
  const requiredClaims = ["sub", "sid", "exp", "iat", "jti"];
  const options = {
    algorithms: [algorithm],
    typ: type,
    issuer,
    audience,
    currentDate,
    requiredClaims,
  };

  return {
    issue({ userId, sessionId, counter }, now) {
      const iat = Math.floor(now / 1000);
      return new SignJWT({ sid: sessionId, rtc: counter })
        .setProtectedHeader({ alg: algorithm, typ: type, kid: signingKid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(iat)
        .setExpirationTime(iat + seconds)
        .setJti(randomUUID())
        .sign(signingSecret);
    },

    async read(token) {
      try {
        const { payload } = await jwtVerify(
          token,
          ({ kid = "" }) => secrets.get(kid) ?? Promise.reject(new Error("unknown key")),
          options,
        );
        const { sub, sid, rtc, exp } = payload;
        return typeof sub === "string" && typeof sid === "string" && typeof rtc === "number" && exp
          ? { userId: sub, sessionId: sid, counter: rtc, expiresAt: exp * 1000 }
          : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
