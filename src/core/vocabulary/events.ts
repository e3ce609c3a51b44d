import type { AuthErrorCode, AuthError } from "./errors.js";

/**
 * Why a refresh was made.
 *
 * - `restore`: the session is being restored after a reload, or `restore()` was called.
 * - `unauthorized`: a request was answered 401.
 * - `expired`: the token is past `expiresAfterMs`: requests wait.
 * - `ahead`: the token is past `refreshAfterMs`: requests go on.
 * - `forced`: `getAccessToken({ forceRefresh: true })`.
 * - `other-tab`: someone signed in in another tab, and its token did not come along.
 */
export type RefreshCause =
  | "restore"
  | "unauthorized"
  | "expired"
  | "ahead"
  | "forced"
  | "other-tab";

/**
 * An event inside the session, for a log or a panel; `at` is when, in milliseconds since the epoch.
 * Never holds a token.
 */
export type AuthEvent = EventDetails & { at: number };

/** An event without its time. */
export type EventDetails =
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
  /**
   * The request with the `id` `request` was answered 401, or as `refreshOn` says: unless a new token
   * cannot help, it waits for one.
   */
  | { type: "token-rejected"; request: number; status: number | undefined }
  /** A refresh went to the server. */
  | { type: "refresh-sent"; cause: RefreshCause }
  /** The result of a refresh; `verdict` as in the table of answers, or `timeout`. */
  | {
      type: "refresh-answered";
      cause: RefreshCause;
      verdict: Verdict | "timeout";
      status: number | undefined;
      durationMs: number;
    }
  /**
   * Attempts pause until `until` (milliseconds since the epoch): a call to the auth server failed; or,
   * with `status` 401, refreshes did not help at two endpoints in a row, and no 401 starts another
   * meanwhile.
   */
  | { type: "paused"; until: number; code: AuthErrorCode; status: number | undefined }
  /** The pause is over before its time: the network is back, say, or a refresh succeeded. */
  | { type: "resumed" }
  /**
   * A request was answered `status` in spite of a new token, or could not be sent again: until `until`
   * (milliseconds since the epoch) no 401 of this endpoint starts another refresh.
   */
  | {
      type: "refresh-blocked";
      method: string;
      path: string;
      status: number | undefined;
      until: number;
    }
  /**
   * A token was received. `refreshAfterMs`, `expiresAfterMs` and `lifetimeMs` count from `sentAt`, when
   * it was asked for (milliseconds since the epoch).
   */
  | {
      type: "token-received";
      tokenVersion: number;
      sentAt: number;
      refreshAfterMs?: number;
      expiresAfterMs?: number;
      lifetimeMs?: number;
    }
  /** The token is marked as expired: requests wait for the next. */
  | { type: "token-expired" }
  /** The token was offered to the other tabs; or this tab took the one that `tab` offered. */
  | { type: "token-handed-over" }
  | { type: "token-adopted"; tab: string }
  /** This tab can be heard by the others from now on: `tab` is its random id. */
  | { type: "tab-joined"; tab: string }
  /** Another tab of this app was heard of for the first time, or is gone; or it sends a refresh. */
  | { type: "tab-seen" | "tab-gone" | "tab-refreshing"; tab: string }
  /** A session started; `scopeId` numbers the sessions of this page. */
  | { type: "session-started"; scopeId: number }
  /** A session ended. */
  | { type: "session-ended"; scopeId: number; reason: LogoutReason };

/** The meaning of an answer. Only `refused` ends a session. */
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

/** The argument of an `onLogout` listener. */
export interface LogoutEvent {
  /** Why it ended. */
  reason: LogoutReason;
  /** The error of the refusal, for `refused`. */
  error?: AuthError;
}
