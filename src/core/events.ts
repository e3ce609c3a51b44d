import type { AuthErrorCode } from "./errors.js";
import type { LogoutReason } from "./session.js";
import type { Verdict } from "./verdict.js";

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

/** A set of listeners: user code, so each may throw without harm to the others or to us. */
export interface Listeners<Argument> {
  add(listener: (argument: Argument) => unknown): () => void;
  call(argument: Argument): void;
  /** Calls later those who listen now. */
  prepare(argument: Argument): () => void;
  size(): number;
  clear(): void;
}

export function createListeners<Argument>(): Listeners<Argument> {
  const entries = new Set<(argument: Argument) => unknown>();
  const prepare = (argument: Argument) => {
    const present = [...entries];
    return () => present.forEach((entry) => entry(argument));
  };
  return {
    add(listener) {
      // Wrapped anew, so that the same function added twice is two subscriptions.
      const entry = guarded(listener);
      entries.add(entry);
      return () => entries.delete(entry);
    },
    call: (argument) => prepare(argument)(),
    prepare,
    size: () => entries.size,
    clear: () => entries.clear(),
  };
}

/** User code that must not stop ours: what it throws is reported, and `undefined` its answer. */
export function guarded<Arguments extends unknown[], Result>(
  userCode: (...given: Arguments) => Result,
): (...given: Arguments) => Result | undefined {
  return (...given) => {
    try {
      const result = userCode(...given);
      // The same promise, but one that answers `undefined` where it would reject.
      return result instanceof Promise ? (result.catch(report) as Result) : result;
    } catch (error) {
      report(error);
      return undefined;
    }
  };
}

function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
