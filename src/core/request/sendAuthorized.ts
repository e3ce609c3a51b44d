import type { ApiEndpoint } from "../refresh/refreshBreaker.js";
import type { Events } from "../platform/events.js";
import { untilSessionEnds, type AccessToken } from "../session/sessionScope.js";
import { freshnessOf } from "../token/accessToken.js";
import { AuthError } from "../vocabulary/errors.js";
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
  const { session, platform, events } = dependencies;
  let requests = 0;

  return async function sendAuthorized(request) {
    const { madeBy = session.callerKey() } = request;
    const note = createNote(events.size() && ++requests, request, events);
    assertNotEnded(null, dependencies, madeBy);
    let token = session.currentToken();
    if (!token || !request.isReplayable || freshnessOf(token, platform) !== "fresh") {
      token = await tokenFor(request, dependencies);
      // Between the promise of a token and this line somebody may have signed out.
      assertNotEnded(token, dependencies, madeBy);
      if (token?.scope.endedBy) throw new AuthError("refused");
    }
    note("request-sent");
    let isAnswered = false;
    try {
      const { answer, error } = await sendAndReplay(request, token, note, dependencies);
      // User code was asked, or told of an error, and may have signed out.
      assertNotEnded(token, dependencies);
      isAnswered = true;
      note("request-answered", answer.status);
      return request.conclude(answer, error);
    } catch (failure) {
      if (!isAnswered) note("request-answered");
      // An adapter that was cancelled does not know why.
      assertNotEnded(token, dependencies);
      throw failure;
    }
  };
}

/** The answer for the caller; `error` says why a 401 could not be cured. */
interface Answering<Answer> {
  readonly answer: Answer;
  readonly error?: AuthError | undefined;
}

async function sendAndReplay<Answer extends Answered>(
  request: AuthorizedRequest<Answer>,
  firstToken: AccessToken | null,
  note: Note,
  dependencies: SendDependencies,
): Promise<Answering<Answer>> {
  let token = firstToken;
  for (let isReplay = false; ; isReplay = true) {
    const answer = await request.send(token);
    assertNotEnded(token, dependencies);
    // Signed out, no refresh can change the answer.
    if (!token) return { answer };
    const inspect = () => request.inspect(answer);
    let isRejected = isTokenRejected(dependencies.options.refreshOn, answer.status, inspect);
    if (isRejected instanceof Promise) {
      // User code may take its time, but neither the caller nor the end of the session waits.
      isRejected = await request.wait(untilSessionEnds(isRejected, token.scope));
    }
    if (!isRejected) {
      dependencies.refresher.breaker.recordSuccess(request, token);
      return { answer };
    }
    if (!isReplay) note("token-rejected", answer.status);
    const recovery = await recoverFrom401({ request, answer, token, isReplay }, dependencies);
    if (recovery.kind === "final") return { answer, error: recovery.error };
    ({ token } = recovery);
    assertNotEnded(token, dependencies);
    request.discard(answer);
    note("request-replayed");
  }
}

/**
 * After a logout or a switch no answer may land; after a refusal one on the wire may. And what a
 * former user's code asks for would be sent as whoever sits here now.
 */
function assertNotEnded(
  token: AccessToken | null,
  { session, tabs }: SendDependencies,
  madeBy: number = session.userKey(),
): void {
  tabs.catchUp();
  const endedBy = token?.scope.endedBy;
  if (madeBy !== session.userKey() || (endedBy && endedBy !== "refused"))
    throw new AuthError("session_ended");
}

/** Tells of a request, if somebody listened when it was made. */
type Note = (
  type: "request-sent" | "token-rejected" | "request-replayed" | "request-answered",
  status?: number,
) => void;

function createNote(id: number, { describe }: ApiEndpoint, events: Events): Note {
  return (type, status) => {
    if (!id || !events.size()) return;
    if (type === "token-rejected") return events.call({ type, request: id, status });
    const { method, path } = describe();
    events.call({ type, id, method, path, status });
  };
}
