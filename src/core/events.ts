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
  | "forced";

/** What happens inside, for a log or a panel. Never holds a token. Times are milliseconds. */
export type AuthEvent =
  /** A request was sent for the first time; `id` links it to what follows. */
  | { type: "request-sent"; id: number; method: string; path: string }
  /** A request was answered 401 and is sent again with the current token. */
  | { type: "request-replayed"; id: number; method: string; path: string }
  /** The answer that the caller gets. */
  | { type: "request-answered"; id: number; method: string; path: string; status: number }
  /** A refresh went to the server. */
  | { type: "refresh-sent"; cause: RefreshCause }
  /** What became of a refresh; `verdict` as in the table of answers, or `timeout`. */
  | {
      type: "refresh-answered";
      cause: RefreshCause;
      verdict: Verdict | "timeout";
      status?: number;
      durationMs: number;
    }
  /** Attempts pause until `until` (milliseconds since the epoch). */
  | { type: "paused"; until: number; code: AuthErrorCode; status?: number }
  /** A token was received; the margins are milliseconds from when it was asked for. */
  | {
      type: "token-received";
      receipt: number;
      softMs?: number;
      hardMs?: number;
      lifetimeMs?: number;
    }
  /** A session started; `generation` numbers the sessions of this page. */
  | { type: "session-started"; generation: number }
  /** A session ended. */
  | { type: "session-ended"; generation: number; reason: LogoutReason };

/** User code runs outside the state machine: what it throws is reported and changes nothing. */
export function callSafely<Argument>(
  listener: (argument: Argument) => unknown,
  argument: Argument,
): void {
  try {
    const result = listener(argument);
    if (result instanceof Promise) result.catch(report);
  } catch (error) {
    report(error);
  }
}

/** A set of listeners, each of which may throw without harm to the others. */
export interface Listeners<Argument> {
  add(listener: (argument: Argument) => unknown): () => void;
  call(argument: Argument): void;
  readonly size: () => number;
  clear(): void;
}

export function createListeners<Argument>(): Listeners<Argument> {
  // Wrapped, so that the same function added twice is two subscriptions.
  const entries = new Set<{ listener: (argument: Argument) => unknown }>();
  return {
    add(listener) {
      const entry = { listener };
      entries.add(entry);
      return () => entries.delete(entry);
    },
    call(argument) {
      for (const { listener } of [...entries]) callSafely(listener, argument);
    },
    size: () => entries.size,
    clear: () => entries.clear(),
  };
}

/** Makes an error of user code visible without letting it pass. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
