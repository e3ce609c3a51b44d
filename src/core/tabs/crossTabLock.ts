import { toAuthError } from "../vocabulary/errors.js";
import type { HeldLock, Platform } from "../platform/platform.js";

/** A piece of work has its turn, and the lock with it. */
export interface Turn {
  /** Another tab had its turn just before, and may have news. */
  readonly wasContended: boolean;
  /** The page was put away, and the lock taken from it: another tab may have had its turn since. */
  readonly isLost: boolean;
  /** Ends the turn before the work does, so that user code can run outside of it. */
  end(): void;
}

/**
 * Lets one piece of work run after the other, in all tabs of the app. `work` asks for its turn before it
 * sends anything, as often as it has waited for something: it is given another if it lost the first.
 * Rejects with the `AuthError` that the work throws; `misconfigured` for what nobody expected; `disposed`.
 */
export type InTurn = <Result>(
  work: (ensureHeld: () => Promise<Turn>) => Promise<Result>,
) => Promise<Result>;

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
  /** Ends the present turn, or the wait for it. */
  let endPresent = () => {};
  signal.addEventListener("abort", () => endPresent());

  function acquire(): Promise<Turn> {
    return new Promise((resolve) => {
      let asking = new AbortController();
      let held: HeldLock | undefined;
      let turn: (Turn & { isLost: boolean }) | undefined;
      let stopTimer = () => {};

      function begin(lock?: HeldLock): void {
        if (turn) return lock?.release();
        held = lock;
        asking.abort();
        stopTimer();
        stopWake();
        turn = { wasContended: !!lock?.wasContended, isLost: false, end };
        resolve(turn);
      }

      function ask(): void {
        if (lockName) platform.requestLock(lockName, asking.signal).then(begin, () => {});
      }

      /** A page that is left must neither hold the lock nor be given it. */
      function leave(): void {
        if (turn) turn.isLost = true;
        asking.abort();
        asking = new AbortController();
        held?.release();
      }

      /** A page that slept meanwhile gives the lock, which may be free by now, a moment to arrive. */
      function wait(ms: number): void {
        const lateAt = platform.monotonicNow() + patienceMs;
        stopTimer = platform.startTimer(() => {
          if (platform.monotonicNow() < lateAt) begin();
          else wait(1000);
        }, ms);
      }

      function end(): void {
        begin();
        stopHide();
        held?.release();
      }

      const stopHide = platform.onHide(leave);
      const stopWake = platform.onWake(ask);
      endPresent = end;
      if (!lockName || signal.aborted) return begin();
      ask();
      stopTimer = platform.startTimer(() => {
        // A page in Chromium's back/forward cache gives the lock up only to a new request.
        ask();
        wait(patienceMs / 2);
      }, patienceMs / 2);
    });
  }

  function again(turn: Turn): Turn | Promise<Turn> {
    if (!turn.isLost) return turn;
    turn.end();
    return acquire();
  }

  return (work) => {
    const done = last
      .then(async () => {
        let turn = acquire();
        try {
          return await work(() => (turn = turn.then(again)));
        } finally {
          turn.then(({ end }) => end()).catch(() => {});
        }
      })
      .catch((thrown: unknown) => {
        throw toAuthError(thrown);
      });
    last = done.catch(() => {});
    return done;
  };
}
