import type { Platform } from "./platform.js";

const firstMs = 10_000;
const longestMs = 300_000;

/**
 * Notices refreshes that help nobody: a 401 that means "forbidden", or a deactivated user whose
 * refresh still answers 200. After one, no 401 starts another for 10 s, doubling to 5 min.
 */
export interface VainRefreshes {
  /** `true` while a 401 must not start a refresh. */
  block(): boolean;
  /** Tells what a replay sent with the token of this receipt was answered. */
  replayed(receipt: number, unauthorized: boolean): void;
  /** A replay succeeded, somebody signed in, or a token came from elsewhere: 401s count again. */
  reset(): void;
}

export function createVainRefreshes(platform: Platform): VainRefreshes {
  let nextMs = firstMs;
  let blockedUntil = -Infinity;
  let judged = -1; // the latest receipt whose replays have spoken

  function reset(): void {
    nextMs = firstMs;
    blockedUntil = -Infinity;
  }

  return {
    block: () => platform.monotonicNow() < blockedUntil,
    replayed(receipt, unauthorized) {
      if (!unauthorized) {
        judged = receipt;
        reset();
      } else if (receipt > judged) {
        // Once per receipt: fifty replays of one refresh are one vain refresh.
        judged = receipt;
        blockedUntil = platform.monotonicNow() + nextMs;
        nextMs = Math.min(longestMs, nextMs * 2);
      }
    },
    reset,
  };
}
