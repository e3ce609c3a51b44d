import { AuthError } from "./errors.js";
import type { AuthEvent } from "./events.js";
import type { Platform } from "./platform.js";
import type { Generation, Pass, Session } from "./session.js";

/**
 * Notices refreshes that help nobody: a 401 that means "forbidden", or a deactivated user whose
 * refresh still answers 200. After one, no 401 of the session starts another for 10 s, doubling to
 * 5 min; the state's `error` and an event say so.
 */
export interface VainRefreshes {
  /** `true` while a 401 must not start a refresh. */
  block(): boolean;
  /** A replay was answered; `isVain`: as the request was. */
  replayed(pass: Pass, status: number, isVain: boolean): void;
  /** A request was answered without a refresh: once the time is over, the error goes. */
  answered(): void;
  /**
   * Somebody signed in, or a token came from elsewhere: 401s count again. Tabs that hand each other
   * the tokens of refreshes in vain get one try each out of that, and no more.
   */
  reset(receipt?: number, isAdopted?: boolean): void;
}

const firstMs = 10_000;
const longestMs = 300_000;

export function createVainRefreshes(
  session: Pick<Session, "getState" | "generation" | "pass" | "fail">,
  platform: Platform,
  emit: (event: AuthEvent) => void,
): VainRefreshes {
  let blocked: Generation | undefined;
  let blockedUntil = 0;
  let inARow = 0;
  /** The latest receipt whose replays have spoken. */
  let judged = 0;
  let error: AuthError | undefined;

  function block(): boolean {
    const isBlocked = session.generation() === blocked && platform.monotonicNow() < blockedUntil;
    // A refresh for another reason may have succeeded meanwhile.
    if (isBlocked && error && !session.getState().error) session.fail(error);
    return isBlocked;
  }

  function clear(): void {
    if (error && session.getState().error === error) session.fail(null);
    error = undefined;
  }

  function begin(status: number): void {
    if (blocked !== session.generation()) inARow = 0;
    const waitMs = Math.min(longestMs, firstMs * 2 ** inARow++);
    blocked = session.generation();
    blockedUntil = platform.monotonicNow() + waitMs;
    const retryAt = platform.now() + waitMs;
    error = new AuthError("unavailable", { status, retryAt });
    session.fail(error);
    emit({ type: "paused", until: retryAt, code: "unavailable", status });
  }

  function reset(receipt = 0, isAdopted = false): void {
    // No refresh of ours brought this token, so its replays judge none.
    judged = Math.max(judged, receipt);
    if (isAdopted && inARow > 1) return;
    if (!isAdopted) inARow = 0;
    blockedUntil = 0;
    clear();
  }

  return {
    block,
    replayed({ generation, receipt }, status, isVain) {
      // Nothing of an ended session tells about this one.
      if (generation !== session.generation()) return;
      const isNews = receipt > judged;
      judged = Math.max(judged, receipt);
      if (!isVain) reset();
      // Once per receipt: fifty replays of one refresh are one vain refresh.
      else if (isNews && session.pass()?.receipt === receipt) begin(status);
    },
    answered: () => void (error && !block() && clear()),
    reset,
  };
}
