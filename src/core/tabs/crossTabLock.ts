import { assertAlive } from "../platform/abort.js";
import type { HeldLock, Platform } from "../platform/platform.js";
import { toAuthError } from "../vocabulary/errors.js";
import type { TabsSettings } from "./tabs.js";

/** The lock of all tabs of the app, while a piece of work runs under it. */
export interface CrossTabLock {
  /** Another tab held it just before, and may have news. */
  readonly wasContended: boolean;
  /** The page was put away, and the lock taken from it: another tab may have held it since. */
  readonly isLost: boolean;
  /** Asked before sending: gets a lost lock again, and looks for news. `false` if news make the call needless. */
  isStillNeeded(): Promise<boolean>;
}

/**
 * Runs one piece of work after the other, in all tabs of the app. Rejects with the `AuthError` that
 * the work throws; `misconfigured` for what nobody expected; `disposed`.
 *
 * @param look - looks for news that make the work needless, and are its result then. Looks again if
 * the lock was lost meanwhile.
 */
export type WithLock = <Result>(
  look: (lock: CrossTabLock) => Result | undefined | Promise<Result | undefined>,
  work: (lock: CrossTabLock) => Promise<Result>,
) => Promise<Result>;

/** The dependencies of the lock. */
export interface LockDependencies {
  readonly platform: Platform;
  /** Of the app. */
  readonly key: string;
  readonly options: { readonly tabs: TabsSettings; readonly refreshTimeoutMs: number };
  /** Releases the lock, and ends the wait for it. */
  readonly signal: AbortSignal;
}

/**
 * The wait for the lock is limited. After it, or where there are no locks, the work runs without the
 * lock and relies on the server's grace window. A held lock is never stolen.
 */
export function createCrossTabLock(dependencies: LockDependencies): WithLock {
  const { signal } = dependencies;
  let last: Promise<unknown> = Promise.resolve();

  const runAlone: WithLock = async (look, work) => {
    const lock = {
      wasContended: false,
      isLost: false,
      isStillNeeded: async () => !lock.isLost || (await lookUnderLock()) === undefined,
    };
    let releasing = acquire(lock, dependencies);

    async function lookUnderLock(): Promise<Awaited<ReturnType<typeof look>>> {
      // Concurrent callers share one new acquisition.
      releasing = releasing.then((release) => {
        if (!lock.isLost) return release;
        release();
        return acquire(lock, dependencies);
      });
      await releasing;
      assertAlive(signal);
      const news = await look(lock);
      assertAlive(signal);
      return news === undefined && lock.isLost ? lookUnderLock() : news;
    }

    try {
      return (await lookUnderLock()) ?? (await work(lock));
    } catch (thrown) {
      throw toAuthError(thrown);
    } finally {
      releasing.then((release) => release()).catch(() => {});
    }
  };

  return function withLock(look, work) {
    const done = last.then(() => runAlone(look, work));
    last = done.catch(() => {});
    return done;
  };
}

/**
 * Gets the lock, or goes on without it when the patience is over.
 *
 * @param lock - told of how it was got, and that it was lost.
 * @returns what releases it.
 */
function acquire(
  lock: { wasContended: boolean; isLost: boolean },
  { platform, key, options, signal }: LockDependencies,
): Promise<() => void> {
  const { isTalking } = options.tabs;
  // By then the call of the tab that holds the lock is over.
  const patienceMs = options.refreshTimeoutMs + 2000;
  return new Promise((resolve) => {
    let asking = new AbortController();
    let held: HeldLock | undefined;
    let hasBegun = false;
    let stopTimer = () => {};

    function begin(given?: HeldLock): void {
      if (hasBegun) return given?.release();
      hasBegun = true;
      held = given;
      asking.abort();
      stopTimer();
      stopWake();
      lock.wasContended = !!given?.wasContended;
      lock.isLost = false;
      resolve(end);
    }

    function ask(): void {
      platform.requestLock(key, asking.signal).then(begin, () => {});
    }

    /** A page that is left must neither hold the lock nor be given it. */
    function leave(): void {
      if (hasBegun) lock.isLost = true;
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
    if (!isTalking || signal.aborted) return begin();
    ask();
    stopTimer = platform.startTimer(() => {
      // A page in Chromium's back/forward cache gives the lock up only to a new request.
      ask();
      wait(patienceMs / 2);
    }, patienceMs / 2);
  });
}
