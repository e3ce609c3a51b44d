import type { AccessToken } from "../session/sessionScope.js";
import { AuthError } from "../vocabulary/errors.js";
import type { Answered, AuthorizedRequest } from "./authorizedRequest.js";
import { tokenChallenge } from "./challenge.js";
import { refreshedToken, type TokenSources } from "./tokenFor.js";

/** The token that a request is sent again with. Without one its answer is final. */
export interface Recovery {
  readonly token?: AccessToken;
  /** Why the answer could not be cured, where the answer does not say so. */
  readonly error?: AuthError;
}

/** The caller gets the answer, which says it all. */
const final: Recovery = {};

/** A request, the token it was sent with, and the answer that rejects the token. */
export interface Rejection<Answer extends Answered> {
  readonly request: AuthorizedRequest<Answer>;
  readonly token: AccessToken;
  readonly answer: Answer;
  readonly isReplay: boolean;
}

/** Finds out whether another token can help, and gets it. */
export async function recoverFrom401<Answer extends Answered>(
  rejection: Rejection<Answer>,
  sources: Pick<TokenSources, "session" | "refresher">,
): Promise<Recovery> {
  const { request, token, answer, isReplay } = rejection;
  const { session, refresher } = sources;
  const terminal = terminalRecovery(rejection);
  if (terminal) return terminal;
  if (isReplay) {
    refresher.breaker.recordVainRefresh(request, token, answer.status);
    return final;
  }
  // Only a refusal leaves an ended session's request alive.
  if (token.scope.endedBy) return { error: new AuthError("refused") };
  let next = session.currentToken();
  if (next?.tokenVersion === token.tokenVersion) {
    if (refresher.breaker.isOpen(request)) return final;
    try {
      next = await refreshedToken("unauthorized", token, request, sources);
    } catch (error) {
      if (error instanceof AuthError && error.code !== "session_ended") {
        return { error };
      }
      throw error;
    }
    // The app sends it again by itself, and a 401 then is as a replay's.
    if (!request.isReplayable) refresher.breaker.recordVainRefresh(request, next);
  }
  // Else a late 401: the token it was sent with has been refreshed meanwhile.
  if (!next) return final;
  return request.isReplayable
    ? { token: next }
    : { error: new AuthError("body_not_replayable", { status: answer.status }) };
}

/** A challenge that no other token cures. */
function terminalRecovery<Answer extends Answered>({
  request,
  answer,
}: Rejection<Answer>): Recovery | undefined {
  const challenge = tokenChallenge(request.inspect(answer).headers.get("www-authenticate"));
  // RFC 6750 §3.1: too little scope. A refresh cannot widen it (RFC 6749 §6).
  if (challenge?.["error"] === "insufficient_scope") return final;
  // RFC 9470 §3: only the person can help, by signing in again more strongly.
  if (challenge?.["error"] !== "insufficient_user_authentication") return undefined;
  const { acr_values } = challenge;
  const seconds = Number(challenge["max_age"]);
  const max_age = seconds >= 0 ? seconds : undefined;
  const { status } = answer;
  return { error: new AuthError("step_up", { status, acr_values, max_age }) };
}
