import { untilAborted } from "../core/platform/abort.js";
import { authorization } from "../core/token/accessToken.js";
import type { AuthorizedRequest } from "../core/request/authorizedRequest.js";
import type { Platform } from "../core/platform/platform.js";
import type { SessionScope } from "../core/session/sessionScope.js";
import type { ClientAuth } from "./clientAuth.js";
import { discardBody, isReplayable } from "./requestBody.js";

/** The options of {@link AuthedFetch}: those of `fetch`, and one more. */
export interface AuthedFetchInit extends RequestInit {
  /** Sends this request as it is: no token, no refresh, no replay. */
  skipAuth?: boolean;
}

/** `fetch` with the token. Can be given wherever a `fetch` is taken. */
export type AuthedFetch = (input: RequestInfo | URL, init?: AuthedFetchInit) => Promise<Response>;

/**
 * Makes a `fetch` that adds the token, refreshes and replays. URLs mean what they mean to `fetch`
 * (relative ones start from the document, not from `baseURL`), because generated clients bring the
 * base URL themselves.
 *
 * A body is copied as `Request.clone()` does: free of cost for everything but a `Request` made of a
 * stream, of which is kept what has been sent until there is an answer.
 */
export function createAuthedFetch(auth: ClientAuth): AuthedFetch {
  const { origins, isAuthCall, platform, options } = auth;
  const { header, fetch = platform.fetch } = options;

  return async (input, init = {}) => {
    const given = input instanceof Request ? input : String(input);
    const { url, headers, mode, method }: Partial<Request> & Pick<Request, "url"> =
      typeof given === "string" ? { url: given } : given;
    const ownHeaders = init.headers ?? headers;
    const bringsItsOwn = !!ownHeaders && new Headers(ownHeaders).has(header);
    // Without CORS a browser removes the header, so a refresh would not help.
    const cannotCarry = (init.mode ?? mode) === "no-cors";
    const target = origins.resolve(url);
    const isForAuth = isAuthCall(init.method ?? method, url);
    if (!target || init.skipAuth || cannotCarry || isForAuth) return fetch(given, init);
    if (bringsItsOwn || !origins.allows(url)) {
      const answer = fetch(given, init);
      if (process.env.NODE_ENV !== "production") {
        const sent = { method: init.method ?? method ?? "GET", url: target.href, bringsItsOwn };
        auth.sentPlain?.(sent, answer);
      }
      return answer;
    }
    // From here on what the app does to its `init`, or to a body, changes nothing.
    const request = new Request(typeof given === "string" ? target : given, init);
    const exchange = createExchange(request, { ...init }, auth, fetch);
    const answer = auth.send(exchange);
    if (!request.body || !exchange.isReplayable) return answer;
    // A stream is not cancelled, nor its memory freed, before both of its copies are.
    return answer.finally(() => discardBody(request.body));
  };
}

/** One call of the app: its request, sent once or twice. */
function createExchange(
  request: Request,
  init: AuthedFetchInit,
  { options: { header, scheme } }: ClientAuth,
  fetch: Platform["fetch"],
): AuthorizedRequest<Response> {
  const { signal, referrer, referrerPolicy } = request;
  const canReplay = isReplayable(init.body);

  return {
    isReplayable: canReplay,

    describe() {
      const { origin, pathname } = new URL(request.url);
      return { method: request.method, origin, path: pathname };
    },

    wait: (promise) => untilAborted(promise, signal),

    send(token) {
      const headers = new Headers(request.headers);
      if (token) headers.set(header, authorization(scheme, token.value));
      // A request without a body can be sent twice, and a copy is expensive.
      const copy = canReplay && request.body !== null ? request.clone() : request;
      return fetch(copy, {
        // A Request drops options that only this `fetch` knows. The others say the same once more.
        ...init,
        body: null,
        headers,
        signal: token ? joined(signal, token.scope) : signal,
        // A Request that is given options loses these.
        referrer,
        referrerPolicy,
      });
    },

    inspect: (response) => ({
      status: response.status,
      headers: response.headers,
      url: response.url,
      json: () => response.clone().json(),
    }),

    discard: (response) => discardBody(response.body),

    // Callers of `fetch` look at the status: a final 401 is an answer, too.
    conclude: (response) => response,
  };
}

/** A signal that aborts with the caller's, and when the session ends by logout or switch. */
function joined(signal: AbortSignal, scope: SessionScope): AbortSignal {
  // Browsers before 2024 cannot join two: there the answer is dropped when it comes.
  // oxlint-disable-next-line no-restricted-properties -- asked for, and done without
  return AbortSignal.any?.([signal, scope.signal]) ?? signal;
}
