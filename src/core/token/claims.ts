import type { User } from "../vocabulary/user.js";
import { isRecord, isWithin } from "../vocabulary/values.js";

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
