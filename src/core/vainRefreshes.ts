import type { Platform } from "./platform.js";

/**
 * Notices refreshes that help nobody: a 401 that means "forbidden", or a deactivated user whose
 * refresh still answers 200. After one, no 401 starts another for 10 s, doubling to 5 min.
 */
export interface VainRefreshes {
  /** `true` while a 401 must not start a refresh. */
  block(): boolean;
  /** Tells whether a replay with the token of this receipt was answered 401 again. */
  replayed(receipt: number, isVain: boolean): void;
  /** Somebody signed in, or a token came from elsewhere: 401s count again. */
  reset(receipt?: number): void;
}

export function createVainRefreshes(platform: Platform): VainRefreshes {
  let blockedUntil = -Infinity;
  let inARow = 0;
  /** The latest receipt whose replays have spoken. */
  let judged = 0;

  function reset(receipt = 0): void {
    // No refresh brought this token, so its replays judge none.
    judged = Math.max(judged, receipt);
    inARow = 0;
    blockedUntil = -Infinity;
  }

  return {
    block: () => platform.monotonicNow() < blockedUntil,
    replayed(receipt, isVain) {
      // Once per receipt: fifty replays of one refresh are one vain refresh.
      if (isVain && receipt > judged) {
        blockedUntil = platform.monotonicNow() + Math.min(300_000, 10_000 * 2 ** inARow++);
      } else if (!isVain) {
        reset();
      }
      judged = Math.max(judged, receipt);
    },
    reset,
  };
}
