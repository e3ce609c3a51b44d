import {
  fieldsOf,
  instant,
  isRecord,
  isUsableToken,
  lifetimeSeconds,
  readClaims,
  type Claims,
  type Instant,
} from "./accessToken.js";
import { AuthError } from "./errors.js";
import type { AuthOptions } from "./options.js";
import type { Platform } from "./platform.js";
import { readSessionData } from "./readSession.js";
import type { User } from "./session.js";
import { judgeStatus, type AuthAnswer, type Verdict } from "./verdict.js";

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
export interface Grant {
  token: string;
  claims: Claims | undefined;
  /** `undefined` if nothing tells: then only a 401 does. */
  lifetimeSeconds: number | undefined;
  /** `undefined` if the answer named nobody. */
  user: User | undefined;
}

/** How a call to the auth server ended: a grant, or the error that says why there is none. */
export interface Outcome {
  verdict: Verdict | "timeout";
  grant?: Grant | undefined;
  answer?: AuthAnswer | undefined;
  cause?: unknown;
  /** When it was sent: what the lifetime of a token counts from. */
  sentAt: Instant;
}

type Purpose = "login" | "refresh" | "logout";

interface CallInput {
  /** In place of the one in the options. */
  endpoint?: Endpoint;
  credentials?: unknown;
  /** In place of the current one. */
  accessToken?: string | undefined;
  isWanted?: () => boolean;
}

/** The three endpoints, called one after the other so that the cookie jar ends as the last one meant. */
export interface AuthServer {
  /**
   * Calls an endpoint when its turn has come and all earlier calls have ended or run out of time.
   * Never rejects. Knows no session.
   *
   * @param input.isWanted - asked when the turn has come; if it says no, nothing is sent.
   * @param onLateAnswer - hears an answer that came after the time limit, as `timeout` was already
   * given. The call is not aborted then: an aborted rotation would lose the new cookie.
   */
  call(
    purpose: Purpose,
    input: CallInput,
    onLateAnswer?: (outcome: Outcome) => void,
  ): Promise<Outcome>;
}

export interface AuthServerDependencies {
  options: AuthOptions;
  baseURL: string;
  platform: Platform;
  /** The current access token. */
  accessToken: () => string | null;
  signal: AbortSignal;
}

export function createAuthServer({
  options,
  baseURL,
  platform,
  accessToken,
  signal,
}: AuthServerDependencies): AuthServer {
  const { csrf, isRefused, readSession, refreshTimeoutMs = 10_000 } = options;
  const { header = "Authorization", scheme = "Bearer" } = options;
  let lastCall: Promise<unknown> = Promise.resolve();
  let stopTimer = () => {};
  signal.addEventListener("abort", () => stopTimer());

  function send(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const csrfToken = csrf && platform.readCookie(csrf.cookie);
    if (csrfToken) headers.set(csrf.header, csrfToken);
    const full = /^([a-z][a-z\d+\-.]*:)?\/\//i.test(url)
      ? url
      : `${baseURL.replace(/\/+$/, "")}/${url.replace(/^\/+/, "")}`;
    const base = platform.documentURL();
    return (options.fetch ?? platform.fetch)(base ? new URL(full, base).href : full, {
      // Without keepalive, a reload between rotation and answer loses the rotated cookie.
      keepalive: true,
      credentials: "include",
      ...init,
      headers,
    });
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
    const content = body ?? context.credentials ?? {};
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

  async function contact(
    purpose: Purpose,
    endpoint: Endpoint,
    context: EndpointContext,
  ): Promise<Omit<Outcome, "sentAt">> {
    try {
      const result: unknown = await (typeof endpoint === "function"
        ? endpoint(context)
        : request(endpoint, context));
      return await (isResponse(result)
        ? readResponse(purpose, result)
        : read(purpose, 200, new Headers(), result));
    } catch (cause) {
      return { ...(await readThrown(purpose, cause)), cause };
    }
  }

  /** What an endpoint function threw counts by the status it carries, as errors of axios do. */
  async function readThrown(purpose: Purpose, cause: unknown): Promise<Omit<Outcome, "sentAt">> {
    try {
      const thrown = fieldsOf(cause);
      const answer = thrown["response"] ?? cause;
      if (isResponse(answer) && !answer.bodyUsed) return await readResponse(purpose, answer);
      const { status, headers, data } = fieldsOf(answer);
      // A success that was thrown all the same is none, and no refusal either.
      if (Number(status) >= 300) {
        return await read(purpose, Number(status), new Headers(headers as HeadersInit), data);
      }
    } catch {
      // Headers that are none, or a body that broke off: no answer that counts.
    }
    return { verdict: "unavailable" };
  }

  async function readResponse(
    purpose: Purpose,
    response: Response,
  ): Promise<Omit<Outcome, "sentAt">> {
    return read(purpose, response.status, response.headers, await response.text(), response);
  }

  async function read(
    purpose: Purpose,
    status: number,
    headers: Headers,
    body: unknown,
    response?: Response,
  ): Promise<Omit<Outcome, "sentAt">> {
    let verdict = judgeStatus(status, headers, purpose === "login");
    let data = body;
    if (response && typeof body === "string") {
      try {
        data = body.trim() ? JSON.parse(body) : undefined;
      } catch {
        // A login page or a captive portal with status 200: the API has not spoken.
        if (verdict === "success") verdict = "unavailable";
      }
    }
    const answer: AuthAnswer = { status, headers, data };
    let found;
    let refused: boolean | undefined;
    try {
      refused = isRefused?.(answer);
      if (refused) verdict = "refused";
      else if (refused === false && verdict === "refused") verdict = "unavailable";
      if (verdict !== "success" || purpose === "logout") return { verdict, answer };
      found = await (readSession ?? readSessionData)(data, response);
    } catch (cause) {
      // The app's own code failed, so this says nothing about the session.
      return { verdict: "misconfigured", answer, cause };
    }
    const { accessToken: token, expiresInSeconds, user } = found ?? {};
    if (!token) return { verdict: refused === false ? "unavailable" : "refused", answer };
    if (!isUsableToken(token)) return { verdict: "unavailable", answer };
    const claims = readClaims(token);
    return {
      verdict,
      answer,
      grant: {
        token,
        claims,
        user: user ?? undefined,
        lifetimeSeconds:
          (readSession && expiresInSeconds) ??
          lifetimeSeconds(claims, expiresInSeconds, Date.parse(headers.get("date") ?? "")),
      },
    };
  }

  return {
    call(purpose, { endpoint, credentials, accessToken: given, isWanted }, onLateAnswer) {
      const turn = lastCall.then(
        () =>
          new Promise<Outcome>((resolve) => {
            const sentAt = instant(platform);
            if (signal.aborted || isWanted?.() === false)
              return resolve({ verdict: "unavailable", sentAt });
            let answer: ((outcome: Outcome) => void) | undefined = resolve;
            const stop = platform.startTimer(() => {
              resolve({ verdict: "timeout", sentAt });
              answer = onLateAnswer;
            }, refreshTimeoutMs);
            stopTimer = stop;
            void contact(purpose, endpoint ?? endpointOf(options, purpose), {
              credentials,
              accessToken: given ?? accessToken(),
              fetch: send,
              signal,
            }).then((outcome) => {
              stop();
              answer?.({ ...outcome, sentAt });
            });
          }),
      );
      lastCall = turn;
      return turn;
    },
  };
}

function endpointOf(options: AuthOptions, purpose: Purpose): Endpoint {
  return options[purpose] || `/auth/${purpose}`;
}

/**
 * Tells whether a URL, as the app writes it, is that of login, refresh or logout: no token belongs
 * there, and no refresh cures a 401 from there.
 */
export function createIsAuthURL(options: AuthOptions): (url: string) => boolean {
  const purposes: Purpose[] = ["login", "refresh", "logout"];
  const plain = (url: string) => url.replace(/^\/+|[?#].*$/g, "");
  const urls = purposes.map((purpose) => {
    const endpoint = endpointOf(options, purpose);
    return typeof endpoint === "function"
      ? undefined
      : plain(typeof endpoint === "string" ? endpoint : endpoint.url);
  });
  return (url) => urls.includes(plain(url));
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

/** Told by its shape, for a polyfill's `Response` is of another class. */
function isResponse(value: unknown): value is Response {
  return isRecord(value) && typeof value["text"] === "function";
}
