import type { ApiEndpoint } from "../refresh/refreshBreaker.js";
import type { Events } from "../platform/events.js";
import { assertNotEnded, type AccessToken } from "../session/sessionScope.js";
import { freshnessOf } from "../token/accessToken.js";
import { AuthError } from "../vocabulary/errors.js";
import type { EventDetails } from "../vocabulary/events.js";
import type { Answered, AuthorizedRequest } from "./authorizedRequest.js";
import { recoverFrom401 } from "./recoverFrom401.js";
import { isTokenRejected, type RefreshOn } from "./refreshOn.js";
import { tokenFor, type TokenSources } from "./tokenFor.js";

/** Sends a request with the token, refreshes on a 401, and replays once. */
export type SendAuthorized = <Answer extends Answered>(
  request: AuthorizedRequest<Answer>,
) => Promise<Answer>;

/** The dependencies of sending. */
export interface SendDependencies extends TokenSources {
  readonly options: { readonly refreshOn: RefreshOn };
  readonly events: Events;
}

export function createSendAuthorized(dependencies: SendDependencies): SendAuthorized {
  const { session, tabs, platform, refresher, options, events } = dependencies;
  const reporterOf = createReporter(events);

  /** A former user's code must not send as the present user. */
  function assertSameUser(madeBy: number): void {
    tabs.catchUp();
    if (madeBy !== session.userKey()) throw new AuthError("session_ended");
  }

  /** A session that has ended by logout or switch, here or in another tab, gets no answer. */
  function assertGoesOn(token: AccessToken | null): void {
    tabs.catchUp();
    assertNotEnded(token?.scope);
  }

  // One async function for the whole request, because thousands may wait for one refresh.
  return async function sendAuthorized(request) {
    const { madeBy = session.callerKey() } = request;
    const report = reporterOf(request);
    assertSameUser(madeBy);
    let token = session.currentToken();
    if (!token || !request.isReplayable || freshnessOf(token, platform) !== "fresh") {
      token = await tokenFor(request, dependencies);
      // Between the promise of a token and this line somebody may have signed out.
      assertSameUser(madeBy);
      if (token?.scope.endedBy) throw new AuthError("refused");
    }
    report("request-sent");
    let answer;
    let error: AuthError | undefined;
    try {
      for (let isReplay = false; ; isReplay = true) {
        answer = await request.send(token);
        assertGoesOn(token);
        // Signed out, no refresh can change the answer.
        if (!token) break;
        let isRejected = isTokenRejected(options.refreshOn, request, answer);
        if (isRejected instanceof Promise) {
          // User code may take its time, but neither the caller nor the end of the session waits.
          const judging = isRejected;
          isRejected = await request.wait(token.scope.until(() => judging));
          assertGoesOn(token);
        }
        if (!isRejected) {
          refresher.breaker.recordSuccess(request, token);
          break;
        }
        if (!isReplay) report("token-rejected", answer.status);
        const recovery = await recoverFrom401({ request, answer, token, isReplay }, dependencies);
        error = recovery.error;
        if (recovery.kind === "final") break;
        token = recovery.token;
        assertNotEnded(token.scope);
        request.discard(answer);
        report("request-replayed");
      }
      // User code was asked, or told of an error, and may have signed out.
      assertNotEnded(token?.scope);
    } catch (failure) {
      report("request-answered");
      // An adapter that was cancelled does not know why.
      assertGoesOn(token);
      throw failure;
    }
    report("request-answered", answer.status);
    return request.conclude(answer, error);
  };
}

type RequestEvent = Extract<EventDetails, { id: number } | { request: number }>["type"];

const silent = (): void => {};

/** Numbers the requests, and reports the events of each, if anybody listens when it is made. */
function createReporter(events: Events) {
  let requests = 0;
  return (request: ApiEndpoint) => {
    if (!events.size()) return silent;
    const { method, path } = request.describe();
    const id = ++requests;
    return (type: RequestEvent, status?: number): void =>
      events.call(
        type === "token-rejected"
          ? { type, request: id, status }
          : { type, id, method, path, status },
      );
  };
}
