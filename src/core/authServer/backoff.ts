import { instant, msSince } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { AuthError } from "../vocabulary/errors.js";
import type { EventDetails } from "../vocabulary/events.js";
import { errorOf, type FailedResult } from "./authResult.js";

/** After a failed call to the auth server: how long nobody tries again. */
export interface Backoff {
  /** The error everything ends with while the backoff lasts. */
  error(): AuthError | undefined;
  /** Starts or prolongs it. After a network failure it ends when the network or the person is back. */
  start(result: FailedResult): AuthError;
  /** Resolves when it is over, however it ends; at once if there is none. */
  over(): Promise<void>;
  /** Ends it and forgets earlier failures. */
  clear(): void;
  /** Nobody is told of its end any more. */
  dispose(): void;
}

const firstMs = 1000;
const longestMs = 60_000;
const longestRetryAfterMs = 300_000;

/** Makes the backoff of one endpoint. Holds a timer only while somebody waits for its end. */
export function createBackoff(platform: Platform, emit: (event: EventDetails) => void): Backoff {
  let failures = 0;
  let error: AuthError | undefined;
  let startedAt = instant(platform);
  let lengthMs = 0;
  let stopTimer = () => {};
  let stopWake = () => {};
  let isDisposed = false;
  const waiting: (() => void)[] = [];

  const leftMs = () => lengthMs - msSince(startedAt, platform);
  const current = () => (error = leftMs() > 0 ? error : undefined);
  const ownMs = () => Math.min(longestMs, firstMs * 2 ** failures) * (0.5 + platform.random());

  function end(): void {
    if (error) emit({ type: "resumed" });
    error = undefined;
    stopTimer();
    stopWake();
    for (const each of waiting.splice(0)) each();
  }

  function armTimer(): void {
    stopTimer();
    if (isDisposed || waiting.length === 0) return;
    if (!current()) return end();
    // In whole milliseconds, as timers count: what is left of a fraction would arm it for ever.
    stopTimer = platform.startTimer(armTimer, Math.ceil(leftMs()));
  }

  return {
    error: current,
    start(result) {
      const { answer } = result;
      stopWake();
      startedAt = instant(platform);
      const wantedMs = answer && retryAfterMs(answer.headers, startedAt.wall);
      lengthMs = Math.min(wantedMs ?? ownMs(), longestRetryAfterMs);
      failures += 1;
      const until = startedAt.wall + lengthMs;
      error = errorOf(result, until);
      if (!answer) stopWake = platform.onWake(end);
      emit({ type: "paused", until, code: error.code, status: error.status });
      armTimer();
      return error;
    },
    over: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        armTimer();
      }),
    clear() {
      failures = 0;
      end();
    },
    dispose() {
      isDisposed = true;
      stopTimer();
      stopWake();
    },
  };
}

/** Reads `Retry-After` (RFC 9110 §10.2.3), a number of seconds or a date, as milliseconds from now; `undefined` for a time in the past. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after") ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000 || undefined;
  // A date has letters: engines read "-5" and "1.5" as dates too.
  if (!/[a-z]{3}/i.test(value)) return undefined;
  // Both dates are the server's, so that a wrong clock here does not matter.
  const sentAt = Date.parse(headers.get("date") ?? "");
  const waitMs = Date.parse(value) - (Number.isNaN(sentAt) ? now : sentAt);
  return waitMs > 0 ? waitMs : undefined;
}
