import { misuse } from "../vocabulary/usageErrors.js";
import type { Platform } from "../platform/platform.js";

/** The options that say where the API is. */
export interface OriginOptions {
  /**
   * Where the API and the auth endpoints are. If omitted, that of the given axios instance, else
   * `"/"`.
   */
  baseURL?: string;
  /** Exact origins that may see the token, in addition to that of `baseURL`. */
  allowedOrigins?: readonly string[];
}

/** Which origins may see the token. */
export interface OriginGate {
  /** Where the API is. */
  readonly baseURL: string;
  /** `true` if a request to this URL, as the browser resolves it, goes to an allowed origin. */
  allows(url: string): boolean;
  /** The URL as the browser resolves it; `undefined` if it is invalid, or relative without a document. */
  resolve(url: string): URL | undefined;
}

/**
 * @param baseURL - its origin is always allowed.
 * @param allowedOrigins - exact origins in addition, such as `https://files.example.com`.
 * @throws TypeError for anything that is not exactly an origin: a wildcard, a path, `"null"`.
 */
export function createOriginGate(
  baseURL: string,
  allowedOrigins: readonly string[],
  platform: Platform,
): OriginGate {
  for (const origin of allowedOrigins) {
    // A wildcard is no host, but a URL parser takes one for it.
    if (origin.includes("*") || resolve(origin)?.origin !== origin) {
      throw misuse("not_an_origin", origin);
    }
  }

  function resolve(url: string): URL | undefined {
    try {
      return new URL(url, platform.documentURL());
    } catch {
      return undefined;
    }
  }

  return {
    baseURL,
    resolve,
    allows(url) {
      const { origin, protocol } = resolve(url) ?? {};
      // "null" is the origin of everything that has none. The base URL is resolved anew each time,
      // for `<base href>` may change what it means.
      return (
        !!origin &&
        origin !== "null" &&
        // A blob has the origin of the page that made it, and goes nowhere.
        protocol !== "blob:" &&
        (origin === resolve(baseURL)?.origin || allowedOrigins.includes(origin))
      );
    },
  };
}
