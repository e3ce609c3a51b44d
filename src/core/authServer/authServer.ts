import { instant, type Instant } from "../platform/clock.js";
import { kindOf } from "../vocabulary/values.js";
import { assertAlive } from "../platform/abort.js";
import { AuthError } from "../vocabulary/errors.js";
import type { AuthOptions } from "../options.js";
import {
  endpointOf,
  resolveURL,
  type EndpointContext,
  type EndpointFunction,
  type EndpointRequest,
  type Purpose,
} from "./endpoints.js";
import type { OriginGate } from "./origins.js";
import type { Platform } from "../platform/platform.js";
import { isResponse, type ReadAnswer, type Reading } from "./readAnswer.js";
import type { InTurn, Turn } from "../tabs/crossTabLock.js";

/** How a call to the auth server ended: a grant, or what says why there is none. */
export interface Outcome extends Omit<Reading, "verdict"> {
  verdict: Reading["verdict"] | "timeout";
  /** When it was sent: what the lifetime of a token counts from. */
  sentAt: Instant;
}

/** One call to the auth server, from when its turn has come. */
export interface AuthCall<Result> {
  purpose: Purpose;
  /** In place of the one in the options. */
  endpoint?: EndpointFunction;
  credentials?: unknown;
  /** As if the endpoint's request said `sendToken`. */
  withToken?: boolean | undefined;
  /** In place of the current one. */
  accessToken?(): string | undefined;
  /**
   * Asked when the turn has come, and again if the page was put away before it could send: what it
   * returns is the result, and nothing is sent.
   */
  prepare(turn: Turn): Promise<Result | undefined> | Result | undefined;
  /**
   * Acts on the outcome, still in the turn. Called twice if the time limit came first: the call is
   * not aborted then, for an aborted rotation would lose the new cookie.
   */
  obey(outcome: Outcome, turn: Turn, isLate: boolean): Promise<Result> | Result;
}

/**
 * Calls login, refresh or logout when its turn has come, so that the cookie jar ends as the last one
 * meant. Rejects with the {@link AuthError} that `prepare` or `obey` throws; `misconfigured` for what
 * nobody expected; `disposed`. Knows no session.
 */
export type CallAuthServer = <Result>(call: AuthCall<Result>) => Promise<Result>;

export interface AuthServerDependencies {
  options: AuthOptions;
  baseURL: string;
  platform: Platform;
  origins: OriginGate;
  inTurn: InTurn;
  readAnswer: ReadAnswer;
  /** The current access token. */
  accessToken: () => string | null;
  /** Where that goes. */
  header: string;
  scheme: string;
  timeoutMs: number;
  signal: AbortSignal;
}

export function createAuthServer({
  options,
  baseURL,
  platform,
  origins,
  inTurn,
  readAnswer,
  accessToken,
  header,
  scheme,
  timeoutMs,
  signal,
}: AuthServerDependencies): CallAuthServer {
  const { csrf } = options;
  let stopTimer = () => {};
  signal.addEventListener("abort", () => stopTimer());

  async function send(purpose: Purpose, path: string, init: RequestInit = {}): Promise<Response> {
    const url = resolveURL(path, baseURL, origins);
    const headers = new Headers(init.headers);
    // A secret between the page and its API, and no one else's.
    const csrfToken = csrf && origins.allows(url) && platform.readCookie(csrf.cookie);
    if (csrfToken) headers.set(csrf.header, csrfToken);
    let cause: unknown = new TypeError("No Response");
    try {
      const response = await (options.fetch ?? platform.fetch)(url, {
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
      if (options.fetch ?? origins.resolve(url)) throw error;
      cause = error;
    }
    throw new AuthError("misconfigured", {}, cause);
  }

  function request(
    purpose: Purpose,
    { url, method = "POST", headers, body, sendToken }: EndpointRequest,
    context: EndpointContext,
    withToken: boolean | undefined,
  ): Promise<Response> {
    const sent = new Headers({ accept: "application/json", ...headers });
    if ((sendToken || withToken) && context.accessToken) {
      sent.set(header, authorization(scheme, context.accessToken));
    }
    const content = joined(body, context.credentials);
    const isJSON = !/^(String|FormData|URLSearchParams|Blob|File)$/.test(kindOf(content));
    if (isJSON && !sent.has("content-type")) sent.set("content-type", "application/json");
    return send(purpose, url, {
      method,
      headers: sent,
      // A request without a body cannot be given one. What is not JSON is a form, a string, a Blob.
      ...(!/^(get|head)$/i.test(method) && {
        body: isJSON ? JSON.stringify(content) : (content as BodyInit),
      }),
    });
  }

  return ({ purpose, endpoint, credentials, withToken, accessToken: given, prepare, obey }) =>
    inTurn(async (ensureHeld) => {
      let turn: Turn;
      let isLate = false;

      /** Whatever was waited for may have cost the turn, and then there may be news. */
      async function ready(): Promise<Awaited<ReturnType<typeof prepare>>> {
        turn = await ensureHeld();
        assertAlive(signal);
        const known = await prepare(turn);
        assertAlive(signal);
        return known === undefined && turn.isLost ? ready() : known;
      }

      const known = await ready();
      if (known !== undefined) return known;
      const sentAt = instant(platform);
      const context = {
        credentials,
        accessToken: given?.() ?? accessToken(),
        // An endpoint function may have waited for something before it sends.
        async fetch(path: string, init?: RequestInit) {
          if ((turn.isLost && (await ready()) !== undefined) || isLate)
            throw new AuthError("timeout");
          return send(purpose, path, init);
        },
        signal,
      };
      return new Promise((resolve, reject) => {
        // What a late answer brings is for the session: whoever waited for it has an error by now.
        async function settle(reading: Omit<Outcome, "sentAt">) {
          assertAlive(signal);
          return obey({ ...reading, sentAt }, turn, isLate);
        }
        const stop = platform.startTimer(() => {
          resolve(settle({ verdict: "timeout" }));
          isLate = true;
        }, timeoutMs);
        stopTimer = stop;
        const to = endpoint ?? endpointOf(options, purpose);
        readAnswer(purpose, () =>
          typeof to === "function" ? to(context) : request(purpose, to, context, withToken),
        )
          .finally(stop)
          .then(settle)
          .then(resolve, reject);
      });
    });
}

/** The fields of both, as a form if one of them is one; one alone where the other has none. */
function joined(body: unknown, credentials: unknown): unknown {
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

/** The error of a call that brought no session. */
export function errorOf({ verdict, answer, cause }: Outcome, retryAt?: number): AuthError {
  // Nobody asks for the error of a success.
  return new AuthError(
    verdict as Exclude<typeof verdict, "success">,
    { status: answer?.status, retryAt },
    cause,
  );
}

/** What the header of the token holds. */
export function authorization(scheme: string, token: string): string {
  return scheme ? `${scheme} ${token}` : token;
}
