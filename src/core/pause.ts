import type { AuthError } from "./errors.js";
import type { Platform } from "./platform.js";

/** After a failed attempt: how long nobody tries again. */
export interface Pause {
  /** The error everything ends with while the pause lasts. */
  error(): AuthError | undefined;
  /** Begins or prolongs the pause. `explain` gets the wall-clock time of its end. */
  begin(reason: PauseReason, explain: (retryAt: number) => AuthError): AuthError;
  /** Calls back once when the pause is over, at once if there is none. Returns its unsubscribe. */
  onEnd(listener: () => void): () => void;
  /** Ends the pause and forgets earlier failures. */
  clear(): void;
}

export interface PauseReason {
  /** What the server asked for (`Retry-After`), in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The network failed, so its return ends the pause. */
  endsOnWake: boolean;
}

const firstMs = 1000;
const longestMs = 60_000;
const longestRetryAfterMs = 300_000;

/** Makes the pause of one endpoint. Holds a timer only while somebody waits for its end. */
export function createPause(platform: Platform): Pause {
  let failures = 0;
  let current: { error: AuthError; until: { wall: number; monotonic: number } } | undefined;
  let stopTimer = () => {};
  let stopWake = () => {};
  const listeners = new Set<() => void>();

  function isOver(): boolean {
    // Whichever clock says so: sleep stops the one, a clock change moves the other.
    return (
      !current ||
      platform.now() >= current.until.wall ||
      platform.monotonicNow() >= current.until.monotonic
    );
  }

  function end(): void {
    current = undefined;
    stopTimer();
    stopWake();
    const waiting = [...listeners];
    listeners.clear();
    for (const listener of waiting) listener();
  }

  function armTimer(): void {
    stopTimer();
    if (!current || listeners.size === 0) return;
    const remainingMs = current.until.monotonic - platform.monotonicNow();
    stopTimer = platform.startTimer(() => (isOver() ? end() : armTimer()), remainingMs);
  }

  return {
    error: () => (isOver() ? undefined : current?.error),
    begin({ retryAfterMs, endsOnWake }, explain) {
      stopWake();
      const backoffMs = Math.min(longestMs, firstMs * 2 ** failures) * (0.5 + platform.random());
      const delayMs =
        retryAfterMs === undefined ? backoffMs : Math.min(retryAfterMs, longestRetryAfterMs);
      failures += 1;
      const until = {
        wall: platform.now() + delayMs,
        monotonic: platform.monotonicNow() + delayMs,
      };
      current = { error: explain(until.wall), until };
      stopWake = endsOnWake ? platform.onWake(end) : () => {};
      armTimer();
      return current.error;
    },
    onEnd(listener) {
      if (isOver()) listener();
      else listeners.add(listener);
      armTimer();
      return () => {
        listeners.delete(listener);
        armTimer();
      };
    },
    clear() {
      failures = 0;
      listeners.clear();
      end();
    },
  };
}

/** Reads `Retry-After` (RFC 9110 §10.2.3), a number of seconds or a date, as milliseconds from now. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Both dates are the server's, so that a wrong clock here does not matter.
  const sentAt = Date.parse(headers.get("date") ?? "");
  const waitMs = Date.parse(value) - (Number.isNaN(sentAt) ? now : sentAt);
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
