import { endpointOf, joinURL, type EndpointOptions, type Purpose } from "./endpoints.js";
import type { OriginGate } from "./origins.js";

/**
 * Whether a request is a call of login, refresh or logout.
 *
 * @param method - `GET` if undefined.
 * @param written - The URL as the app wrote it: most are ruled out by it alone.
 * @param resolvable - Gives the one to resolve, where that is another.
 */
export type IsAuthCall = (
  method: string | undefined,
  written: string,
  resolvable?: () => string,
) => boolean;

/**
 * Tells whether a request is login, refresh or logout: no token belongs there, and no refresh cures
 * a 401 from there. What the app wrote rules most out by its last word, unresolved; what is left is
 * compared as the browser resolves it.
 */
export function createIsAuthCall(
  options: EndpointOptions,
  { baseURL, resolve }: OriginGate,
): IsAuthCall {
  const purposes: Purpose[] = ["login", "refresh", "logout"];
  const calls = purposes.flatMap((purpose) => {
    const endpoint = endpointOf(options, purpose);
    if (typeof endpoint === "function") return [];
    const { url, method = "POST" } = endpoint;
    return { method, url: joinURL(baseURL, url) };
  });
  const words = calls.map(({ url }) => /[^/?#]*(?=\/*([?#]|$))/.exec(url)?.[0] ?? "");

  function place(method: string, url: string): string {
    const { origin, pathname } = resolve(url) ?? {};
    return `${method.toUpperCase()} ${origin}${pathname}`;
  }

  return (method = "GET", written, resolvable = () => written) =>
    words.some((word) => written.includes(word)) &&
    calls.map((call) => place(call.method, call.url)).includes(place(method, resolvable()));
}
