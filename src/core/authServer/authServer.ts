import { assertAlive } from "../platform/abort.js";
import { instant, type Instant } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import { authorization } from "../token/accessToken.js";
import { AuthError } from "../vocabulary/errors.js";
import { kindOf } from "../vocabulary/values.js";
import type { AnswerOptions, AuthResult } from "./authResult.js";
import {
  endpointOf,
  resolveURL,
  type EndpointContext,
  type EndpointFunction,
  type EndpointOptions,
  type EndpointRequest,
  type Purpose,
} from "./endpoints.js";
import type { OriginGate, OriginOptions } from "./origins.js";
import { isResponse, type ReadAnswer } from "./readAnswer.js";

/** The options that say how login, refresh and logout are sent. */
export interface SendOptions {
  /**
   * Used for refresh, login, logout and `auth.fetch`; the global `fetch` if omitted. Has to take a
   * `Request` and an `init` beside it, as the standard says: `auth.fetch` gives it both.
   */
  fetch?: (input: RequestInfo, init: RequestInit) => Promise<Response>;
  /** Copies a cookie into a header of login, refresh and logout (double submit). Off if omitted. */
  csrf?: { cookie: string; header: string };
  /**
   * The header of the token; `"Authorization"` if omitted. When the API redirects to another origin,
   * browsers take that header away, and no other one.
   */
  header?: string;
  /** The word before the token; `"Bearer"` if omitted, `""` for none. */
  scheme?: string;
}

/** The options that the auth server reads. */
export interface ServerOptions extends OriginOptions, EndpointOptions, AnswerOptions, SendOptions {
  /** How long a refresh, login or logout may take, in milliseconds; 10 000 if omitted. */
  refreshTimeoutMs?: number;
}

/** A call to the auth server. */
export interface AuthRequest {
  readonly purpose: Purpose;
  /** In place of the one in the options. */
  readonly endpoint?: EndpointFunction;
  readonly credentials?: unknown;
  /** As if the endpoint's request said `sendToken`. */
  readonly sendToken?: boolean | undefined;
  /** In place of the current one. */
  readonly accessToken?: string | undefined;
  /** Asked before something is sent: an endpoint function may have waited for something else. */
  isStillNeeded(): Promise<boolean>;
  /** Called with the result if that comes after the time limit. */
  applyLate(result: TimedResult): unknown;
}

/** The result of a call, and when that was sent. */
export type TimedResult = AuthResult & {
  /** The lifetime of a token counts from here. */
  readonly sentAt: Instant;
};

/** Calls login, refresh and logout. Knows no lock. */
export interface AuthServer {
  /**
   * Resolves with what came of it within the time limit: `timeout` if nothing did. Never aborted: an
   * aborted rotation would lose the new cookie. Rejects with nothing but `disposed`.
   */
  call(request: AuthRequest): Promise<TimedResult>;
}

/** The dependencies of sending. */
export interface SenderDependencies {
  readonly options: SendOptions & Required<Pick<SendOptions, "header" | "scheme">>;
  readonly platform: Platform;
  readonly origins: OriginGate;
}

/** The dependencies of the auth server. */
export interface AuthServerDependencies extends SenderDependencies {
  readonly options: SenderDependencies["options"] & EndpointOptions & { refreshTimeoutMs: number };
  readonly readAnswer: ReadAnswer;
  readonly session: Pick<Session, "currentToken">;
  /** Of `dispose()`. */
  readonly signal: AbortSignal;
}

export function createAuthServer(dependencies: AuthServerDependencies): AuthServer {
  const { options, platform, readAnswer, session, signal } = dependencies;
  let stopTimer = () => {};
  signal.addEventListener("abort", () => stopTimer());

  function call({ purpose, isStillNeeded, applyLate, ...request }: AuthRequest) {
    const sentAt = instant(platform);
    let isLate = false;
    const context: EndpointContext = {
      credentials: request.credentials,
      accessToken: request.accessToken ?? session.currentToken()?.value ?? null,
      async fetch(path, init = {}) {
        if (!(await isStillNeeded()) || isLate) throw new AuthError("timeout");
        return sendToServer(purpose, path, init, dependencies);
      },
      signal,
    };
    const endpoint = request.endpoint ?? endpointOf(options, purpose);
    return new Promise<TimedResult>((resolve, reject) => {
      const stop = platform.startTimer(() => {
        isLate = true;
        resolve({ kind: "timeout", sentAt });
      }, options.refreshTimeoutMs);
      stopTimer = stop;
      readAnswer(purpose, () =>
        typeof endpoint === "function"
          ? endpoint(context)
          : sendRequest(endpoint, context, options, request.sendToken),
      )
        .finally(stop)
        .then((result) => {
          assertAlive(signal);
          const timed = { ...result, sentAt };
          return isLate ? applyLate(timed) : resolve(timed);
        })
        .catch(reject);
    });
  }

  return { call };
}

/** Sends to the auth server: with cookies, and so that a reload does not cut it off. */
async function sendToServer(
  purpose: Purpose,
  path: string,
  init: RequestInit,
  { options, platform, origins }: SenderDependencies,
): Promise<Response> {
  const { csrf, fetch } = options;
  const url = resolveURL(path, origins);
  const headers = new Headers(init.headers);
  // The CSRF token is sent to allowed origins only.
  const csrfToken = csrf && origins.allows(url) && platform.readCookie(csrf.cookie);
  if (csrfToken) headers.set(csrf.header, csrfToken);
  let cause: unknown = new TypeError("No Response");
  try {
    const response = await (fetch ?? platform.fetch)(url, {
      // Without keepalive, a reload between rotation and answer loses the rotated cookie. With it,
      // browsers refuse bodies of more than 64 KiB, and the body of a login may be larger.
      keepalive: purpose !== "login",
      credentials: "include",
      ...init,
      headers,
    });
    if (isResponse(response)) return response;
  } catch (error) {
    // On a server a relative URL leads nowhere, however often it is tried.
    if (fetch ?? origins.resolve(url)) throw error;
    cause = error;
  }
  throw new AuthError("misconfigured", {}, cause);
}

/**
 * Sends an endpoint that is given as a request.
 *
 * @param forceToken - sends the token along even if the request does not say so.
 */
function sendRequest(
  { url, method = "POST", headers, body, sendToken }: EndpointRequest,
  { credentials, accessToken, fetch }: EndpointContext,
  { header, scheme }: SenderDependencies["options"],
  forceToken: boolean | undefined,
): Promise<Response> {
  const sent = new Headers({ accept: "application/json", ...headers });
  if ((sendToken || forceToken) && accessToken)
    sent.set(header, authorization(scheme, accessToken));
  const content = joinContent(body, credentials);
  const isJSON = !/^(String|FormData|URLSearchParams|Blob|File)$/.test(kindOf(content));
  if (isJSON && !sent.has("content-type")) sent.set("content-type", "application/json");
  const init: RequestInit = { method, headers: sent };
  // A request without a body cannot be given one. Content that is not JSON is a form, a string, a Blob.
  if (!/^(get|head)$/i.test(method)) {
    init.body = isJSON ? JSON.stringify(content) : (content as BodyInit);
  }
  return fetch(url, init);
}

/** Joins the fields of both, as a form if either is one. If only one has fields, returns that one. */
function joinContent(body: unknown, credentials: unknown): unknown {
  const kinds = [body, credentials].map(kindOf);
  if (!kinds.every((kind) => /^(Object|FormData|URLSearchParams)$/.test(kind))) {
    return body ?? credentials ?? {};
  }
  // By their kinds all have fields, and a form lists them itself.
  const fields = ([body, credentials] as (object | FormData)[]).flatMap((part) => [
    ...(Symbol.iterator in part ? part : Object.entries(part)),
  ]);
  if (kinds.every((kind) => kind === "Object")) return Object.fromEntries(fields);
  const form = kinds.includes("FormData") ? new FormData() : new URLSearchParams();
  for (const [name, value] of fields) if (value !== undefined) form.append(name, value);
  return form;
}
