import { instant, type Instant } from "./accessToken.js";
import { AuthError } from "./errors.js";
import type { AuthOptions } from "./options.js";
import type { OriginGate } from "./origins.js";
import type { Platform } from "./platform.js";
import type { ReadAnswer, Reading } from "./readAnswer.js";
import type { InTurn, Turn } from "./turns.js";

/** A request to the auth server, for what a bare URL does not say. */
export interface EndpointRequest {
  /** Absolute, or relative to `baseURL`. */
  url: string;
  /** `POST` if omitted. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /**
   * A string, `FormData`, `URLSearchParams` or `Blob` goes as it is; anything else as JSON. The
   * credentials of a login are added to its fields.
   */
  body?: unknown;
  /**
   * Sends the current access token along, for backends that renew a token that is still valid, or end
   * the session of the token they are shown. For a logout an old token is renewed first.
   */
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

/** How a call to the auth server ended: a grant, or what says why there is none. */
export interface Outcome extends Omit<Reading, "verdict"> {
  verdict: Reading["verdict"] | "timeout";
  /** When it was sent: what the lifetime of a token counts from. */
  sentAt: Instant;
}

export type Purpose = "login" | "refresh" | "logout";

/** One call to the auth server, from when its turn has come. */
export interface AuthCall<Result> {
  purpose: Purpose;
  /** In place of the one in the options. */
  endpoint?: Endpoint;
  credentials?: unknown;
  /** In place of the current one. */
  accessToken?(): string | undefined;
  /** Asked when the turn has come: what it returns is the result, and nothing is sent. */
  prepare(turn: Turn): Promise<Result | undefined> | Result | undefined;
  /**
   * Acts on the outcome, still in the turn. Called twice if the time limit came first: the call is
   * not aborted then, for an aborted rotation would lose the new cookie.
   */
  obey(outcome: Outcome, turn: Turn, isLate: boolean): Promise<Result> | Result;
}

/**
 * Calls login, refresh or logout when its turn has come, so that the cookie jar ends as the last one
 * meant. Rejects only with what `prepare` and `obey` throw. Knows no session.
 */
export type CallAuthServer = <Result>(call: AuthCall<Result>) => Promise<Result>;

export interface AuthServerDependencies {
  options: AuthOptions;
  baseURL: string;
  platform: Platform;
  inTurn: InTurn;
  readAnswer: ReadAnswer;
  /** The current access token. */
  accessToken: () => string | null;
  signal: AbortSignal;
}

export function createAuthServer({
  options,
  baseURL,
  platform,
  inTurn,
  readAnswer,
  accessToken,
  signal,
}: AuthServerDependencies): CallAuthServer {
  const { csrf, refreshTimeoutMs = defaultTimeoutMs } = options;
  const { header = "Authorization", scheme = "Bearer" } = options;
  let stopTimer = () => {};
  signal.addEventListener("abort", () => stopTimer());

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const url = resolveURL(path, baseURL, platform);
    const headers = new Headers(init.headers);
    const csrfToken = csrf && platform.readCookie(csrf.cookie);
    if (csrfToken) headers.set(csrf.header, csrfToken);
    try {
      return await (options.fetch ?? platform.fetch)(url, {
        // Without keepalive, a reload between rotation and answer loses the rotated cookie.
        keepalive: true,
        credentials: "include",
        ...init,
        headers,
      });
    } catch (error) {
      // On a server a relative URL leads nowhere, however often it is tried.
      throw URL.canParse(url) ? error : new AuthError("misconfigured", {}, error);
    }
  }

  function request(
    endpoint: string | EndpointRequest,
    context: EndpointContext,
  ): Promise<Response> {
    const { url, method, headers, body, sendToken }: EndpointRequest =
      typeof endpoint === "string" ? { url: endpoint } : endpoint;
    const sent = new Headers({ accept: "application/json", ...headers });
    if (sendToken && context.accessToken) {
      sent.set(header, authorization(scheme, context.accessToken));
    }
    const { credentials } = context;
    const isBoth = isPlain(body) && isPlain(credentials);
    const content = isBoth ? { ...body, ...credentials } : (body ?? credentials ?? {});
    const kind = Object.prototype.toString.call(content);
    const isJSON = !/(String|FormData|URLSearchParams|Blob|File)]$/.test(kind);
    if (isJSON && !sent.has("content-type")) sent.set("content-type", "application/json");
    return send(url, {
      method: method ?? "POST",
      headers: sent,
      // A request without a body cannot be given one. What is not JSON is a form, a string, a Blob.
      ...(!/^(get|head)$/i.test(method ?? "") && {
        body: isJSON ? JSON.stringify(content) : (content as BodyInit),
      }),
    });
  }

  function contact(endpoint: Endpoint, context: EndpointContext): unknown {
    return typeof endpoint === "function" ? endpoint(context) : request(endpoint, context);
  }

  return ({ purpose, endpoint, credentials, accessToken: given, prepare, obey }) =>
    inTurn(async (turn) => {
      const known = await prepare(turn);
      if (known !== undefined) return known;
      signal.throwIfAborted();
      const sentAt = instant(platform);
      const context = {
        credentials,
        accessToken: given?.() ?? accessToken(),
        fetch: send,
        signal,
      };
      return new Promise((resolve, reject) => {
        let isLate = false;
        // What a late answer brings is for the session: whoever waited for it has an error by now.
        async function settle(reading: Omit<Outcome, "sentAt">): Promise<void> {
          try {
            signal.throwIfAborted();
            resolve(await obey({ ...reading, sentAt }, turn, isLate));
          } catch (error) {
            reject(error);
          }
        }
        const stop = platform.startTimer(() => {
          void settle({ verdict: "timeout" });
          isLate = true;
        }, refreshTimeoutMs);
        stopTimer = stop;
        void readAnswer(purpose, () =>
          contact(endpoint ?? endpointOf(options, purpose), context),
        ).then((reading) => {
          stop();
          return settle(reading);
        });
      });
    });
}

/** The URL behind the base, as the browser resolves it; as it is where there is no document. */
export function resolveURL(url: string, baseURL: string, platform: Platform): string {
  const full = behind(baseURL, url);
  try {
    return new URL(full, platform.documentURL()).href;
  } catch {
    // Relative, and no document, or one such as about:blank that is no base.
    return full;
  }
}

/** How long a call may take, in milliseconds. */
export const defaultTimeoutMs = 10_000;

/** The endpoint wants the current access token. A function sees to that by itself. */
export function sendsToken(endpoint: Endpoint | false | undefined): boolean {
  return typeof endpoint === "object" && endpoint.sendToken === true;
}

function endpointOf(options: AuthOptions, purpose: Purpose): Endpoint {
  return options[purpose] || `/auth/${purpose}`;
}

/**
 * Tells whether a URL is that of login, refresh or logout: no token belongs there, and no refresh
 * cures a 401 from there. What the app wrote rules most out by its last word, unresolved; what is
 * left is compared as the browser resolves it.
 */
export function createIsAuthURL(
  options: AuthOptions,
  baseURL: string,
  { resolve }: OriginGate,
): (written: string, resolvable?: () => string) => boolean {
  const purposes: Purpose[] = ["login", "refresh", "logout"];
  const urls = purposes.flatMap((purpose) => {
    const endpoint = endpointOf(options, purpose);
    if (typeof endpoint === "function") return [];
    return behind(baseURL, typeof endpoint === "string" ? endpoint : endpoint.url);
  });
  const words = urls.map((url) => /[^/?#]*(?=\/*([?#]|$))/.exec(url)?.[0] ?? "");
  const place = (url: string) => {
    const { origin, pathname } = resolve(url) ?? {};
    return `${origin}${pathname}`;
  };
  return (written, resolvable = () => written) =>
    words.some((word) => written.includes(word)) && urls.map(place).includes(place(resolvable()));
}

/** The URL as axios joins it to a base URL: an absolute one stays. */
function behind(baseURL: string, url: string): string {
  return /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url)
    ? url
    : `${baseURL.replace(/\/+$/, "")}/${url.replace(/^\/+/, "")}`;
}

/** An object of fields: no form, no Blob, no array. */
function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** The error of a call that brought no session. */
export function errorOf({ verdict, answer, cause }: Outcome, retryAt?: number): AuthError {
  // A call that succeeded without a grant is a logout's, and has no error.
  const code = verdict === "success" ? "unavailable" : verdict;
  return new AuthError(code, { status: answer?.status, retryAt }, cause);
}

/** What the header of the token holds. */
export function authorization(scheme: string, token: string): string {
  return scheme ? `${scheme} ${token}` : token;
}
