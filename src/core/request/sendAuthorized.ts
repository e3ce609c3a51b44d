import { tokenChallenge } from "./challenge.js";
import { AuthError, unlessRefused } from "../vocabulary/errors.js";
import { guarded } from "../platform/listeners.js";
import type { EventDetails, RefreshCause } from "../vocabulary/events.js";
import type { Endpoint } from "../refresh/refreshBreaker.js";
import type { Renewal } from "../refresh/refresh.js";
import type { Restoration } from "../refresh/restore.js";
import type { Pass, Session } from "../session/session.js";
import type { Tabs } from "../tabs/tabs.js";

/** A request that may carry the token, as a skin (axios, fetch) describes it. */
export interface AuthorizedRequest<Answer extends Answered> extends Waiting, Endpoint {
  /** Whose code made the request, if that was before: it is sent as nobody else. */
  readonly madeBy?: number;
  /** Sends it once, with the pass if there is one. Rejects if there is no answer. */
  send(pass: Pass | null): Promise<Answer>;
  /** The answer as `refreshOn` may see it. */
  question(answer: Answer): RefreshQuestion;
  /** Frees an answer that nobody will read. */
  discard(answer: Answer): void;
  /** Hands the answer to the caller; `error` says why a 401 could not be cured. */
  conclude(answer: Answer, error?: AuthError): Answer;
}

/** Any answer of axios or `fetch`. */
export interface Answered {
  readonly status: number;
}

/** Someone who waits for a token. */
export interface Waiting {
  /** `false` if it can be sent only once, and so needs the best token there is. */
  readonly isReplayable: boolean;
  /** Waits for the promise, but no longer than the caller does: rejects on abort or deadline. */
  wait<Value>(promise: Promise<Value>): Promise<Value>;
}

/** An answer, as a `refreshOn` function sees it. */
export interface RefreshQuestion {
  status: number;
  headers: Headers;
  url: string;
  /** Parses the body; the caller can still read it. `undefined` if axios was told to stream it. */
  json(): Promise<unknown>;
}

/** Tells whether an answer means that the token is no longer good. */
export type RefreshOn =
  | readonly number[]
  | ((answer: RefreshQuestion) => boolean | Promise<boolean>);

export interface AuthorizedSend {
  /** Sends a request with the token, refreshes on a 401, and replays once. */
  send<Answer extends Answered>(request: AuthorizedRequest<Answer>): Promise<Answer>;
  /** A pass that is good now, a new one if `forced`; `null` if nobody is signed in. */
  passFor(waiting: Waiting, forced?: boolean): Promise<Pass | null>;
}

/** @param emitter - gives nothing while nobody listens. */
export function createAuthorizedSend(
  session: Session,
  renewal: Renewal,
  restoration: Restoration,
  tabs: Pick<Tabs, "sync" | "isBehind">,
  emitter: () => ((event: EventDetails) => void) | undefined,
  refreshOn: RefreshOn = [401],
): AuthorizedSend {
  let requests = 0;

  /** Tells of a request that had an `id` from the start. */
  function note<Answer extends Answered>(
    id: number,
    type: "request-sent" | "request-replayed" | "request-answered",
    request: AuthorizedRequest<Answer>,
    answer?: Answer,
  ): void {
    if (!id) return;
    const { method, path } = request.describe();
    emitter()?.({ type, id, method, path, status: answer?.status });
  }

  async function passFor(waiting: Waiting, forced = false): Promise<Pass | null> {
    tabs.sync();
    // Only now is it known who sits here.
    assertNotEnded(null, session.caller());
    if (session.getState().isLoading) {
      const paused = renewal.pause.error();
      if (paused) throw paused;
      await waiting.wait(restoration.ready());
      // What was asked for during the restoration is as new as it can be.
      forced = false;
    }
    // Someone signed in in another tab: who asks now means that session, unless it is over already, or
    // not to be had here. Then nobody is signed in.
    if (tabs.isBehind()) await waiting.wait(unlessRefused(renewal.renew("other-tab")));
    const pass = session.pass();
    if (!pass) return null;
    const freshness = session.freshness(pass);
    if (forced || freshness === "due") {
      return renewed(forced ? "forced" : "expired", pass, waiting);
    }
    if (!waiting.isReplayable && (freshness === "ageing" || !pass.expiry)) {
      return renewed("ahead", pass, waiting).catch((error: unknown) => {
        // The token there is will do; but a caller who has given up is not sent at all.
        if (error instanceof AuthError && session.pass() === pass) return pass;
        throw error;
      });
    }
    if (freshness === "ageing") renewal.renew("ahead").catch(() => {});
    return pass;
  }

  async function renewed(cause: RefreshCause, pass: Pass, waiting: Waiting): Promise<Pass> {
    await waiting.wait(renewal.renew(cause));
    const current = session.pass();
    // Another user's token must never carry this request.
    if (current?.generation !== pass.generation) throw new AuthError("session_ended");
    return current;
  }

  /**
   * After a logout or a switch no answer may land; after a refusal one on the wire may. And what a
   * former user's code asks for would be sent as whoever sits here now.
   */
  function assertNotEnded(pass: Pass | null, madeBy: number = session.person()): void {
    tabs.sync();
    const endedBy = pass?.generation.endedBy;
    if (madeBy !== session.person() || (endedBy && endedBy !== "refused"))
      throw new AuthError("session_ended");
  }

  /** What no refresh cures: the error that says so, or `null` where the answer does. */
  function incurable<Answer extends Answered>(
    request: AuthorizedRequest<Answer>,
    answer: Answer,
  ): AuthError | null | undefined {
    const challenge = tokenChallenge(request.question(answer).headers.get("www-authenticate"));
    // RFC 6750 §3.1: too little scope. A refresh cannot widen it (RFC 6749 §6).
    if (challenge?.["error"] === "insufficient_scope") return null;
    // RFC 9470 §3: only the person can help, by signing in again more strongly.
    if (challenge?.["error"] !== "insufficient_user_authentication") return undefined;
    const { acr_values } = challenge;
    const seconds = Number(challenge["max_age"]);
    return new AuthError("step_up", {
      status: answer.status,
      acr_values,
      max_age: seconds >= 0 ? seconds : undefined,
    });
  }

  /** After an answer: the pass to replay with; an error, or nothing, if there is none. */
  async function cure<Answer extends Answered>(
    request: AuthorizedRequest<Answer>,
    answer: Answer,
    pass: Pass,
  ): Promise<Pass | AuthError | null | undefined> {
    // Only a refusal leaves an ended session's request alive.
    if (pass.generation.endedBy) return new AuthError("refused");
    let next = session.pass();
    if (next?.receipt === pass.receipt) {
      if (renewal.breaker.isOpen(request)) return undefined;
      try {
        next = await renewed("unauthorized", pass, request);
        // The app sends it again by itself, and a 401 then is as a replay's.
        if (!request.isReplayable) renewal.breaker.recordReplay(request, next);
      } catch (error) {
        if (error instanceof AuthError && error.code !== "session_ended") return error;
        throw error;
      }
    }
    // Else a late 401: the token it was sent with has been renewed meanwhile.
    return next && !request.isReplayable
      ? new AuthError("body_not_replayable", { status: answer.status })
      : next;
  }

  /** A promise only where user code is asked: most answers are good, and this is asked of all. */
  function meansExpired<Answer extends Answered>(
    request: AuthorizedRequest<Answer>,
    answer: Answer,
  ): boolean | undefined | Promise<boolean | undefined> {
    return typeof refreshOn === "function"
      ? guarded(refreshOn)(request.question(answer))
      : refreshOn.includes(answer.status);
  }

  return {
    passFor,
    async send(request) {
      let id = emitter() ? ++requests : 0;
      const { madeBy = session.caller() } = request;
      assertNotEnded(null, madeBy);
      let pass = session.pass();
      if (!pass || !request.isReplayable || session.freshness(pass) !== "fresh") {
        pass = await passFor(request);
        // Between the promise of a pass and this line somebody may have signed out.
        assertNotEnded(pass, madeBy);
        if (pass?.generation.endedBy) throw new AuthError("refused");
      }
      note(id, "request-sent", request);
      let error: AuthError | null | undefined;
      let answer;
      let isReplay = false;
      try {
        for (;;) {
          answer = await request.send(pass);
          assertNotEnded(pass);
          // Signed out, no refresh can change the answer.
          if (!pass) break;
          let isExpired = meansExpired(request, answer);
          if (isExpired instanceof Promise) {
            // User code may take its time, but neither the caller nor the end of the session waits.
            isExpired = await request.wait(untilEnded(isExpired, pass.generation));
          }
          if (!isExpired) {
            renewal.breaker.recordSuccess(request, pass);
            break;
          }
          error = incurable(request, answer);
          if (error !== undefined) break;
          if (isReplay) {
            renewal.breaker.recordReplay(request, pass, answer.status);
            break;
          }
          if (id) emitter()?.({ type: "token-rejected", request: id, status: answer.status });
          const cured: Pass | AuthError | null | undefined = await cure(request, answer, pass);
          if (!cured || cured instanceof AuthError) {
            error = cured;
            break;
          }
          pass = cured;
          isReplay = true;
          assertNotEnded(pass);
          request.discard(answer);
          note(id, "request-replayed", request);
        }
        // User code was asked, or told of an error, and may have signed out.
        assertNotEnded(pass);
        note(id, "request-answered", request, answer);
        id = 0;
        return request.conclude(answer, error ?? undefined);
      } catch (failure) {
        note(id, "request-answered", request);
        // An adapter that was cancelled does not know why.
        assertNotEnded(pass);
        throw failure;
      }
    },
  };
}

/** Waits for the promise, but not past the end of the session. */
function untilEnded<Value>(
  promise: Promise<Value>,
  { ongoing }: Pass["generation"],
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const breakOff = () => reject(new AuthError("session_ended"));
    ongoing.add(breakOff);
    promise.then(resolve, reject).finally(() => ongoing.delete(breakOff));
  });
}
