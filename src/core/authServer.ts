import {
  isRecord,
  isUsableToken,
  lifetimeSeconds,
  readClaims,
  type Claims,
} from "./accessToken.js";
import type { Platform } from "./platform.js";
import { readSessionData, type ReadSession } from "./readSession.js";
import { judgeLoginStatus, judgeStatus, type AuthAnswer, type Verdict } from "./verdict.js";

/** A request to the auth server, for what a bare URL does not say. */
export interface EndpointRequest {
  /** Absolute, or relative to `baseURL`. */
  url: string;
  /** `POST` if omitted. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** A string, `FormData`, `URLSearchParams` or `Blob` goes as it is; anything else as JSON. */
  body?: unknown;
  /** Sends the current access token along, for backends that renew a token that is still valid. */
  sendToken?: boolean;
}

/** What an endpoint function is given. */
export interface EndpointContext {
  /** What `login()` was called with; `undefined` for refresh and logout. */
  credentials?: unknown;
  /** The current access token, or `null`. */
  accessToken: string | null;
  /** `fetch` with `credentials: "include"` and `keepalive` preset. Adds no token. */
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Aborts on `dispose()` only: an aborted rotation would lose the new cookie. */
  signal: AbortSignal;
}

/** Returns the answer, judged like any other, or the body of a success. */
export type EndpointFunction = (context: EndpointContext) => unknown;

/** Where login, refresh or logout lives: a URL, a request, or a function that does it. */
export type Endpoint = string | EndpointRequest | EndpointFunction;

/** A usable token and what came with it. */
export interface Grant<User> {
  token: string;
  claims: Claims | undefined;
  /** `undefined` if nothing tells: then only a 401 does. */
  lifetimeSeconds: number | undefined;
  /** `undefined` if the answer named nobody. */
  user: User | undefined;
}

/** How a call to the auth server ended. It never throws. */
export interface Outcome<User> {
  verdict: Verdict;
  grant?: Grant<User>;
  answer?: AuthAnswer;
  timedOut?: boolean;
  cause?: unknown;
}

export interface AuthServerOptions<User> {
  baseURL: string;
  header: string;
  scheme: string;
  csrf?: { cookie: string; header: string } | undefined;
  readSession?: ReadSession<User> | undefined;
  isRefused?: ((answer: AuthAnswer) => boolean | undefined) | undefined;
}

export type Purpose = "login" | "refresh" | "logout";

/** Calls an endpoint once and says what the answer means. Knows no session and no time limit. */
export type CallAuthServer<User> = (
  purpose: Purpose,
  endpoint: Endpoint,
  input: { credentials?: unknown; accessToken: string | null; signal: AbortSignal },
) => Promise<Outcome<User>>;

export function createAuthServer<User>(
  options: AuthServerOptions<User>,
  platform: Platform,
): CallAuthServer<User> {
  function send(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const csrfToken = options.csrf && platform.readCookie(options.csrf.cookie);
    if (options.csrf && csrfToken) headers.set(options.csrf.header, csrfToken);
    return platform.fetch(resolve(url), {
      // Without keepalive, a reload between rotation and answer loses the rotated cookie.
      keepalive: true,
      credentials: "include",
      ...init,
      headers,
    });
  }

  function resolve(url: string): string {
    const full = /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url)
      ? url
      : `${options.baseURL.replace(/\/+$/, "")}/${url.replace(/^\/+/, "")}`;
    const base = platform.documentURL();
    return base ? new URL(full, base).href : full;
  }

  function request(
    endpoint: string | EndpointRequest,
    { credentials, accessToken }: { credentials?: unknown; accessToken: string | null },
  ): Promise<Response> {
    const {
      url,
      method = "POST",
      headers,
      body,
      sendToken,
    } = typeof endpoint === "string" ? ({ url: endpoint } satisfies EndpointRequest) : endpoint;
    const sent = new Headers({ accept: "application/json", ...headers });
    if (sendToken && accessToken) sent.set(options.header, `${options.scheme} ${accessToken}`);
    const init: RequestInit = { method, headers: sent };
    if (!/^(get|head)$/i.test(method)) {
      const content = body ?? credentials ?? {};
      if (isRawBody(content)) {
        init.body = content;
      } else {
        if (!sent.has("content-type")) sent.set("content-type", "application/json");
        init.body = JSON.stringify(content);
      }
    }
    return send(url, init);
  }

  /** The body of an answer and what its status says of it. */
  async function read(response: Response, purpose: Purpose): Promise<Outcome<User>> {
    const { status, headers } = response;
    const text = await response.text();
    let data: unknown;
    let verdict = (purpose === "login" ? judgeLoginStatus : judgeStatus)(status, headers);
    try {
      data = text.trim() ? JSON.parse(text) : undefined;
    } catch {
      // A login page or a captive portal with status 200: the API has not spoken.
      if (verdict === "success") verdict = "unavailable";
      else data = text;
    }
    const answer: AuthAnswer = { status, headers, data };
    const refused = options.isRefused?.(answer);
    if (refused) verdict = "refused";
    else if (refused === false && verdict === "refused") verdict = "unavailable";
    if (verdict !== "success" || purpose === "logout") return { verdict, answer };
    return { ...(await readGrant(data, response)), answer };
  }

  async function readGrant(data: unknown, response?: Response): Promise<Outcome<User>> {
    let found;
    try {
      found = await (options.readSession ?? readSessionData)(data, response);
    } catch (cause) {
      return { verdict: "misconfigured", cause };
    }
    const token = found?.accessToken;
    if (token === undefined || token === null || token === "") return { verdict: "refused" };
    if (!found || !isUsableToken(token)) return { verdict: "unavailable" };
    // Both readings keep to SessionData once the token is there; a JavaScript user's mistake in
    // the rest is caught where it is used.
    const { expiresInSeconds, user } = found as { expiresInSeconds?: number; user?: User | null };
    const claims = readClaims(token);
    const answeredAt = Date.parse(response?.headers.get("date") ?? "");
    return {
      verdict: "success",
      grant: {
        token,
        claims,
        lifetimeSeconds:
          options.readSession && expiresInSeconds !== undefined
            ? expiresInSeconds
            : lifetimeSeconds(claims, expiresInSeconds, answeredAt),
        user: user ?? undefined,
      },
    };
  }

  return async function call(purpose, endpoint, input) {
    try {
      const result: unknown =
        typeof endpoint === "function"
          ? await endpoint({ ...input, fetch: send })
          : await request(endpoint, input);
      if (isResponse(result)) return await read(result, purpose);
      return purpose === "logout" ? { verdict: "success" } : await readGrant(result);
    } catch (cause) {
      return judgeThrown(cause, purpose);
    }
  };
}

/** What an endpoint function threw, judged by the status it carries, as axios and ky errors do. */
function judgeThrown<User>(cause: unknown, purpose: Purpose): Outcome<User> {
  const thrown = cause as {
    status?: unknown;
    response?: { status?: unknown; data?: unknown };
  } | null;
  const status = thrown?.response?.status ?? thrown?.status;
  if (typeof status !== "number") return { verdict: "unavailable", cause };
  const headers = new Headers();
  const verdict = (purpose === "login" ? judgeLoginStatus : judgeStatus)(status, headers);
  return {
    verdict: verdict === "success" ? "unavailable" : verdict,
    answer: { status, headers, data: thrown?.response?.data },
    cause,
  };
}

/** Told by its shape, for a polyfill's `Response` is of another class. */
function isResponse(value: unknown): value is Response {
  return isRecord(value) && typeof value["text"] === "function" && "status" in value;
}

function isRawBody(body: unknown): body is string | FormData | URLSearchParams | Blob {
  return (
    typeof body === "string" ||
    body instanceof FormData ||
    body instanceof URLSearchParams ||
    body instanceof Blob
  );
}
