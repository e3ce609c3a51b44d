import { msSince, type Instant } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { User } from "../vocabulary/user.js";
import { isRecord, isWithin } from "../vocabulary/values.js";

/** A token and its age. */
export interface TimedToken {
  /** The text that the header carries. */
  readonly value: string;
  /** When it was asked for: what its lifetime counts from. */
  readonly sentAt: Instant;
  /** `undefined` if nothing tells: then only a 401 does. */
  readonly expiry: Expiry | undefined;
}

/** When a token has to be refreshed, in milliseconds of its age. */
export interface Expiry {
  readonly lifetimeMs: number;
  /** From then on it is refreshed in the background. */
  readonly refreshAfterMs: number;
  /** From then on a request waits for the next one. */
  readonly expiresAfterMs: number;
}

/** `expiring`: it is still used while a refresh is under way. `expired`: requests wait for the next. */
export type Freshness = "fresh" | "expiring" | "expired";

/** How good a token still is. */
export function freshnessOf(
  { expiry, sentAt }: Omit<TimedToken, "value">,
  platform: Platform,
): Freshness {
  if (!expiry) return "fresh";
  const age = msSince(sentAt, platform);
  if (age < expiry.refreshAfterMs) return "fresh";
  return age < expiry.expiresAfterMs ? "expiring" : "expired";
}

/** The token, if requests may still carry it. */
export function unlessExpired<Token extends TimedToken>(
  token: Token | null,
  platform: Platform,
): Token | undefined {
  return token && freshnessOf(token, platform) !== "expired" ? token : undefined;
}

/** `true` if the token is an RFC 6750 §2.1 `b64token`: nothing else may enter a header. */
export function isUsableToken(token: unknown): token is string {
  return typeof token === "string" && /^[\w\-.~+/]+=*$/.test(token);
}

/** The value of the token's header. */
export function authorization(scheme: string, token: string): string {
  return scheme ? `${scheme} ${token}` : token;
}

/**
 * When a token has to be refreshed.
 *
 * @param seconds - `undefined` if nothing tells.
 * @param aheadSeconds - how long before its end it is refreshed in the background; 20 % of its
 * lifetime, at most 60 s, if omitted.
 */
export function expiryOf(seconds: number | undefined, aheadSeconds?: number): Expiry | undefined {
  if (!isWithin(seconds, 0, Infinity)) return undefined;
  const lifetimeMs = seconds * 1000;
  const marginMs = Math.min(5000, lifetimeMs * 0.05);
  const wantedMs =
    aheadSeconds === undefined ? Math.min(60_000, lifetimeMs * 0.2) : aheadSeconds * 1000;
  // Half the lifetime stays usable whatever is wanted, else a short token is refreshed for ever.
  const aheadMs = Math.max(marginMs, Math.min(wantedMs, lifetimeMs / 2));
  return {
    lifetimeMs,
    refreshAfterMs: lifetimeMs - aheadMs,
    expiresAfterMs: lifetimeMs - marginMs,
  };
}

/** The claims of a JWT, unverified: good for a display name and a clock, never for a permission. */
export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a JWT; `undefined` for an opaque token. Checks no signature. */
export function readClaims(token: string): Claims | undefined {
  try {
    const [, payload = "", signature] = token.split(".");
    if (signature === undefined) return undefined;
    const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    // UTF-8, which a URL decodes as well: React Native and Jest's jsdom have no TextDecoder.
    const claims: unknown = JSON.parse(decodeURIComponent(escape(bytes)));
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How many seconds the token lives, or `undefined` if nothing tells.
 *
 * Takes the smallest of what is known. `exp − iat` needs no clock of ours; `exp −` the answer's
 * `Date` corrects for servers that copy the first `iat` into every later token.
 *
 * @param answeredAt - the answer's `Date`, NaN if it cannot be read.
 */
export function lifetimeSeconds(
  claims: Claims | undefined,
  bodySeconds: number | undefined,
  answeredAt: number,
): number | undefined {
  const exp = toNumber(claims?.["exp"]);
  const known = [
    bodySeconds,
    wholeSeconds(exp - toNumber(claims?.["iat"])),
    wholeSeconds(exp - Math.floor(answeredAt / 1000)),
    // A lifetime that is over on arrival comes from a wrong clock: a 401 will tell instead.
  ].filter((seconds) => isWithin(seconds, 0, Infinity));
  return known.length > 0 ? Math.min(...known) : undefined;
}

/** The claims that tell about the person, without those that tell about the token. */
export function userOfClaims(claims: Claims | undefined): User | null {
  if (!claims) return null;
  const { exp: _, iat: _1, nbf: _2, jti: _3, auth_time: _4, ...rest } = claims;
  const user: unknown = rest;
  // The app registers the type of its user; that its tokens carry such a user is its word.
  return user as User;
}

/** `exp` and `iat` are cut to whole seconds, so the end may come up to one second early. */
function wholeSeconds(seconds: number): number {
  return Math.max(seconds - 1, seconds * 0.9);
}

function toNumber(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}
