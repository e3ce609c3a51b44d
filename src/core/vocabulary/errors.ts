import { fieldsOf } from "./values.js";

/**
 * The kind of an error, as a stable word to branch on.
 *
 * - `refused`: the server said no to a refresh; the session is over.
 * - `unavailable`: no answer that counts (network, 429, 5xx, a captive portal), or, with the `status`
 *   of an API's answer, refreshes that cure none of its 401s; the session stays.
 * - `timeout`: no answer within `refreshTimeoutMs`; the session stays.
 * - `misconfigured`: the endpoint is not what the options say (404, 405, a `readSession` that
 *   throws), or something threw where nobody expected it; see `cause`.
 * - `signed_out`: nobody is signed in, so nothing was sent.
 * - `session_ended`: the session this work belonged to ended by logout or by a switch of user.
 * - `login_failed`: the server answered a login, but not with a session; see `status` and `data`.
 * - `step_up`: the API asks for a stronger sign-in (RFC 9470); see `acr_values` and `max_age`.
 * - `body_not_replayable`: a 401 met a request whose body (a stream) can be read only once.
 * - `disposed`: `auth.dispose()` was called.
 */
export type AuthErrorCode =
  | "refused"
  | "unavailable"
  | "timeout"
  | "misconfigured"
  | "signed_out"
  | "session_ended"
  | "login_failed"
  | "step_up"
  | "body_not_replayable"
  | "disposed";

/** The fields of an {@link AuthError} beside its code. */
export type AuthErrorDetails = Partial<
  Pick<AuthError, "status" | "data" | "retryAt" | "acr_values" | "max_age">
>;

/**
 * The one error class of this package. Branch on `code`. `message` says what happened and what to
 * do; in a production bundle it is the code alone. Holds no token.
 */
export class AuthError extends Error {
  /** Of every such error, whichever copy of the package made it. */
  declare readonly name: "AuthError";
  /** The kind of the error: branch on this. */
  declare readonly code: AuthErrorCode;
  /** The HTTP status that caused it, where there was an answer. */
  declare readonly status?: number | undefined;
  /** The server's body, for `login_failed`. */
  declare readonly data?: unknown;
  /** When the next attempt makes sense: milliseconds since the epoch, by this device's clock. */
  declare readonly retryAt?: number | undefined;
  /** The authentication classes asked for, separated by spaces (RFC 9470 §3), for `step_up`. */
  declare readonly acr_values?: string | undefined;
  /** How old the sign-in may be at most, in seconds (RFC 9470 §3), for `step_up`. */
  declare readonly max_age?: number | undefined;

  constructor(code: AuthErrorCode, details: AuthErrorDetails = {}, cause?: unknown) {
    super(process.env.NODE_ENV === "production" ? code : messages[code], cause ? { cause } : {});
    Object.assign(this, { name: "AuthError", code, ...details });
  }
}

/** The thrown error if it is one of ours; `misconfigured` for anything that nobody expected. */
export function toAuthError(thrown: unknown): AuthError {
  return thrown instanceof AuthError ? thrown : new AuthError("misconfigured", {}, thrown);
}

/** The result; none if the server refused, which is an answer: nobody is signed in. */
export async function unlessRefused<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof AuthError && error.code === "refused") return undefined;
    throw error;
  }
}

/** The error of ours that this is, or that caused it: axios wraps it in its own, and an app may wrap that. */
export function reasonOf(error: unknown): AuthError | undefined {
  let reason = error;
  // No deeper: causes may form a circle.
  for (let depth = 0; depth < 5; depth += 1) {
    if (reason instanceof AuthError) return reason;
    reason = fieldsOf(reason)["cause"];
  }
  return undefined;
}

const messages: Record<AuthErrorCode, string> = {
  refused: "The server refused to refresh the session, so it is over. Sign in again.",
  unavailable:
    "The auth server cannot be reached or is busy, or the API rejects each new token. Nobody was signed in or out. Try again later (see `status` and `retryAt`).",
  timeout: "The auth server did not answer in time. Nobody was signed in or out. Try again later.",
  misconfigured:
    "The auth endpoint is not what the options say. Check `baseURL`, the endpoints, and `readSession` (see `cause`).",
  signed_out: "Nobody is signed in, so nothing was sent. Call login() first.",
  session_ended: "The session this belonged to has ended.",
  login_failed: "The server did not sign anyone in. See `status` and `data`.",
  step_up: "The API asks for a stronger or more recent sign-in. See `acr_values` and `max_age`.",
  body_not_replayable:
    "The token had expired, and the body is a stream that can be sent only once. Send it again.",
  disposed: "This Auth was disposed of. Make a new one with createAuth().",
};
