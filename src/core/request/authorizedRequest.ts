import type { ApiEndpoint } from "../refresh/refreshBreaker.js";
import type { AccessToken } from "../session/sessionScope.js";
import type { AuthError } from "../vocabulary/errors.js";
import type { RefreshOnAnswer } from "./refreshOn.js";

/** A request that may carry the token, as axios or `fetch` sends it. */
export interface AuthorizedRequest<Answer extends Answered> extends TokenWaiter, ApiEndpoint {
  /** The user whose code made the request, if that was before: it is sent as nobody else. */
  readonly madeBy?: number;
  /** Sends it once, with the token if there is one. Rejects if there is no answer. */
  send(token: AccessToken | null): Promise<Answer>;
  /** The answer as `refreshOn` may see it. */
  inspect(answer: Answer): RefreshOnAnswer;
  /** Frees an answer that nobody will read. */
  discard(answer: Answer): void;
  /** Hands the answer to the caller; `error` says why the request was not replayed. */
  conclude(answer: Answer, error?: AuthError): Answer;
}

/** Any answer of axios or `fetch`. */
export interface Answered {
  readonly status: number;
}

/** Someone who waits for a token. */
export interface TokenWaiter {
  /** `false` if it can be sent only once, and so needs the best token there is. */
  readonly isReplayable: boolean;
  /** Waits for the promise, but no longer than the caller does: rejects on abort or deadline. */
  wait<Value>(promise: Promise<Value>): Promise<Value>;
}
