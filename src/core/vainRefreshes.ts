import { AuthError } from "./errors.js";
import type { AuthEvent } from "./events.js";
import type { Platform } from "./platform.js";
import type { Session } from "./session.js";

/**
 * Notices refreshes that help nobody: a 401 that means "forbidden", or a deactivated user whose
 * refresh still answers 200. After one, no 401 starts another for 10 s, doubling to 5 min; the
 * state's `error` and an event say so.
 */
export interface VainRefreshes {
  /** `true` while a 401 must not start a refresh. */
  block(): boolean;
  /** A replay with the token of this receipt was answered; as before, if it was vain. */
  replayed(receipt: number, status: number, isVain: boolean): void;
  /** Somebody signed in, or a token came from elsewhere: 401s count again. */
  reset(receipt?: number): void;
}

export function createVainRefreshes(
  session: Pick<Session, "getState" | "pass" | "fail">,
  platform: Platform,
  emit: (event: AuthEvent) => void,
): VainRefreshes {
  let blockedUntil = -Infinity;
  let inARow = 0;
  /** The latest receipt whose replays have spoken. */
  let judged = 0;
  let error: AuthError | undefined;

  function reset(receipt = 0): void {
    // No refresh brought this token, so its replays judge none.
    judged = Math.max(judged, receipt);
    inARow = 0;
    blockedUntil = -Infinity;
    if (error && session.getState().error === error) session.fail(null);
    error = undefined;
  }

  function begin(status: number): void {
    const waitMs = Math.min(longestMs, firstMs * 2 ** inARow++);
    blockedUntil = platform.monotonicNow() + waitMs;
    const retryAt = platform.now() + waitMs;
    error = new AuthError("unavailable", { status, retryAt });
    session.fail(error);
    emit({ type: "paused", until: retryAt, code: "unavailable", status });
  }

  return {
    block: () => platform.monotonicNow() < blockedUntil,
    replayed(receipt, status, isVain) {
      const isNews = receipt > judged;
      judged = Math.max(judged, receipt);
      if (!isVain) reset();
      // Once per receipt: fifty replays of one refresh are one vain refresh.
      else if (isNews && session.pass()?.receipt === receipt) begin(status);
    },
    reset,
  };
}

const firstMs = 10_000;
const longestMs = 300_000;
