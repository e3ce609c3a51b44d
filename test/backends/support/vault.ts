import { randomUUID } from "node:crypto";
import { makeJWT } from "../../support/authServer.js";

/** What a backend knows of its tokens: one person's sessions, by the clock of the test. */
export interface Vault {
  now(): number;
  /** An access token: a JWT with these claims, or an opaque text. */
  issue(claims?: Readonly<Record<string, unknown>>): string;
  /** How long access tokens live, in seconds. */
  readonly lifetimeSeconds: number;
  isGood(accessToken: unknown): boolean;
  /** The token was issued, but is good no more. */
  isExpired(accessToken: unknown): boolean;
  /** Ends an access token that was replaced or signed out. */
  spend(accessToken: unknown): void;
  /** A refresh token of a new session. */
  begin(): string;
  /** The refresh token that follows; `undefined` if this one is not good. A spent one is theft. */
  rotate(refreshToken: unknown): string | undefined;
  /** For backends that keep the refresh token. */
  holds(refreshToken: unknown): boolean;
  /** Signs out the session of this refresh token. */
  end(refreshToken: unknown): void;

  /** Makes every access token handed out so far invalid. */
  expireTokens(): void;
  /** Ends every session: nothing handed out so far is good for anything. */
  revoke(): void;
  /** Nothing handed out so far can be renewed; where nothing can, no token is good. */
  isOver(): boolean;
  /** How often a spent refresh token came back. */
  thefts(): number;
}

const lifetimeSeconds = 600;

/** @param isOpaque - access tokens are no JWTs. */
export function createVault(now: () => number, isOpaque = false): Vault {
  /** Until when each access token is good. */
  const accessTokens = new Map<unknown, number>();
  const refreshTokens = new Map<unknown, "current" | "spent" | "ended">();
  let thefts = 0;

  return {
    now,
    lifetimeSeconds,
    issue(claims = { sub: "u1" }) {
      const iat = Math.floor(now() / 1000);
      const token = isOpaque
        ? `CfDJ8${randomUUID()}`
        : makeJWT({ iat, exp: iat + lifetimeSeconds, jti: randomUUID(), ...claims });
      accessTokens.set(token, now() + lifetimeSeconds * 1000);
      return token;
    },
    isGood: (token) => (accessTokens.get(token) ?? -Infinity) > now(),
    isExpired: (token) => (accessTokens.get(token) ?? Infinity) <= now(),
    spend: (token) => void accessTokens.delete(token),
    begin() {
      const token = randomUUID();
      refreshTokens.set(token, "current");
      return token;
    },
    rotate(token) {
      const known = refreshTokens.get(token);
      if (known === "spent") thefts += 1;
      if (known !== "current") return undefined;
      refreshTokens.set(token, "spent");
      const next = randomUUID();
      refreshTokens.set(next, "current");
      return next;
    },
    holds: (token) => refreshTokens.get(token) === "current",
    end: (token) => void refreshTokens.set(token, "ended"),

    expireTokens() {
      for (const token of accessTokens.keys()) accessTokens.set(token, 0);
    },
    revoke() {
      accessTokens.clear();
      for (const token of refreshTokens.keys()) refreshTokens.set(token, "ended");
    },
    isOver: () =>
      refreshTokens.size > 0
        ? [...refreshTokens.values()].every((state) => state !== "current")
        : [...accessTokens.values()].every((end) => end <= now()),
    thefts: () => thefts,
  };
}
