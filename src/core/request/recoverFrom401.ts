import type { AccessToken } from "../session/sessionScope.js";
import { AuthError } from "../vocabulary/errors.js";
import type { Answered, AuthorizedRequest } from "./authorizedRequest.js";
import { tokenChallenge } from "./challenge.js";
import { refreshedToken, type TokenSources } from "./tokenFor.js";

/** What follows a 401. */
export type Recovery =
  | {
      /** The request is sent again with this token. */
      readonly kind: "replay";
      readonly token: AccessToken;
      readonly error?: undefined;
    }
  | {
      /** The caller gets the answer. */
      readonly kind: "final";
      /** Why no replay follows, if the answer does not show it. */
      readonly error?: AuthError | undefined;
    };

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
    return final();
  }
  // A refusal is the only end of a session that aborts no request.
  if (token.scope.endedBy) return final(new AuthError("refused"));
  let next = session.currentToken();
  if (next?.tokenVersion === token.tokenVersion) {
    if (refresher.breaker.isOpen(request)) return final();
    try {
      next = await refreshedToken("unauthorized", token, request, sources);
    } catch (error) {
      if (error instanceof AuthError && error.code !== "session_ended") {
        return final(error);
      }
      throw error;
    }
    // The app sends this request again itself, and a 401 to that counts like a replay's.
    if (!request.isReplayable) refresher.breaker.recordVainRefresh(request, next);
  }
  // Otherwise the 401 is late: the token has been refreshed since.
  if (!next) return final();
  return request.isReplayable
    ? { kind: "replay", token: next }
    : final(new AuthError("body_not_replayable", { status: answer.status }));
}

/** Recognises a challenge that no other token answers. */
function terminalRecovery<Answer extends Answered>({
  request,
  answer,
}: Rejection<Answer>): Recovery | undefined {
  const challenge = tokenChallenge(request.inspect(answer).headers.get("www-authenticate"));
  // RFC 6750 §3.1: too little scope. A refresh cannot widen it (RFC 6749 §6).
  if (challenge?.["error"] === "insufficient_scope") return final();
  // RFC 9470 §3: only the person can help, by signing in again more strongly.
  if (challenge?.["error"] !== "insufficient_user_authentication") return undefined;
  const { acr_values } = challenge;
  const seconds = Number(challenge["max_age"]);
  const max_age = seconds >= 0 ? seconds : undefined;
  const { status } = answer;
  return final(new AuthError("step_up", { status, acr_values, max_age }));
}

function final(error?: AuthError): Recovery {
  return { kind: "final", error };
}
