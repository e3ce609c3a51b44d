import axios, { type CancelToken } from "axios";
import type { SessionScope } from "../core/session/sessionScope.js";

const tokens = new WeakMap<SessionScope, CancelToken>();

/**
 * A cancel token that cancels when the session ends by logout or switch, and when the app's own
 * token does. One serves all requests of a session: an `AbortController` for each would cost more
 * than the rest of what is added to a request.
 */
export function cancelTokenOf(scope: SessionScope, appToken?: CancelToken): CancelToken {
  const token =
    tokens.get(scope) ??
    new axios.CancelToken((cancel) => scope.signal.addEventListener("abort", () => cancel()));
  tokens.set(scope, token);
  if (!appToken) return token;
  const either = Promise.race([token.promise, appToken.promise]);
  return new axios.CancelToken((cancel) => void either.then(({ message }) => cancel(message)));
}
