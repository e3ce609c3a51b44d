import { msSince } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import { freshnessOf } from "../token/accessToken.js";

/** Refreshes the token ahead of its end, even if no request is made. */
export interface BackgroundRefresh {
  /** Waits until the present token has to be refreshed. */
  arm(): void;
  stop(): void;
}

/** What that depends on. */
export interface BackgroundDependencies {
  readonly session: Session;
  readonly platform: Platform;
  /** `false`: it does nothing. */
  readonly inBackground: boolean;
}

export function createBackgroundRefresh(
  { session, platform, inBackground }: BackgroundDependencies,
  refresh: () => Promise<void>,
): BackgroundRefresh {
  let stopTimer = () => {};

  /** A hint at most: the timer may come early (a long one) or late (sleep), so it looks again. */
  function arm(): void {
    stopTimer();
    const token = session.currentToken();
    if (!inBackground || !token?.expiry) return;
    if (freshnessOf(token, platform) === "fresh") {
      const waitMs = token.expiry.refreshAfterMs - msSince(token.sentAt, platform);
      stopTimer = platform.startTimer(arm, waitMs);
    } else {
      refresh().catch(() => {});
    }
  }

  return { arm, stop: () => stopTimer() };
}
