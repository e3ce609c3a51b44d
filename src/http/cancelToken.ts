import axios, { type CancelToken } from "axios";
import type { SessionScope } from "../core/session/sessionScope.js";

const tokens = new WeakMap<SessionScope, CancelToken>();

/**
 * A cancel token that cancels when the session ends by logout or switch, and when the app's own
 * token does. One serves all requests of a session. An `AbortSignal` for all would not do: Node warns
 * of the eleventh request on it and takes the square of their number for its listeners; and an
 * `AbortController` for each costs more than the rest of what is added to a request.
 */
export function cancelTokenOf(scope: SessionScope, appToken?: CancelToken): CancelToken {
  let token = tokens.get(scope);
  if (!token) {
    token = new axios.CancelToken((cancel) =>
      scope.signal.addEventListener("abort", () => cancel()),
    );
    tokens.set(scope, token);
  }
  if (!appToken) return token;
  // It behaves like the app's token, but its listeners hear of both.
  const either = Object.create(appToken) as CancelToken;
  for (const verb of ["subscribe", "unsubscribe"] as const) {
    either[verb] = (listener) => [appToken, token].forEach((each) => each[verb](listener));
  }
  return either;
}
