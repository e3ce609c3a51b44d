import type { ApiEndpoint } from "../refresh/refreshBreaker.js";
import type { Events } from "../platform/events.js";
import { assertNotEnded } from "../session/sessionScope.js";
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

// oxlint-disable-next-line max-lines-per-function -- The functions of a factory share its variables. None is over 60 lines.
export function createSendAuthorized(dependencies: SendDependencies): SendAuthorized {
  const { session, tabs, platform, refresher, options, events } = dependencies;
  let requests = 0;

  /** A former user's code must not send as the present user. */
  function assertSameUser(madeBy: number): void {
    tabs.catchUp();
    if (madeBy !== session.userKey()) throw new AuthError("session_ended");
  }

  /** The part that the events of a request share; `undefined` if nobody listens when it is made. */
  function describe(request: ApiEndpoint): RequestName | undefined {
    if (!events.size()) return undefined;
    const { method, path } = request.describe();
    return { id: ++requests, method, path };
  }

  function tell(name: RequestName | undefined, type: RequestEvent["type"], status?: number): void {
    if (name) events.call({ type, ...name, status });
  }

  // One frame for all of a request: thousands may be waiting for one refresh.
  return async function sendAuthorized(request) {
    const { madeBy = session.callerKey() } = request;
    const name = describe(request);
    assertSameUser(madeBy);
    let token = session.currentToken();
    if (!token || !request.isReplayable || freshnessOf(token, platform) !== "fresh") {
      token = await tokenFor(request, dependencies);
      // Between the promise of a token and this line somebody may have signed out.
      assertSameUser(madeBy);
      if (token?.scope.endedBy) throw new AuthError("refused");
    }
    tell(name, "request-sent");
    let answer;
    let error: AuthError | undefined;
    try {
      for (let isReplay = false; ; isReplay = true) {
        answer = await request.send(token);
        tabs.catchUp();
        assertNotEnded(token?.scope);
        // Signed out, no refresh can change the answer.
        if (!token) break;
        let isRejected = isTokenRejected(options.refreshOn, request, answer);
        if (isRejected instanceof Promise) {
          // User code may take its time, but neither the caller nor the end of the session waits.
          const judging = isRejected;
          isRejected = await request.wait(token.scope.until(() => judging));
          tabs.catchUp();
        }
        if (!isRejected) {
          refresher.breaker.recordSuccess(request, token);
          break;
        }
        if (name && !isReplay) {
          events.call({ type: "token-rejected", request: name.id, status: answer.status });
        }
        const recovery = await recoverFrom401({ request, answer, token, isReplay }, dependencies);
        error = recovery.error;
        if (!recovery.token) break;
        token = recovery.token;
        assertNotEnded(token.scope);
        request.discard(answer);
        tell(name, "request-replayed");
      }
      // User code was asked, or told of an error, and may have signed out.
      assertNotEnded(token?.scope);
    } catch (failure) {
      tell(name, "request-answered");
      tabs.catchUp();
      // An adapter that was cancelled does not know why.
      assertNotEnded(token?.scope);
      throw failure;
    }
    tell(name, "request-answered", answer.status);
    return request.conclude(answer, error);
  };
}

type RequestEvent = Extract<EventDetails, { id: number }>;
type RequestName = Pick<RequestEvent, "id" | "method" | "path">;
