/**
 * What went wrong, as a stable word to branch on.
 *
 * - `refused`: the server said no to a refresh; the session is over.
 * - `unavailable`: no answer that counts (network, 429, 5xx, a captive portal); the session stays.
 * - `timeout`: no answer within `refreshTimeoutMs`; the session stays.
 * - `misconfigured`: the endpoint is not what the options say (404, 405, a `readSession` that throws).
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

/** The optional parts of an {@link AuthError}. */
export interface AuthErrorDetails {
  status?: number | undefined;
  data?: unknown;
  retryAt?: number | undefined;
  acr_values?: string | undefined;
  max_age?: number | undefined;
  cause?: unknown;
}

/**
 * The one error class of this package. Branch on `code`; `message` says what happened and what to
 * do about it. Holds no token, neither here nor in `cause`.
 */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: AuthErrorCode;
  /** The HTTP status that caused it, where there was an answer. */
  readonly status?: number;
  /** The server's body, for `login_failed`. */
  readonly data?: unknown;
  /** When the next attempt makes sense: milliseconds since the epoch, by this device's clock. */
  readonly retryAt?: number;
  /** The authentication classes asked for, separated by spaces (RFC 9470 §3), for `step_up`. */
  readonly acr_values?: string;
  /** How old the sign-in may be at most, in seconds (RFC 9470 §3), for `step_up`. */
  readonly max_age?: number;

  constructor(code: AuthErrorCode, message: string, details: AuthErrorDetails = {}) {
    const { cause, ...rest } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) Object.assign(this, { [name]: value });
    }
  }
}

/** The error of work whose session ended under it. */
export function sessionEnded(): AuthError {
  return new AuthError("session_ended", "The session ended before this was done.");
}

/** The error of every call after `dispose()`. */
export function disposedError(): AuthError {
  return new AuthError("disposed", "This Auth was disposed of. Make a new one with createAuth().");
}
