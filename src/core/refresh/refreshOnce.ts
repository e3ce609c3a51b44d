import type { AuthServer } from "../authServer/authServer.js";
import { errorOf, type AuthResult } from "../authServer/authResult.js";
import type { Backoff } from "../authServer/backoff.js";
import type { Instant } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import type { SessionScope } from "../session/sessionScope.js";
import type { CrossTabLock, WithLock } from "../tabs/crossTabLock.js";
import type { SessionRecord } from "../tabs/sessionRecord.js";
import type { Tabs } from "../tabs/tabs.js";
import { AuthError } from "../vocabulary/errors.js";
import type { AuthEvent, RefreshCause } from "../vocabulary/events.js";

/** A refresh, as it was asked for. */
export interface Attempt {
  readonly cause: RefreshCause;
  /** The session it is for. */
  readonly scope: SessionScope;
  /** Of the token that is refreshed. */
  readonly tokenVersion: number | undefined;
  /** Another tab was asked for its token. */
  readonly asked: Promise<void> | undefined;
}

/** What a refresh depends on. */
export interface RefreshDependencies {
  readonly session: Session;
  readonly tabs: Tabs;
  readonly authServer: AuthServer;
  readonly withLock: WithLock;
  readonly backoff: Backoff;
  readonly platform: Platform;
  /** The refresh is sent with the token it renews: without one it is not sent. */
  readonly needsToken: boolean;
  /** A refresh is under way. */
  isRefreshing(): boolean;
  /** The refresh brought a token. */
  onToken(): void;
  emit(event: AuthEvent): void;
}

/**
 * Refreshes under the lock of all tabs, and acts on the result outside of it.
 *
 * @returns `again` if the answer was about a session that was, or was lost: another call has to be sent.
 * @throws {@link AuthError} `refused`, `unavailable`, `timeout`, `misconfigured`.
 */
export async function refreshOnce(
  attempt: Attempt,
  dependencies: RefreshDependencies,
): Promise<"done" | "again"> {
  const { findNews, publish } = createSteps(attempt, dependencies);
  const apply = await dependencies.withLock(async (lock) => {
    const look = () => findNews(lock);
    const news = await lock.check(look);
    if (news) return news;
    const { sentAt, result, lateResult } = dependencies.authServer.call({
      purpose: "refresh",
      isStillNeeded: async () => !(await lock.recheck(look)),
    });
    const answer = await result;
    // Whoever waited has an error by then: a late answer is for the session alone.
    if (answer.kind === "timeout") {
      lateResult.then(async (late) => (await publish(late, sentAt, lock, true))()).catch(() => {});
    }
    return publish(answer, sentAt, lock);
  });
  return apply();
}

/** What is left to do once the lock is released: user code runs here. */
type Apply = () => "done" | "again";

/** The steps of a refresh before and after the call. */
function createSteps(
  { cause, scope, tokenVersion, asked }: Attempt,
  dependencies: RefreshDependencies,
) {
  const { session, tabs, backoff, platform, emit } = dependencies;
  let recordWhenSent: SessionRecord | undefined;

  /** Someone has signed in or out since, or a token has come in another way. */
  function isSuperseded(): boolean {
    const present = tabs.current();
    return present.scope !== scope || present.token?.tokenVersion !== tokenVersion;
  }

  return {
    /** Under the lock: what makes the refresh needless, if anything does. Else says that it is sent. */
    async findNews(lock: CrossTabLock): Promise<Apply | undefined> {
      await asked;
      if (lock.wasContended && !isSuperseded()) await tabs.awaitToken();
      if (isSuperseded()) return () => "done";
      const lacksToken = dependencies.needsToken && tokenVersion === undefined;
      if (lacksToken) return () => refuse(session, new AuthError("refused"));
      // The lock has to be got again first.
      if (lock.isLost) return undefined;
      recordWhenSent = tabs.current().record;
      tabs.announceRefresh();
      emit({ type: "refresh-sent", cause });
      return undefined;
    },

    /** Under the lock: tells the other tabs of the answer, if it is about the present session. */
    async publish(
      result: AuthResult,
      sentAt: Instant,
      lock: CrossTabLock,
      isLate = false,
    ): Promise<Apply> {
      const { kind: verdict, tokenSet, answer } = result;
      const durationMs = platform.monotonicNow() - sentAt.monotonic;
      const isRefused = verdict === "refused";
      // Without a lock, a sibling may have got the token that the server does not give twice: servers
      // refuse that, or answer 409.
      if (answer && !tokenSet && !isSuperseded()) await tabs.awaitAnnouncedToken();
      const { token, record, scope: present } = tabs.current();
      const isOld = !!token && token.sentAt.monotonic > sentAt.monotonic;
      const isYoungerUnderWay = isLate && dependencies.isRefreshing();
      const isOverruled = tokenSet ? isOld : isSuperseded() || isYoungerUnderWay;
      const isOutdated = record !== recordWhenSent;
      const counts = present === scope && !isOverruled && !isOutdated;
      const isSamePerson = counts && !!tokenSet && tabs.publishToken(tokenSet, sentAt);
      if (counts && isRefused && record?.status === "signed-in") tabs.publishStatus("refused");

      return () => {
        if (isLate && !(counts && (tokenSet || isRefused))) return "done";
        emit({ type: "refresh-answered", cause, verdict, status: answer?.status, durationMs });
        // Who listens may have signed out.
        if (!counts || session.scope() !== scope) {
          return isOutdated && !isSuperseded() ? "again" : "done";
        }
        // WebKit loses the answer of a page that it puts into the back/forward cache.
        if (verdict === "timeout" && lock.isLost) return "again";
        if (result.kind !== "success" && !isRefused) throw backoff.start(result);
        backoff.clear();
        if (result.kind !== "success") return refuse(session, errorOf(result));
        if (tokenSet) session.receiveToken({ tokenSet, sentAt, isSamePerson });
        dependencies.onToken();
        return "done";
      };
    },
  };
}

function refuse(session: Session, error: AuthError): never {
  session.refuse(error);
  throw error;
}
