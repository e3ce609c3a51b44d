import { assertAlive } from "../platform/abort.js";
import type { HeldLock, Platform } from "../platform/platform.js";
import { toAuthError } from "../vocabulary/errors.js";

/** The lock of all tabs of the app, while a piece of work runs under it. */
export interface CrossTabLock {
  /** Another tab held it just before, and may have news. */
  readonly wasContended: boolean;
  /** The page was put away, and the lock taken from it: another tab may have held it since. */
  readonly isLost: boolean;
  /**
   * Looks for news under the lock. If the lock was lost before or meanwhile, gets it again and looks
   * again. Asked before anything is sent.
   *
   * @returns what `look` found; `undefined` if there is no news.
   */
  check<News>(look: Look<News>): Promise<News | undefined>;
  /** Looks again if the lock was lost since: asked when something was waited for. */
  recheck<News>(look: Look<News>): Promise<News | undefined>;
}

type Look<News> = () => News | undefined | Promise<News | undefined>;

/**
 * Runs one piece of work after the other, in all tabs of the app. Rejects with the `AuthError` that
 * the work throws; `misconfigured` for what nobody expected; `disposed`.
 */
export type WithLock = <Result>(work: (lock: CrossTabLock) => Promise<Result>) => Promise<Result>;

/** What the lock depends on. */
export interface LockDependencies {
  readonly platform: Platform;
  /** `undefined`: only this tab's work waits for each other. */
  readonly lockName: string | undefined;
  /** How long to wait for the lock at most, in milliseconds. */
  readonly patienceMs: number;
  /** Releases the lock, and ends the wait for it. */
  readonly signal: AbortSignal;
}

/**
 * Nobody waits in vain: when the patience is over, or where there are no locks, work goes on as if it
 * had the lock, and the server's grace window has to do. Nobody steals it.
 */
export function createCrossTabLock(dependencies: LockDependencies): WithLock {
  const { signal } = dependencies;
  let last: Promise<unknown> = Promise.resolve();

  async function run<Result>(work: (lock: CrossTabLock) => Promise<Result>): Promise<Result> {
    let holding = acquire(dependencies);
    let hold = await holding;
    const regain = (lost: Hold) => {
      lost.end();
      return acquire(dependencies);
    };
    const lock: CrossTabLock = {
      get wasContended() {
        return hold.wasContended;
      },
      get isLost() {
        return hold.isLost;
      },
      async check(look) {
        // One regains it for all who ask meanwhile.
        holding = holding.then((present) => (present.isLost ? regain(present) : present));
        hold = await holding;
        assertAlive(signal);
        const news = await look();
        assertAlive(signal);
        return news === undefined && hold.isLost ? lock.check(look) : news;
      },
      recheck: async (look) => (hold.isLost ? lock.check(look) : undefined),
    };
    try {
      return await work(lock);
    } finally {
      void holding.then(({ end }) => end());
    }
  }

  return function withLock(work) {
    const done = last
      .then(() => run(work))
      .catch((thrown: unknown) => {
        throw toAuthError(thrown);
      });
    last = done.catch(() => {});
    return done;
  };
}

interface Hold {
  readonly wasContended: boolean;
  isLost: boolean;
  end(): void;
}

/** Gets the lock, or goes on without it when the patience is over. */
function acquire({ platform, lockName, patienceMs, signal }: LockDependencies): Promise<Hold> {
  return new Promise((resolve) => {
    let asking = new AbortController();
    let held: HeldLock | undefined;
    let hold: Hold | undefined;
    let stopTimer = () => {};

    function begin(lock?: HeldLock): void {
      if (hold) return lock?.release();
      held = lock;
      asking.abort();
      stopTimer();
      stopWake();
      hold = { wasContended: !!lock?.wasContended, isLost: false, end };
      resolve(hold);
    }

    function ask(): void {
      if (lockName) platform.requestLock(lockName, asking.signal).then(begin, () => {});
    }

    /** A page that is left must neither hold the lock nor be given it. */
    function leave(): void {
      if (hold) hold.isLost = true;
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
      wait(patienceMs / 2);
    }, patienceMs / 2);
  });
}
