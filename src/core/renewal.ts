import { ageMs, instant, type Instant } from "./accessToken.js";
import type { Outcome } from "./authServer.js";
import { AuthError, sessionEnded } from "./errors.js";
import type { AuthEvent, RefreshCause } from "./events.js";
import { createPause, retryAfterMs } from "./pause.js";
import type { Platform } from "./platform.js";
import type { Session, User } from "./session.js";
import { createVainRefreshes, type VainRefreshes } from "./vainRefreshes.js";

/** Many callers, one refresh, one time limit. */
export interface Renewal {
  /**
   * Gets a new token, joining the refresh under way. Rejects with an {@link AuthError}: `refused`
   * (the session is over), `unavailable`, `timeout`, `misconfigured` (it stays), `session_ended`.
   */
  renew(cause: RefreshCause): Promise<void>;
  /** Renews in the background; whatever becomes of it, the next request finds out. */
  renewAhead(): void;
  /** The error of the pause after a failed refresh, while it lasts. */
  pausedBy(): AuthError | undefined;
  /** Calls back once when the pause is over. Returns its unsubscribe. */
  onPauseEnd(listener: () => void): () => void;
  /** Someone signed in: earlier failures and answers still on the wire no longer count. */
  startAnew(): void;
  readonly vain: VainRefreshes;
  dispose(): void;
}

export interface RenewalDependencies {
  session: Session;
  platform: Platform;
  emit: (event: AuthEvent) => void;
  /** Calls the refresh endpoint. */
  callRefresh: () => Promise<Outcome<User>>;
  /** Runs one call to the auth server after the other. */
  inOrder: <Result>(call: () => Promise<Result>) => Promise<Result>;
  timeoutMs: number;
  /** Renews at the soft margin even if no request is made. */
  inBackground: boolean;
}

export function createRenewal(dependencies: RenewalDependencies): Renewal {
  const { session, platform, emit, callRefresh, inOrder, timeoutMs, inBackground } = dependencies;
  const pause = createPause(platform);
  const vain = createVainRefreshes(platform);
  let flight: { readonly generation: number; readonly done: Promise<void> } | undefined;
  let stopTimer = () => {};
  let calls = 0;
  /** The latest call that brought a token: what was sent before it has nothing more to say. */
  let lastSuccess = 0;

  function renew(cause: RefreshCause): Promise<void> {
    const generation = session.generation();
    if (flight?.generation === generation.id) return flight.done;
    const paused = pause.error();
    if (paused && cause !== "restore") return Promise.reject(paused);

    const done = new Promise<void>((resolve, reject) => {
      // The waiters of an ended session learn it now, not when the server answers.
      const breakOff = () => reject(sessionEnded());
      generation.ongoing.add(breakOff);
      void inOrder(() => callInTime(cause, generation.id)).then((error) => {
        generation.ongoing.delete(breakOff);
        if (flight?.generation === generation.id) flight = undefined;
        if (error) reject(error);
        else resolve();
      });
    });
    // A refresh in the background has no one to catch its failure.
    done.catch(() => {});
    flight = { generation: generation.id, done };
    return done;
  }

  /** Calls the server once. Resolves when it has answered or its time is up. */
  function callInTime(cause: RefreshCause, generation: number): Promise<AuthError | undefined> {
    if (session.generation().id !== generation) return Promise.resolve(sessionEnded());
    const call = ++calls;
    const sentAt = instant(platform);
    emit({ type: "refresh-sent", cause });
    function conclude(outcome: Outcome<User>): AuthError | undefined {
      const status = outcome.answer?.status;
      emit({
        type: "refresh-answered",
        cause,
        verdict: outcome.timedOut ? "timeout" : outcome.verdict,
        durationMs: platform.monotonicNow() - sentAt.monotonic,
        ...(status !== undefined && { status }),
      });
      if (session.generation().id !== generation) return sessionEnded();
      return apply(outcome, call, sentAt);
    }
    return new Promise((resolve) => {
      let isLate = false;
      const stopTimer = platform.startTimer(() => {
        isLate = true;
        resolve(conclude({ verdict: "unavailable", timedOut: true }));
      }, timeoutMs);
      void callRefresh().then((outcome) => {
        stopTimer();
        if (!isLate) resolve(conclude(outcome));
        // A late token is welcome; a late refusal counts unless a younger call is about to speak.
        else if (call < lastSuccess) return;
        else if (outcome.verdict === "success" || (outcome.verdict === "refused" && !flight)) {
          conclude(outcome);
        }
      });
    });
  }

  function apply(outcome: Outcome<User>, call: number, sentAt: Instant): AuthError | undefined {
    if (outcome.verdict === "success" && outcome.grant) {
      lastSuccess = call;
      pause.clear();
      session.receive(outcome.grant, sentAt);
      if (inBackground) armTimer();
      return undefined;
    }
    const error = errorOf(outcome);
    if (outcome.verdict === "refused") {
      pause.clear();
      session.refuse(error);
      return error;
    }
    const paused = pause.begin(
      {
        retryAfterMs: outcome.answer && retryAfterMs(outcome.answer.headers, platform.now()),
        endsOnWake: outcome.answer === undefined,
      },
      (retryAt) => errorOf(outcome, retryAt),
    );
    emit({
      type: "paused",
      until: paused.retryAt ?? 0,
      code: paused.code,
      ...(paused.status !== undefined && { status: paused.status }),
    });
    session.fail(paused);
    if (inBackground) pause.onEnd(armTimer);
    return paused;
  }

  function renewAhead(): void {
    if (!pause.error()) void renew("ahead");
  }

  /** A hint at most: the timer may come early (a long one) or late (sleep), so it looks again. */
  function armTimer(): void {
    stopTimer();
    const pass = session.pass();
    if (!pass?.expiry) return;
    if (session.freshness(pass) !== "fresh") return renewAhead();
    stopTimer = platform.startTimer(armTimer, pass.expiry.softMs - ageMs(pass.expiry, platform));
  }

  return {
    renew,
    renewAhead,
    pausedBy: () => pause.error(),
    onPauseEnd: (listener) => pause.onEnd(listener),
    startAnew() {
      lastSuccess = ++calls;
      pause.clear();
      vain.reset();
      if (inBackground) armTimer();
    },
    vain,
    dispose() {
      stopTimer();
      pause.clear();
    },
  };
}

function errorOf(outcome: Outcome<User>, retryAt?: number): AuthError {
  const details = { status: outcome.answer?.status, retryAt, cause: outcome.cause };
  if (outcome.timedOut) {
    return new AuthError("timeout", "The refresh was not answered in time.", details);
  }
  const answered = details.status === undefined ? "" : ` (it answered ${details.status})`;
  switch (outcome.verdict) {
    case "refused":
      return new AuthError(
        "refused",
        `The server refused to refresh the session${answered}.`,
        details,
      );
    case "misconfigured":
      return new AuthError(
        "misconfigured",
        outcome.cause === undefined
          ? `The refresh endpoint is not where the options say${answered}. Check \`baseURL\` and \`refresh\`.`
          : "`readSession` threw. See `cause`.",
        details,
      );
    default:
      return new AuthError(
        "unavailable",
        `The session could not be refreshed now${answered}; it stays and is tried again.`,
        details,
      );
  }
}
