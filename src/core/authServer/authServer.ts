import { assertAlive } from "../platform/abort.js";
import { instant, type Instant } from "../platform/clock.js";
import { AuthError } from "../vocabulary/errors.js";
import type { AuthResult } from "./authResult.js";
import {
  endpointOf,
  type EndpointContext,
  type EndpointFunction,
  type EndpointOptions,
  type Purpose,
} from "./endpoints.js";
import type { OriginOptions } from "./origins.js";
import type { AnswerOptions, ReadAnswer } from "./readAnswer.js";
import {
  sendEndpoint,
  sendToServer,
  type SendOptions,
  type SenderDependencies,
} from "./sendEndpoint.js";

/** The options that the auth server reads. */
export interface ServerOptions extends OriginOptions, EndpointOptions, AnswerOptions, SendOptions {
  /** How long a refresh, login or logout may take, in milliseconds; 10 000 if omitted. */
  refreshTimeoutMs?: number;
}

/** What is sent to the auth server. */
export interface AuthRequest {
  readonly purpose: Purpose;
  /** In place of the one in the options. */
  readonly endpoint?: EndpointFunction;
  readonly credentials?: unknown;
  /** As if the endpoint's request said `sendToken`. */
  readonly sendToken?: boolean | undefined;
  /** In place of the current one. */
  readonly accessToken?: string | undefined;
  /** Asked before an endpoint function sends something: it may have waited for something else. */
  isStillNeeded(): Promise<boolean>;
}

/** A call on the wire. It is never aborted: an aborted rotation would lose the new cookie. */
export interface AuthCall {
  /** What the lifetime of a token counts from. */
  readonly sentAt: Instant;
  /** What came of it within the time limit: `timeout` if nothing did. */
  readonly result: Promise<AuthResult>;
  /** What came of it, however late. */
  readonly lateResult: Promise<AuthResult>;
}

/** Calls login, refresh and logout. Knows no session, and no lock. */
export interface AuthServer {
  /** Its results reject with nothing but `disposed`. */
  call(request: AuthRequest): AuthCall;
}

/** What the auth server depends on. */
export interface AuthServerDependencies extends SenderDependencies {
  readonly options: SenderDependencies["options"] & EndpointOptions & { refreshTimeoutMs: number };
  readonly readAnswer: ReadAnswer;
  /** The current access token. */
  currentToken(): string | undefined;
  /** Of `dispose()`. */
  readonly signal: AbortSignal;
}

export function createAuthServer(dependencies: AuthServerDependencies): AuthServer {
  const { options, platform, readAnswer, currentToken, signal } = dependencies;
  let stopTimer = () => {};
  signal.addEventListener("abort", () => stopTimer());

  function call({ purpose, isStillNeeded, ...request }: AuthRequest): AuthCall {
    const sentAt = instant(platform);
    let isLate = false;
    const context: EndpointContext = {
      credentials: request.credentials,
      accessToken: request.accessToken ?? currentToken() ?? null,
      async fetch(path, init = {}) {
        if (!(await isStillNeeded()) || isLate) throw new AuthError("timeout");
        return sendToServer(purpose, path, init, dependencies);
      },
      signal,
    };
    const timeout = new Promise<AuthResult>((resolve) => {
      stopTimer = platform.startTimer(() => {
        isLate = true;
        resolve({ kind: "timeout" });
      }, options.refreshTimeoutMs);
    });
    const stop = stopTimer;
    const to = request.endpoint ?? endpointOf(options, purpose);
    const lateResult = readAnswer(purpose, () =>
      typeof to === "function"
        ? to(context)
        : sendEndpoint(
            purpose,
            request.sendToken ? { ...to, sendToken: true } : to,
            context,
            dependencies,
          ),
    )
      .finally(stop)
      .then((result) => {
        assertAlive(signal);
        return result;
      });
    return { sentAt, result: Promise.race([lateResult, timeout]), lateResult };
  }

  return { call };
}
