import { assertAlive } from "../platform/abort.js";
import { instant, type Instant } from "../platform/clock.js";
import type { Session } from "../session/session.js";
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
  sendRequest,
  sendToServer,
  type SendOptions,
  type SenderDependencies,
} from "./sendToServer.js";

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
  /** Asked before something is sent: an endpoint function may have waited for something else. */
  isStillNeeded(): Promise<boolean>;
  /** Called with the result if that comes after the time limit. */
  applyLate(result: TimedResult): unknown;
}

/** What came of a call. */
export type TimedResult = AuthResult & {
  /** What the lifetime of a token counts from. */
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

/** What the auth server depends on. */
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
