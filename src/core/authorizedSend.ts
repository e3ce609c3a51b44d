import { tokenChallenge } from "./challenge.js";
import { AuthError, sessionEnded } from "./errors.js";
import { report, type AuthEvent } from "./events.js";
import type { Renewal } from "./renewal.js";
import type { Restoration } from "./restoration.js";
import type { Generation, Pass, Session } from "./session.js";

/** A request that may carry the token, as a skin (axios, fetch) describes it. */
export interface AuthorizedRequest<Answer> {
  readonly method: string;
  /** The path of the URL, for events. */
  path(): string;
  /** `false` for a body that can be read only once. */
  readonly isReplayable: boolean;
  /** Waits for the promise, but no longer than the caller does: rejects on abort or deadline. */
  wait<Value>(promise: Promise<Value>): Promise<Value>;
  /** Sends it once, with the pass if there is one. Rejects if there is no answer. */
  send(pass: Pass | null): Promise<Answer>;
  status(answer: Answer): number;
  header(answer: Answer, name: string): string | null;
  /** What `refreshOn` may ask about the answer. */
  describe(answer: Answer): RefreshQuestion;
  /** Frees the answer that nobody will read. */
  discard(answer: Answer): void;
  /** Hands the answer to the caller; `error` says why a 401 could not be cured. */
  conclude(answer: Answer, error?: AuthError): Answer;
}

/** An answer, as a `refreshOn` function sees it. */
export interface RefreshQuestion {
  status: number;
  headers: Headers;
  url: string;
  /** Parses the body; the caller can still read it. */
  json(): Promise<unknown>;
}

/** Tells whether an answer means that the token is no longer good. */
export type RefreshOn =
  | readonly number[]
  | ((answer: RefreshQuestion) => boolean | Promise<boolean>);

/** Sends a request with the token, refreshes on a 401, and replays once. */
export type AuthorizedSend = <Answer>(request: AuthorizedRequest<Answer>) => Promise<Answer>;

export interface AuthorizedSendDependencies {
  session: Session;
  renewal: Renewal;
  restoration: Restoration;
  refreshOn: RefreshOn;
  /** `undefined` while nobody listens. */
  emitter: () => ((event: AuthEvent) => void) | undefined;
}

export function createAuthorizedSend(dependencies: AuthorizedSendDependencies): AuthorizedSend {
  const { session, renewal, restoration, refreshOn, emitter } = dependencies;
  let requests = 0;

  async function authorizedSend<Answer>(request: AuthorizedRequest<Answer>): Promise<Answer> {
    const id = ++requests;
    let pass = session.pass();
    if (!pass || !request.isReplayable || session.freshness(pass) !== "fresh") {
      pass = await freshPass(request);
    }
    note("request-sent");
    let answer = await request.send(pass);
    // Signed out: whatever the answer is, no refresh can change it.
    if (!pass) return conclude();
    assertNotEnded(pass.generation);
    if (!(await meansExpired(request, answer))) return conclude();

    const challenge = tokenChallenge(request.header(answer, "www-authenticate"));
    // RFC 6750 §3.1: too little scope. A refresh cannot widen it (RFC 6749 §6).
    if (challenge?.["error"] === "insufficient_scope") return conclude();
    // RFC 9470 §3: only the person can help, by signing in again more strongly.
    if (challenge?.["error"] === "insufficient_user_authentication") {
      return conclude(
        new AuthError("step_up", "The API asks for a stronger or more recent sign-in.", {
          status: request.status(answer),
          acr_values: challenge["acr_values"],
          max_age: challenge["max_age"] === undefined ? undefined : Number(challenge["max_age"]),
        }),
      );
    }

    const next = await cure(pass, request);
    if (next instanceof AuthError) return conclude(next);
    if (!next) return conclude();
    if (!request.isReplayable) {
      return conclude(
        new AuthError(
          "body_not_replayable",
          "The token had expired, and the body is a stream that can be sent only once. Send it again.",
          { status: request.status(answer) },
        ),
      );
    }
    request.discard(answer);
    note("request-replayed");
    answer = await request.send(next);
    assertNotEnded(next.generation);
    renewal.vain.replayed(next.receipt, await meansExpired(request, answer));
    return conclude();

    function conclude(error?: AuthError): Answer {
      note("request-answered");
      return request.conclude(answer, error);
    }

    function note(type: "request-sent" | "request-replayed" | "request-answered"): void {
      const emit = emitter();
      if (!emit) return;
      const about = { id, method: request.method, path: request.path() };
      if (type === "request-answered") emit({ type, ...about, status: request.status(answer) });
      else emit({ type, ...about });
    }
  }

  /** A pass that is good now; `null` if nobody is signed in. */
  async function freshPass<Answer>(request: AuthorizedRequest<Answer>): Promise<Pass | null> {
    if (session.getState().isLoading) {
      const paused = renewal.pausedBy();
      if (paused) throw paused;
      await request.wait(restoration.ready());
    }
    const pass = session.pass();
    if (!pass) {
      // Nothing is known to be wrong with being signed out: the API may be public.
      void restoration.ready();
      return null;
    }
    const freshness = session.freshness(pass);
    if (freshness === "due") return renewedPass("expired", pass, request);
    if (!request.isReplayable && (freshness === "ageing" || !pass.expiry)) {
      // It has one try only, so it gets the best token there is.
      return renewedPass("ahead", pass, request).catch((error: unknown) => {
        if (session.pass() === pass) return pass;
        throw error;
      });
    }
    if (freshness === "ageing") renewal.renewAhead();
    return pass;
  }

  async function renewedPass<Answer>(
    cause: "expired" | "ahead" | "unauthorized",
    pass: Pass,
    request: AuthorizedRequest<Answer>,
  ): Promise<Pass> {
    await request.wait(renewal.renew(cause));
    const renewed = session.pass();
    // Another user's token must never carry this request.
    if (!renewed || renewed.generation !== pass.generation) throw sessionEnded();
    return renewed;
  }

  /** After a 401: the pass to replay with, the error that says why there is none, or nothing. */
  async function cure<Answer>(
    pass: Pass,
    request: AuthorizedRequest<Answer>,
  ): Promise<Pass | AuthError | undefined> {
    const current = session.pass();
    if (current && current.generation === pass.generation && current.receipt !== pass.receipt) {
      // A late 401: the token it was sent with has been renewed meanwhile.
      return current;
    }
    if (pass.generation.endedBy) {
      return new AuthError("refused", "The session was refused while this request was sent.");
    }
    if (renewal.vain.block()) return undefined;
    try {
      return await renewedPass("unauthorized", pass, request);
    } catch (error) {
      if (error instanceof AuthError && error.code !== "session_ended") return error;
      throw error;
    }
  }

  async function meansExpired<Answer>(
    request: AuthorizedRequest<Answer>,
    answer: Answer,
  ): Promise<boolean> {
    if (typeof refreshOn !== "function") return refreshOn.includes(request.status(answer));
    try {
      return await refreshOn(request.describe(answer));
    } catch (error) {
      report(error);
      return false;
    }
  }

  return authorizedSend;
}

/** After a logout or a switch no answer may land; after a refusal what is on the wire may. */
function assertNotEnded(generation: Generation): void {
  if (generation.endedBy && generation.endedBy !== "refused") throw sessionEnded();
}
