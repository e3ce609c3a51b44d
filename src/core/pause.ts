import { instant } from "./accessToken.js";
import { errorOf, type Outcome } from "./authServer.js";
import type { AuthError } from "./errors.js";
import type { AuthEvent } from "./events.js";
import type { Platform } from "./platform.js";

/** After a failed call to the auth server: how long nobody tries again. */
export interface Pause {
  /** The error everything ends with while the pause lasts. */
  error(): AuthError | undefined;
  /** Begins or prolongs the pause. A network failure's ends when the network or the person is back. */
  begin(outcome: Outcome): AuthError;
  /** Calls back once when the pause is over; one listener at a time. */
  onEnd(listener: () => void): void;
  /** Ends the pause, forgets earlier failures and the listener. */
  clear(): void;
}

const firstMs = 1000;
const longestMs = 60_000;
const longestRetryAfterMs = 300_000;

/** Makes the pause of one endpoint. Holds a timer only while somebody waits for its end. */
export function createPause(platform: Platform, emit: (event: AuthEvent) => void): Pause {
  let failures = 0;
  let error: AuthError | undefined;
  let until = instant(platform);
  let stopTimer = () => {};
  let stopWake = () => {};
  let waiting: (() => void) | undefined;

  function current(): AuthError | undefined {
    const { wall, monotonic } = instant(platform);
    // Whichever clock says so: sleep stops the one, a clock change moves the other.
    return wall < until.wall && monotonic < until.monotonic ? error : undefined;
  }

  function end(): void {
    error = undefined;
    stopTimer();
    stopWake();
    const listener = waiting;
    waiting = undefined;
    listener?.();
  }

  function armTimer(): void {
    stopTimer();
    if (!waiting) return;
    if (!current()) return end();
    stopTimer = platform.startTimer(armTimer, until.monotonic - platform.monotonicNow());
  }

  return {
    error: current,
    begin(outcome) {
      stopWake();
      const { wall, monotonic } = instant(platform);
      const delayMs = Math.min(
        (outcome.answer && retryAfterMs(outcome.answer.headers, wall)) ??
          Math.min(longestMs, firstMs * 2 ** failures) * (0.5 + platform.random()),
        longestRetryAfterMs,
      );
      failures += 1;
      until = { wall: wall + delayMs, monotonic: monotonic + delayMs };
      error = errorOf(outcome, until.wall);
      if (!outcome.answer) stopWake = platform.onWake(end);
      emit({ type: "paused", until: until.wall, code: error.code, status: error.status });
      armTimer();
      return error;
    },
    onEnd(listener) {
      waiting = listener;
      armTimer();
    },
    clear() {
      failures = 0;
      waiting = undefined;
      end();
    },
  };
}

/** Reads `Retry-After` (RFC 9110 §10.2.3), a number of seconds or a date, as milliseconds from now; a time that is no wait says nothing. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000 || undefined;
  // A date has letters: engines read "-5" and "1.5" as dates too.
  if (!/[a-z]{3}/i.test(value)) return undefined;
  // Both dates are the server's, so that a wrong clock here does not matter.
  const sentAt = Date.parse(headers.get("date") ?? "");
  const waitMs = Date.parse(value) - (Number.isNaN(sentAt) ? now : sentAt);
  return waitMs > 0 ? waitMs : undefined;
}
