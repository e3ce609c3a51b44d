import { createHmac, timingSafeEqual } from "node:crypto";
import { bytesOf, type Key, type Keys } from "./keys.js";
import type { Session } from "./store.js";

/** What a refresh token says before it is verified. */
export interface PresentedToken {
  readonly sessionId: string;
  readonly counter: number;
  readonly mac: string;
}

/**
 * Refresh tokens are `id.counter.mac`. The MAC covers the session's id, the counter and a salt that
 * leaves the store for nobody. So the server keeps one row per session and no token: it can make each
 * token of a session again, and knows a spent one by its counter.
 */
export interface RefreshTokens {
  /** The key that makes new tokens. */
  readonly keyId: string;
  /** Makes the token of a counter, with the key of that name; with the first key if that is gone. */
  make(session: Pick<Session, "id" | "salt">, counter: number, keyId: string): string;
  /** Whether the server made this token, be it spent or not. */
  isGenuine(token: PresentedToken, session: Pick<Session, "salt">): boolean;
}

export function createRefreshTokens(keys: Keys): RefreshTokens {
  function macOf(key: Key, id: string, counter: number, salt: string): Buffer {
    return createHmac("sha256", bytesOf(key.secret)).update(`${id}.${counter}.${salt}`).digest();
  }

  return {
    keyId: keys[0].kid,
    make({ id, salt }, counter, keyId) {
      const key = keys.find(({ kid }) => kid === keyId) ?? keys[0];
      return `${id}.${counter}.${macOf(key, id, counter, salt).toString("base64url")}`;
    },
    isGenuine({ sessionId, counter, mac }, { salt }) {
      const presented = Buffer.from(mac, "base64url");
      return keys.some((key) => timingSafeEqual(macOf(key, sessionId, counter, salt), presented));
    },
  };
}

/** Takes a refresh token apart; `undefined` if it cannot be one of ours. */
export function parseRefreshToken(text: string): PresentedToken | undefined {
  // 43 characters of base64url are the 32 bytes of HMAC-SHA-256; no number that JavaScript rounds.
  const parts = /^([\w-]{1,64})\.(0|[1-9]\d{0,8})\.([\w-]{43})$/.exec(text);
  const [, sessionId, counter, mac] = parts ?? [];
  return sessionId && counter && mac ? { sessionId, counter: Number(counter), mac } : undefined;
}
