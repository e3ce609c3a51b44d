import type { OriginGate } from "./origins.js";

/** The options that say where login, refresh and logout live. */
export interface EndpointOptions {
  /** `POST /auth/login` with the credentials as JSON if omitted. */
  login?: Endpoint;
  /** `POST /auth/refresh` with `{}`, the cookie and no `Authorization` if omitted. */
  refresh?: Endpoint;
  /** `POST /auth/logout` with `{}` if omitted; `false` if the server has none. */
  logout?: Endpoint | false;
}

/** A request to the auth server, for what a bare URL does not say. */
export interface EndpointRequest {
  /** Absolute, or relative to `baseURL`. */
  url: string;
  /** `POST` if omitted. */
  method?: string;
  /** Sent along. */
  headers?: Readonly<Record<string, string>>;
  /**
   * A string, `FormData`, `URLSearchParams` or `Blob` goes as it is; anything else as JSON. The
   * credentials of a login are added to its fields.
   */
  body?: unknown;
  /**
   * Sends the current access token along, for backends that refresh a token only while it is valid, or
   * end the session of the token they are shown. For a logout an old token is refreshed first.
   */
  sendToken?: boolean;
}

/** The argument of an endpoint function. */
export interface EndpointContext {
  /** The argument of `login()`; `undefined` for refresh and logout. */
  credentials?: unknown;
  /** The current access token, or `null`. For a logout an old one is refreshed first. */
  accessToken: string | null;
  /**
   * `fetch` with `credentials: "include"` preset, and for refresh and logout `keepalive`, with which
   * browsers refuse a body of more than 64 KiB: give `keepalive: false` with a larger one. Adds no
   * token. If the page was put away since the function was called, waits for the lock of all tabs
   * again. Rejects, and sends nothing, once the time limit of the call has passed or what happened
   * meanwhile made it needless.
   */
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Aborts on `dispose()` only: an aborted rotation would lose the new cookie. */
  signal: AbortSignal;
}

/** Returns the answer, judged like any other, or the body of a success. */
export type EndpointFunction = (context: EndpointContext) => unknown;

/** Where login, refresh or logout lives: a URL, a request, or a function that does it. */
export type Endpoint = string | EndpointRequest | EndpointFunction;

/** The purpose of a call to the auth server. */
export type Purpose = "login" | "refresh" | "logout";

/** Where the call goes, or the function that makes it. */
export function endpointOf(
  options: EndpointOptions,
  purpose: Purpose,
): EndpointRequest | EndpointFunction {
  const endpoint = options[purpose] || `/auth/${purpose}`;
  return typeof endpoint === "string" ? { url: endpoint } : endpoint;
}

/** The endpoint wants the current access token. A function sees to that by itself. */
export function sendsToken(options: EndpointOptions, purpose: Purpose): boolean {
  const endpoint = endpointOf(options, purpose);
  return typeof endpoint !== "function" && !!endpoint.sendToken;
}

/** The URL behind the base, as the browser resolves it; as it is where it leads nowhere. */
export function resolveURL(url: string, { baseURL, resolve }: OriginGate): string {
  const full = joinURL(baseURL, url);
  return resolve(full)?.href ?? full;
}

/** The URL as axios joins it to a base URL: an absolute one stays, if it may. */
export function joinURL(baseURL: string, url: string, mayBeAbsolute = true): string {
  // A fast path: most URLs look like this.
  if (url[0] === "/" && url[1] !== "/" && !baseURL.endsWith("/")) return baseURL + url;
  return mayBeAbsolute && /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url)
    ? url
    : `${baseURL.replace(/\/+$/, "")}/${url.replace(/^\/+/, "")}`;
}

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
 * Tells whether a request is login, refresh or logout: no token belongs there, and a 401 from
 * there starts no refresh. The last word of the URL, as the app wrote it, rules most out; any other URL is
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
