import { msSince, type Instant } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import { isWithin } from "../vocabulary/values.js";

/** A token and its age. */
export interface TimedToken {
  /** What the header carries. */
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

/** `true` if the token is an RFC 6750 §2.1 `b64token`: nothing else may enter a header. */
export function isUsableToken(token: unknown): token is string {
  return typeof token === "string" && /^[\w\-.~+/]+=*$/.test(token);
}

/** What the header of the token holds. */
export function authorization(scheme: string, token: string): string {
  return scheme ? `${scheme} ${token}` : token;
}

/**
 * When a token has to be refreshed.
 *
 * @param lifetimeSeconds - `undefined` if nothing tells.
 * @param aheadSeconds - how long before its end it is refreshed in the background; 20 % of its
 * lifetime, at most 60 s, if omitted.
 */
export function expiryOf(
  lifetimeSeconds: number | undefined,
  aheadSeconds?: number,
): Expiry | undefined {
  if (!isWithin(lifetimeSeconds, 0, Infinity)) return undefined;
  const lifetimeMs = lifetimeSeconds * 1000;
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
