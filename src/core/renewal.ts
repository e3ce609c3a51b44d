import { msSince } from "./accessToken.js";
import { errorOf, type AuthServer, type Outcome } from "./authServer.js";
import { AuthError } from "./errors.js";
import type { AuthEvent, RefreshCause } from "./events.js";
import { createPause, type Pause } from "./pause.js";
import type { Platform } from "./platform.js";
import type { Session } from "./session.js";
import { createVainRefreshes, type VainRefreshes } from "./vainRefreshes.js";

/** Many callers, one refresh. */
export interface Renewal {
  /**
   * Gets a new token, joining the refresh under way. Rejects with an {@link AuthError}: `refused`
   * (the session is over), `unavailable`, `timeout`, `misconfigured` (it stays), `session_ended`.
   */
  renew(cause: RefreshCause): Promise<void>;
  /** After a failed refresh: until when nobody tries again. */
  readonly pause: Pause;
  /** Refreshes that cured nothing. */
  readonly vain: VainRefreshes;
  /** Someone signed in: earlier failures, and answers still on the wire, no longer count. */
  startAnew(): void;
  dispose(): void;
}

/** @param inBackground - renews at the soft margin even if no request is made. */
export function createRenewal(
  session: Session,
  server: AuthServer,
  platform: Platform,
  emit: (event: AuthEvent) => void,
  inBackground: boolean,
): Renewal {
  const pause = createPause(platform, emit);
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
      const breakOff = () => reject(new AuthError("session_ended"));
      generation.ongoing.add(breakOff);
      const call = ++calls;
      let isSent = false;

      /** Asked when its turn has come: who waited for it may have signed out meanwhile. */
      function isWanted(): boolean {
        isSent = session.generation() === generation;
        if (isSent) emit({ type: "refresh-sent", cause });
        return isSent;
      }

      function obey(outcome: Outcome): AuthError | undefined {
        const { verdict, sentAt, grant } = outcome;
        const durationMs = platform.monotonicNow() - sentAt.monotonic;
        const status = outcome.answer?.status;
        if (isSent) emit({ type: "refresh-answered", cause, verdict, status, durationMs });
        if (session.generation() !== generation) return new AuthError("session_ended");
        if (grant) {
          lastSuccess = call;
          pause.clear();
          session.receive(grant, sentAt);
          armTimer();
          return undefined;
        }
        if (verdict === "refused") {
          const error = errorOf(outcome);
          pause.clear();
          session.refuse(error);
          return error;
        }
        const error = pause.begin(outcome);
        session.fail(error);
        if (inBackground) pause.onEnd(armTimer);
        return error;
      }

      void server
        .call("refresh", { isWanted }, (late) => {
          // A late token is welcome; a late refusal counts unless a younger call is about to speak.
          if (call < lastSuccess) return;
          if (late.grant || (late.verdict === "refused" && !flight)) obey(late);
        })
        .then((outcome) => {
          const error = obey(outcome);
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

  /** A hint at most: the timer may come early (a long one) or late (sleep), so it looks again. */
  function armTimer(): void {
    stopTimer();
    const pass = session.pass();
    if (!inBackground || !pass?.expiry) return;
    if (session.freshness(pass) !== "fresh") void renew("ahead");
    else
      stopTimer = platform.startTimer(
        armTimer,
        pass.expiry.softMs - msSince(pass.sentAt, platform),
      );
  }

  return {
    renew,
    pause,
    vain,
    startAnew() {
      lastSuccess = ++calls;
      pause.clear();
      vain.reset(session.pass()?.receipt);
      armTimer();
    },
    dispose() {
      stopTimer();
      pause.clear();
    },
  };
}
