import { errorOf } from "../authServer/authResult.js";
import type { AuthServer, TimedResult } from "../authServer/authServer.js";
import { createBackoff, type Backoff } from "../authServer/backoff.js";
import { sendsToken, type EndpointOptions } from "../authServer/endpoints.js";
import { msSince } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import type { CrossTabLock, WithLock } from "../tabs/crossTabLock.js";
import type { Tabs } from "../tabs/tabs.js";
import { freshnessOf } from "../token/accessToken.js";
import { AuthError, toAuthError } from "../vocabulary/errors.js";
import type { EventDetails, RefreshCause } from "../vocabulary/events.js";
import { createFlight, type Attempt, type Flight } from "./flight.js";
import { createRefreshBreaker, type RefreshBreaker } from "./refreshBreaker.js";

/** The options that the refresh reads. */
export interface RefreshOptions {
  /**
   * How long before its end a token is refreshed in the background, in seconds: at most half the
   * lifetime, `0` for no sooner than it must; the smaller of 60 s and 20 % of the lifetime if omitted.
   * With `background: true` a timer refreshes it even if no request is made.
   */
  refreshAhead?: number | { seconds?: number; background?: boolean };
}

/** Many callers, one refresh. */
export interface Refresher {
  /**
   * Gets a new token, joining the refresh under way. Rejects with an {@link AuthError}: `refused`
   * (the session is over), `unavailable`, `timeout`, `misconfigured` (it stays), `session_ended`.
   */
  refresh(cause: RefreshCause): Promise<void>;
  /** Resolves when the refresh under way, if there is one, is over. */
  idle(): Promise<void>;
  /** After a failed refresh: until when nobody tries again. */
  readonly backoff: Backoff;
  /** After refreshes that did not help: which 401s start no other. */
  readonly breaker: RefreshBreaker;
  /**
   * A token came in another way: earlier failures no longer count, and nobody waits for a refresh.
   *
   * @param isShared - by another tab, and not by a login.
   */
  tokenReceived(isShared?: boolean): void;
  dispose(): void;
}

/** The dependencies of the refresh. */
export interface RefresherDependencies {
  readonly session: Session;
  readonly tabs: Tabs;
  readonly authServer: AuthServer;
  readonly withLock: WithLock;
  readonly platform: Platform;
  readonly options: EndpointOptions & {
    /** Refreshes the token before it expires even if no request is made. */
    readonly inBackground: boolean;
  };
  emit(event: EventDetails): void;
}

/** The work that is left once the lock is released: user code runs here. `again`: another call has to be sent. */
type Apply = () => "done" | "again";

// oxlint-disable-next-line max-lines-per-function -- The functions of a factory share its variables. None is over 60 lines.
export function createRefresher(dependencies: RefresherDependencies): Refresher {
  const { session, tabs, authServer, withLock, platform, options, emit } = dependencies;
  const backoff = createBackoff(platform, emit);
  const breaker = createRefreshBreaker(session, platform, emit);
  let inFlight: Flight | undefined;
  let stopTimer = () => {};

  function refresh(cause: RefreshCause): Promise<void> {
    const { scope, token } = tabs.catchUp();
    if (inFlight?.scope === scope) return inFlight.promise;
    const paused = backoff.error();
    if (paused && cause !== "restore") return Promise.reject(paused);
    // Without a token, one of another tab may arrive while the lock is waited for.
    const asked = token ? undefined : tabs.askForToken();
    const flight = createFlight({ cause, scope, tokenVersion: token?.tokenVersion, asked }, () => {
      if (inFlight === flight) inFlight = undefined;
    });
    inFlight = flight;
    void refreshUntilDone(flight);
    return flight.promise;
  }

  async function refreshUntilDone(flight: Flight): Promise<void> {
    const { scope, end } = flight;
    try {
      while ((await refreshOnce(flight)) === "again");
      const { endedBy } = scope;
      end(endedBy && new AuthError(endedBy === "refused" ? "refused" : "session_ended"));
    } catch (thrown) {
      const error = toAuthError(thrown);
      if (error.retryAt && (options.inBackground || causeToRetry()))
        void backoff.over().then(retry);
      if (session.scope() === scope) session.fail(error);
      end(error);
    }
  }

  /** Refreshes under the lock of all tabs, and acts on the result outside of it. */
  async function refreshOnce(flight: Flight): Promise<"done" | "again"> {
    // A late answer is compared with the record that its own call was sent under.
    const attempt: Attempt = { ...flight };
    const apply = await withLock<Apply>(
      (lock) => lookOrAnnounce(attempt, lock),
      async (lock) => {
        const result = await authServer.call({
          purpose: "refresh",
          isStillNeeded: lock.isStillNeeded,
          // The callers have got `timeout` by then: a late answer changes the session only.
          applyLate: async (late) => (await publish(attempt, lock, late, true))(),
        });
        return publish(attempt, lock, result);
      },
    );
    return apply();
  }

  /** Someone has signed in or out since, or a token has come in another way. */
  function isSuperseded({ scope, tokenVersion }: Attempt): boolean {
    const present = tabs.catchUp();
    return present.scope !== scope || present.token?.tokenVersion !== tokenVersion;
  }

  /** Under the lock: finds a reason to send nothing. If there is none, announces the refresh. */
  async function lookOrAnnounce(attempt: Attempt, lock: CrossTabLock): Promise<Apply | undefined> {
    await attempt.asked;
    if (lock.wasContended && !isSuperseded(attempt)) await tabs.awaitToken();
    if (isSuperseded(attempt)) return () => "done";
    // The endpoint wants the old token, and there is none.
    const lacksToken = sendsToken(options, "refresh") && attempt.tokenVersion === undefined;
    if (lacksToken) return () => refuse(new AuthError("refused"));
    // The lock has to be got again first.
    if (lock.isLost) return undefined;
    attempt.recordWhenSent = tabs.catchUp().record;
    tabs.announceRefresh();
    emit({ type: "refresh-sent", cause: attempt.cause });
    return undefined;
  }

  /** Under the lock: tells the other tabs of the answer, if it is about the present session. */
  async function publish(
    attempt: Attempt,
    lock: CrossTabLock,
    result: TimedResult,
    isLate = false,
  ): Promise<Apply> {
    const { kind: verdict, tokenSet, answer, sentAt } = result;
    const durationMs = platform.monotonicNow() - sentAt.monotonic;
    const isRefused = verdict === "refused";
    // Without a lock, another tab may hold the next token already. The server then refuses this call,
    // or answers 409.
    if (answer && !tokenSet && !isSuperseded(attempt)) {
      await tabs.awaitAnnouncedToken(answer.status === 409);
    }
    const { token, record, scope } = tabs.catchUp();
    const hasNewerToken = !!token && token.sentAt.monotonic > sentAt.monotonic;
    const isAnswerMoot = tokenSet ? hasNewerToken : isSuperseded(attempt) || (isLate && !!inFlight);
    const hasRecordChanged = record !== attempt.recordWhenSent;
    const isApplied = scope === attempt.scope && !isAnswerMoot && !hasRecordChanged;
    const isSamePerson = isApplied && !!tokenSet && tabs.publishToken(tokenSet, sentAt);
    if (isApplied && isRefused && record?.status === "signed-in") tabs.publishStatus("refused");

    const applyResult: Apply = () => {
      if (isLate && !(isApplied && (tokenSet || isRefused))) return "done";
      const { cause } = attempt;
      emit({ type: "refresh-answered", cause, verdict, status: answer?.status, durationMs });
      // A listener may have signed out.
      if (!isApplied || session.scope() !== scope) {
        return hasRecordChanged && !isSuperseded(attempt) ? "again" : "done";
      }
      // WebKit loses the answer of a page that it puts into the back/forward cache.
      if (verdict === "timeout" && lock.isLost) return "again";
      if (result.kind !== "success" && !isRefused) throw backoff.start(result);
      backoff.clear();
      if (result.kind !== "success") return refuse(errorOf(result));
      if (tokenSet) session.receiveToken({ tokenSet, sentAt, isSamePerson });
      armTimer();
      return "done";
    };
    return applyResult;
  }

  function refuse(error: AuthError): never {
    session.refuse(error);
    throw error;
  }

  /** The timer is a hint: it may fire early (a long one) or late (sleep), so it looks at the token again. */
  function armTimer(): void {
    stopTimer();
    const token = session.currentToken();
    if (!options.inBackground || !token?.expiry) return;
    if (freshnessOf(token, platform) !== "fresh") return refreshUnasked("ahead");
    const waitMs = token.expiry.refreshAfterMs - msSince(token.sentAt, platform);
    stopTimer = platform.startTimer(armTimer, waitMs);
  }

  function tokenReceived(isShared?: boolean): void {
    backoff.clear();
    breaker.reset(isShared);
    inFlight?.end();
    armTimer();
  }

  const refreshUnasked = (cause: RefreshCause) => void refresh(cause).catch(() => {});

  /** A tab in which nobody is signed in sends no request that would try again. */
  function causeToRetry(): RefreshCause | undefined {
    const { isAwaitingToken } = tabs.catchUp();
    const { isLoading, isAuthenticated } = session.getState();
    if (isLoading) return "restore";
    return isAwaitingToken && !isAuthenticated ? "other-tab" : undefined;
  }

  function retry(): void {
    const cause = causeToRetry();
    if (cause) refreshUnasked(cause);
    else armTimer();
  }

  tabs.onSignIn(() => {
    // The server has just signed someone in, so it answers again.
    backoff.clear();
    refreshUnasked("other-tab");
  });
  tabs.onToken((received) => {
    session.receiveToken({ ...received, isSamePerson: true });
    tokenReceived(true);
  });

  return {
    refresh,
    idle: async () => inFlight?.promise.catch(() => {}),
    backoff,
    breaker,
    tokenReceived,
    dispose() {
      stopTimer();
      backoff.dispose();
    },
  };
}
