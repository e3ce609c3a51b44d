import { instant, msSince } from "../platform/clock.js";
import { errorOf, type Outcome } from "./authServer.js";
import type { AuthError } from "../vocabulary/errors.js";
import type { EventDetails } from "../vocabulary/events.js";
import type { Platform } from "../platform/platform.js";

/** After a failed call to the auth server: how long nobody tries again. */
export interface Pause {
  /** The error everything ends with while the pause lasts. */
  error(): AuthError | undefined;
  /** Begins or prolongs the pause. A network failure's ends when the network or the person is back. */
  begin(outcome: Outcome): AuthError;
  /** Calls back once when the pause is over; one listener at a time. */
  onEnd(listener: () => void): void;
  /** Resolves when the pause is over, however it ends; at once if there is none. */
  over(): Promise<void>;
  /** Ends the pause, forgets earlier failures and the listener. */
  clear(): void;
}

const firstMs = 1000;
const longestMs = 60_000;
const longestRetryAfterMs = 300_000;

/** Makes the pause of one endpoint. Holds a timer only while somebody waits for its end. */
export function createPause(platform: Platform, emit: (event: EventDetails) => void): Pause {
  let failures = 0;
  let error: AuthError | undefined;
  let begun = instant(platform);
  let lengthMs = 0;
  let stopTimer = () => {};
  let stopWake = () => {};
  let waiting: (() => void) | undefined;
  const waiters: (() => void)[] = [];

  function leftMs(): number {
    return lengthMs - msSince(begun, platform);
  }

  function current(): AuthError | undefined {
    if (leftMs() <= 0) error = undefined;
    return error;
  }

  function end(): void {
    if (error) emit({ type: "resumed" });
    error = undefined;
    stopTimer();
    stopWake();
    const listener = waiting;
    waiting = undefined;
    listener?.();
    for (const each of waiters.splice(0)) each();
  }

  function armTimer(): void {
    stopTimer();
    if (!waiting && waiters.length === 0) return;
    if (!current()) return end();
    // In whole milliseconds, as timers count: what is left of a fraction would arm it for ever.
    stopTimer = platform.startTimer(armTimer, Math.ceil(leftMs()));
  }

  return {
    error: current,
    begin(outcome) {
      stopWake();
      begun = instant(platform);
      lengthMs = Math.min(
        (outcome.answer && retryAfterMs(outcome.answer.headers, begun.wall)) ??
          Math.min(longestMs, firstMs * 2 ** failures) * (0.5 + platform.random()),
        longestRetryAfterMs,
      );
      failures += 1;
      const until = begun.wall + lengthMs;
      error = errorOf(outcome, until);
      if (!outcome.answer) stopWake = platform.onWake(end);
      emit({ type: "paused", until, code: error.code, status: error.status });
      armTimer();
      return error;
    },
    onEnd(listener) {
      waiting = listener;
      armTimer();
    },
    over: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
        armTimer();
      }),
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
