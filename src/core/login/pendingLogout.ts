import { createBackoff } from "../authServer/backoff.js";
import type { Instant } from "../platform/clock.js";
import type { SessionRecord } from "../tabs/sessionRecord.js";
import { expiryOf, type TimedToken } from "../token/accessToken.js";
import type { TokenSet } from "../token/tokenSet.js";
import type { AuthEvent } from "../vocabulary/events.js";
import { tellServer, type TellingDependencies, type UntoldLogout } from "./tellServer.js";

/**
 * A logout that the server has not heard of yet: a record that all tabs see. The tab that signed out
 * tells the server, again after each backoff, and the others leave it to that one as long as it lives.
 */
export interface PendingLogout {
  /** Someone signed out. The record stands before anything else, so that no reload signs back in. */
  begin(token: TimedToken | undefined): void;
  /** Tells the server. Resolves with whether any tab has told it; never rejects. */
  tell(): Promise<boolean>;
  /** Tells the server of a logout of which another tab, or this page before a reload, did not. */
  resume(): void;
  /** Resolves when the latest attempt to tell the server is over. */
  attempt(): Promise<unknown>;
  /** The cookie that came with this token has to go, too. */
  takeBack(tokenSet: TokenSet, sentAt: Instant): void;
  /** No logout is pending any more. */
  settle(): void;
  dispose(): void;
}

/** What a pending logout depends on. */
export interface PendingLogoutDependencies extends TellingDependencies {
  emit(event: AuthEvent): void;
}

/** How long a logout is left to the tab that tells the server, which may have died. */
const tellingMs = 10_000;

export function createPendingLogout(dependencies: PendingLogoutDependencies): PendingLogout {
  const { tabs, platform, options, emit } = dependencies;
  const backoff = createBackoff(platform, emit);
  let token: TimedToken | undefined;
  let attempt: Promise<boolean> = Promise.resolve(false);

  const untold: UntoldLogout = {
    id() {
      const { record } = tabs.current();
      return record?.status === "logout-pending" ? record.sessionId : undefined;
    },
    token: () => token,
    keepToken({ token: value, lifetimeSeconds }, sentAt) {
      token = { value, sentAt, expiry: expiryOf(lifetimeSeconds) };
    },
    settle(status) {
      backoff.clear();
      token = undefined;
      if (untold.id()) tabs.publishStatus(status);
    },
    retryLater(result) {
      const { retryAt = 0 } = backoff.start(result);
      tabs.publishStatus("logout-pending", retryAt - platform.now());
      const { record } = tabs.current();
      backoff.onEnd(() => resume(record));
    },
  };

  /** @param seen - leaves it to another tab if that has set out to do it since. */
  function resume(seen = tabs.current().record): void {
    if (options.logout !== false && untold.id() && tabs.current().record === seen) takeOver();
  }

  /** This tab tells the server from here on. */
  function takeOver(): void {
    tabs.publishStatus("logout-pending");
    void tell();
  }

  const tell = () => (attempt = tellServer(untold, dependencies).catch(() => false));

  const stopWatch = watchTellingTab(dependencies, resume);

  return {
    begin(ended = token) {
      token = ended;
      tabs.publishLogout();
      backoff.clear();
    },
    tell,
    resume: () => resume(),
    attempt: () => attempt,
    takeBack(tokenSet, sentAt) {
      // Without a lock its cookie may have come after the logout, for the next reload to find.
      if (tabs.current().record?.status === "signed-in") return;
      untold.keepToken(tokenSet, sentAt);
      takeOver();
    },
    settle: () => untold.settle("signed-out"),
    dispose() {
      stopWatch();
      backoff.clear();
    },
  };
}

/** Another tab tells the server. If that one dies, one of the others does: not all of them at once. */
function watchTellingTab(
  { tabs, platform }: PendingLogoutDependencies,
  resume: (record: SessionRecord) => void,
): () => void {
  let stopTimer = () => {};
  tabs.onRecord(({ record, isOwn }) => {
    stopTimer();
    if (isOwn || record.status !== "logout-pending") return;
    const aliveMs = tellingMs * (1 + platform.random() / 2);
    stopTimer = platform.startTimer(() => resume(record), (record.retryInMs ?? 0) + aliveMs);
  });
  return () => stopTimer();
}
