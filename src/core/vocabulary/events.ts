import type { AuthErrorCode, AuthError } from "./errors.js";

/** Why a refresh was made. */
export type RefreshCause =
  /** The session is being restored after a reload, or `restore()` was called. */
  | "restore"
  /** A request was answered 401. */
  | "unauthorized"
  /** The token is past its hard margin: requests wait. */
  | "expired"
  /** The token is past its soft margin: requests go on. */
  | "ahead"
  /** `getAccessToken({ forceRefresh: true })`. */
  | "forced"
  /** Someone signed in in another tab, and its token did not come along. */
  | "other-tab";

/** What happens inside, for a log or a panel. Never holds a token. Times are milliseconds. */
export type AuthEvent =
  /**
   * A request was sent for the first time; was answered 401 and is sent again with the current
   * token; was answered with what the caller gets, without a `status` if there was no answer. The
   * same `id` for all of one request.
   */
  | {
      type: "request-sent" | "request-replayed" | "request-answered";
      id: number;
      method: string;
      path: string;
      status: number | undefined;
    }
  /** A refresh went to the server. */
  | { type: "refresh-sent"; cause: RefreshCause }
  /** What became of a refresh; `verdict` as in the table of answers, or `timeout`. */
  | {
      type: "refresh-answered";
      cause: RefreshCause;
      verdict: Verdict | "timeout";
      status: number | undefined;
      durationMs: number;
    }
  /**
   * Attempts pause until `until` (milliseconds since the epoch): a call to the auth server failed; or,
   * with `status` 401, refreshes cured nothing at two endpoints in a row, and no 401 starts another
   * meanwhile.
   */
  | { type: "paused"; until: number; code: AuthErrorCode; status: number | undefined }
  /** A token was received; the margins are milliseconds from when it was asked for. */
  | {
      type: "token-received";
      receipt: number;
      softMs?: number;
      hardMs?: number;
      lifetimeMs?: number;
    }
  /** The token was handed to the other tabs; or `tab` handed over the one that is used from now on. */
  | { type: "token-handed-over" }
  | { type: "token-adopted"; tab: string }
  /** Another tab of this app was heard of for the first time, or is gone. `tab` is a random id. */
  | { type: "tab-seen" | "tab-gone"; tab: string }
  /** A session started; `generation` numbers the sessions of this page. */
  | { type: "session-started"; generation: number }
  /** A session ended. */
  | { type: "session-ended"; generation: number; reason: LogoutReason };

/** What an answer means. Only `refused` ends a session. */
export type Verdict = "success" | "refused" | "unavailable" | "misconfigured";

/**
 * Why a session ended.
 *
 * - `refused`: the server refused a refresh.
 * - `logout`: `logout()` was called in this tab.
 * - `other-tab`: someone signed out in another tab.
 * - `switched`: another user signed in.
 */
export type LogoutReason = "refused" | "logout" | "other-tab" | "switched";

/** What `onLogout` is told. */
export interface LogoutEvent {
  /** Why it ended. */
  reason: LogoutReason;
  /** What the server refused with, for `refused`. */
  error?: AuthError;
}
