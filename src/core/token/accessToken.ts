import { isRecord, isWithin } from "../vocabulary/values.js";

/** The claims of a JWT, unverified: good for a display name and a clock, never for a permission. */
export type Claims = Readonly<Record<string, unknown>>;

/** When an access token has to be renewed, in milliseconds from when it was asked for. */
export interface Expiry {
  readonly lifetimeMs: number;
  readonly softMs: number;
  readonly hardMs: number;
}

/** `true` if the token is an RFC 6750 §2.1 `b64token`: nothing else may enter a header. */
export function isUsableToken(token: unknown): token is string {
  return typeof token === "string" && /^[\w\-.~+/]+=*$/.test(token);
}

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
 */
export function lifetimeSeconds(
  claims: Claims | undefined,
  bodySeconds: number | undefined,
  answeredAt: number, // the answer's `Date`, NaN if it cannot be read
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

/**
 * The margins of a token: *soft* is when it is renewed in the background, *hard* when a request
 * waits for a new one.
 */
export function expiryOf(
  seconds: number | undefined,
  softSeconds: number | undefined,
): Expiry | undefined {
  if (!isWithin(seconds, 0, Infinity)) return undefined;
  const lifetimeMs = seconds * 1000;
  const hardMs = Math.min(5000, lifetimeMs * 0.05);
  const wantedMs =
    softSeconds === undefined ? Math.min(60_000, lifetimeMs * 0.2) : softSeconds * 1000;
  // Half the lifetime stays usable whatever is wanted, else a short token is renewed for ever.
  const softMs = Math.max(hardMs, Math.min(wantedMs, lifetimeMs / 2));
  return { lifetimeMs, softMs: lifetimeMs - softMs, hardMs: lifetimeMs - hardMs };
}

/** `exp` and `iat` are cut to whole seconds, so the end may come up to one second early. */
function wholeSeconds(seconds: number): number {
  return Math.max(seconds - 1, seconds * 0.9);
}

function toNumber(value: unknown): number {
  return typeof value === "number" ? value : Number.NaN;
}
