import { msSince } from "../platform/clock.js";
import { errorOf, type CallAuthServer, type Outcome } from "../authServer/authServer.js";
import { AuthError } from "../vocabulary/errors.js";
import type { EventDetails, RefreshCause } from "../vocabulary/events.js";
import { createPause, type Pause } from "../authServer/backoff.js";
import type { Platform } from "../platform/platform.js";
import { createRefreshBreaker, type RefreshBreaker } from "./refreshBreaker.js";
import type { Session } from "../session/session.js";
import type { Stamp } from "../tabs/sessionRecord.js";
import type { Tabs } from "../tabs/tabs.js";
import type { Turn } from "../tabs/crossTabLock.js";

/** Many callers, one refresh. */
export interface Renewal {
  /**
   * Gets a new token, joining the refresh under way. Rejects with an {@link AuthError}: `refused`
   * (the session is over), `unavailable`, `timeout`, `misconfigured` (it stays), `session_ended`.
   */
  renew(cause: RefreshCause): Promise<void>;
  /** After a failed refresh: until when nobody tries again. */
  readonly pause: Pause;
  /** After refreshes that cured nothing: which 401s start no other. */
  readonly breaker: RefreshBreaker;
  /**
   * A token came in another way: earlier failures no longer count, and nobody waits for a refresh.
   *
   * @param isAdopted - from another tab, and not by a login.
   */
  startAnew(isAdopted?: boolean): void;
  dispose(): void;
}

/** The refresh under way. */
interface Flight {
  readonly generation: number;
  readonly done: Promise<void>;
  /** Lets go whoever waits for it. */
  end(error?: unknown): void;
}

/**
 * @param inBackground - renews at the soft margin even if no request is made.
 * @param needsToken - the refresh is sent with the token it renews: without one it is not sent.
 */
export function createRenewal(
  session: Session,
  tabs: Tabs,
  call: CallAuthServer,
  platform: Platform,
  emit: (event: EventDetails) => void,
  inBackground: boolean,
  needsToken: boolean,
): Renewal {
  const pause = createPause(platform, emit);
  const breaker = createRefreshBreaker(session, platform, emit);
  let flight: Flight | undefined;
  let stopTimer = () => {};

  function renew(cause: RefreshCause): Promise<void> {
    tabs.sync();
    const generation = session.generation();
    if (flight?.generation === generation.id) return flight.done;
    const isRestoring = cause === "restore";
    const paused = pause.error();
    if (paused && !isRestoring) return Promise.reject(paused);

    const receipt = session.pass()?.receipt;
    /** While a turn is waited for: someone signed in or out, or another tab handed over a token. */
    const isSettled = () =>
      session.generation() !== generation || session.pass()?.receipt !== receipt;
    const asked = receipt === undefined ? tabs.ask() : undefined;

    let sentUnder: Stamp | undefined;

    async function prepare(turn: Turn): Promise<true | undefined> {
      tabs.sync();
      await asked;
      if (turn.wasContended && !isSettled()) await tabs.awaitToken();
      tabs.sync();
      if (isSettled()) return true;
      if (needsToken && receipt === undefined) throw refused(new AuthError("refused"));
      // It is not sent yet: the turn has to come again.
      if (turn.isLost) return undefined;
      sentUnder = tabs.stamp();
      tabs.announce();
      emit({ type: "refresh-sent", cause });
      return undefined;
    }

    function refused(error: AuthError): AuthError {
      session.refuse(error);
      return error;
    }

    /** `false` if another call has to be sent: the answer is of a session that was, or has been lost. */
    async function obey(outcome: Outcome, turn: Turn, isLate: boolean): Promise<boolean> {
      const { verdict, sentAt, grant, answer } = outcome;
      const durationMs = platform.monotonicNow() - sentAt.monotonic;
      const isRefused = verdict === "refused";
      tabs.sync();
      // Without a lock, a sibling may have got the token that the server does not give twice: servers
      // refuse that, or answer 409.
      if (answer && !grant && !isSettled()) await tabs.awaitAnnounced();
      const current = session.pass();
      const isOld = !!current && current.sentAt.monotonic > sentAt.monotonic;
      // A younger call is about to speak, or a token has come in another way.
      const isOverruled = grant ? isOld : isSettled() || (isLate && !!flight);
      const isOfThePast = tabs.stamp() !== sentUnder;
      const counts = session.generation() === generation && !isOverruled && !isOfThePast;
      let isSame = false;
      if (counts && grant) isSame = tabs.received(grant, sentAt);
      else if (counts && isRefused && tabs.stamp()?.state === "in") tabs.ended("refused");
      turn.end();
      if (isLate && !(counts && (grant || isRefused))) return true;
      emit({ type: "refresh-answered", cause, verdict, status: answer?.status, durationMs });
      // Who listens may have signed out.
      if (!counts || session.generation() !== generation) return isSettled() || !isOfThePast;
      if (grant || isRefused) pause.clear();
      if (grant) {
        session.receive(grant, sentAt, isSame);
        armTimer();
        return true;
      }
      if (isRefused) throw refused(errorOf(outcome));
      // WebKit loses the answer of a page that it puts into the back/forward cache.
      if (turn.isLost && verdict === "timeout") return false;
      const error = pause.begin(outcome);
      if (inBackground) pause.onEnd(armTimer);
      throw error;
    }

    let end: Flight["end"] = () => {};
    const done = new Promise<void>((resolve, reject) => {
      end = (error) => {
        generation.ongoing.delete(breakOff);
        if (flight?.end === end) flight = undefined;
        if (error) reject(error);
        else resolve();
      };
    });
    // The waiters of an ended session learn it now, not when the server answers.
    const breakOff = () => end(new AuthError("session_ended"));
    generation.ongoing.add(breakOff);
    // A refresh in the background has no one to catch its failure.
    done.catch(() => {});
    flight = { generation: generation.id, done, end };
    void send();
    return done;

    async function send(): Promise<void> {
      try {
        if (!(await call({ purpose: "refresh", prepare, obey }))) return send();
        const { endedBy } = generation;
        end(endedBy && new AuthError(endedBy === "refused" ? "refused" : "session_ended"));
      } catch (error) {
        // A call rejects with nothing else.
        if (session.generation() === generation) session.fail(error as AuthError);
        end(error);
      }
    }
  }

  /** A hint at most: the timer may come early (a long one) or late (sleep), so it looks again. */
  function armTimer(): void {
    stopTimer();
    const pass = session.pass();
    if (!inBackground || !pass?.expiry) return;
    if (session.freshness(pass) !== "fresh") renew("ahead").catch(() => {});
    else
      stopTimer = platform.startTimer(
        armTimer,
        pass.expiry.softMs - msSince(pass.sentAt, platform),
      );
  }

  return {
    renew,
    pause,
    breaker,
    startAnew(isAdopted) {
      pause.clear();
      breaker.reset(isAdopted);
      flight?.end();
      armTimer();
    },
    dispose() {
      stopTimer();
      pause.clear();
    },
  };
}
