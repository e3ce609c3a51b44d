import type { SessionScope } from "../session/sessionScope.js";
import type { SessionRecord } from "../tabs/sessionRecord.js";
import type { RefreshCause } from "../vocabulary/events.js";

/** A refresh, as it was asked for. */
export interface Attempt {
  readonly cause: RefreshCause;
  /** The session it is for. */
  readonly scope: SessionScope;
  /** Of the token that is refreshed. */
  readonly tokenVersion: number | undefined;
  /** Another tab was asked for its token. */
  readonly asked: Promise<void> | undefined;
  /** The record of all tabs when the call was sent. */
  recordWhenSent?: SessionRecord | undefined;
}

/** The refresh under way. */
export interface Flight extends Attempt {
  readonly promise: Promise<void>;
  /** Ends the wait of all callers. */
  end(error?: unknown): void;
}

export function createFlight(attempt: Attempt, onEnd: () => void): Flight {
  let end: Flight["end"] = () => {};
  const promise = new Promise<void>((resolve, reject) => {
    // The waiters of an ended session learn it now, not when the server answers.
    const stop = attempt.scope.onAbort((error) => end(error));
    end = (error) => {
      stop();
      onEnd();
      if (error) reject(error);
      else resolve();
    };
  });
  // A refresh in the background has no one to catch its failure.
  promise.catch(() => {});
  return { ...attempt, promise, end };
}
