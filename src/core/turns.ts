import { assertAlive } from "./abort.js";
import { toAuthError } from "./errors.js";
import type { HeldLock, Platform } from "./platform.js";

/** What work is given when its turn has come. */
export interface Turn {
  /** Another tab had its turn just before, and may have news. */
  readonly wasContended: boolean;
  /** Ends the turn before the work does, so that user code can run outside of it. */
  end(): void;
}

/**
 * Lets one piece of work run after the other, in all tabs of the app. Rejects with the `AuthError` that
 * the work throws; `misconfigured` for what nobody expected; `disposed`.
 */
export type InTurn = <Result>(work: (turn: Turn) => Promise<Result>) => Promise<Result>;

/**
 * Nobody waits in vain: when the patience is over, or where there are no locks, work goes on as if it
 * had the lock, and the server's grace window has to do. Nobody steals it.
 *
 * @param lockName - `undefined`: only this tab's work waits for each other.
 * @param patienceMs - how long to wait for the lock at most, in milliseconds.
 * @param signal - ends all turns, and the wait for them.
 */
export function createTurns(
  platform: Platform,
  lockName: string | undefined,
  patienceMs: number,
  signal: AbortSignal,
): InTurn {
  let last: Promise<unknown> = Promise.resolve();

  function acquire(): Promise<Turn> {
    return new Promise((resolve) => {
      let asking = new AbortController();
      let held: HeldLock | undefined;
      let isOver = false;
      let stopTimer = () => {};

      function begin(lock?: HeldLock): void {
        if (isOver) return lock?.release();
        isOver = true;
        held = lock;
        asking.abort();
        stopTimer();
        stopWake();
        resolve({ wasContended: !!lock?.wasContended, end });
      }

      function ask(): void {
        if (lockName) platform.requestLock(lockName, asking.signal).then(begin, () => {});
      }

      /** A page that is left must neither hold the lock nor be given it. */
      function leave(): void {
        asking.abort();
        asking = new AbortController();
        held?.release();
      }

      function end(): void {
        begin();
        stopHide();
        signal.removeEventListener("abort", end);
        held?.release();
      }

      const stopHide = platform.onHide(leave);
      const stopWake = platform.onWake(ask);
      signal.addEventListener("abort", end);
      if (!lockName || signal.aborted) return begin();
      ask();
      stopTimer = platform.startTimer(() => {
        // A page in Chromium's back/forward cache gives the lock up only to a new request.
        ask();
        stopTimer = platform.startTimer(begin, patienceMs / 2);
      }, patienceMs / 2);
    });
  }

  return (work) => {
    const done = last
      .then(acquire)
      .then(async (turn) => {
        try {
          assertAlive(signal);
          return await work(turn);
        } finally {
          turn.end();
        }
      })
      .catch((thrown: unknown) => {
        throw toAuthError(thrown);
      });
    last = done.catch(() => {});
    return done;
  };
}
