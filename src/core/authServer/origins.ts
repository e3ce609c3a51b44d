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

  /** The origin of a URL; `undefined` if it has none, and for `blob:`, which reaches no server. */
  function originOf(url: string): string | undefined {
    const { origin, protocol } = resolve(url) ?? {};
    return origin === "null" || protocol === "blob:" ? undefined : origin;
  }

  let page: string | undefined;
  let baseOrigin: string | undefined;

  /** Resolved anew when `<base href>` changes the meaning of the base URL. */
  function originOfBase(): string | undefined {
    const presentPage = platform.documentURL();
    if (page !== presentPage) baseOrigin = undefined;
    page = presentPage;
    return (baseOrigin ??= originOf(baseURL));
  }

  return {
    baseURL,
    resolve,
    allows(url) {
      const base = originOfBase();
      // No path can change the origin before it, and parsing costs more than the rest of the gate.
      if (base && url[base.length] === "/" && url.startsWith(base)) return true;
      const origin = originOf(url);
      return !!origin && (origin === base || allowedOrigins.includes(origin));
    },
  };
}
