import axios, { type CancelToken } from "axios";
import type { Generation } from "../core/session/session.js";

const tokens = new WeakMap<Generation, CancelToken>();

/**
 * A cancel token that cancels when the session ends by logout or switch, and when the app's own
 * token does. One serves all requests of a session: an `AbortController` for each would cost more
 * than the rest of what is added to a request.
 */
export function cancelTokenOf(generation: Generation, appToken?: CancelToken): CancelToken {
  const token =
    tokens.get(generation) ??
    new axios.CancelToken((cancel) => generation.ongoing.add(() => cancel()));
  tokens.set(generation, token);
  if (!appToken) return token;
  const either = Promise.race([token.promise, appToken.promise]);
  return new axios.CancelToken((cancel) => void either.then(({ message }) => cancel(message)));
}
