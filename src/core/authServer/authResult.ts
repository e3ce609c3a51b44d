import type { TokenSet } from "../token/tokenSet.js";
import { AuthError } from "../vocabulary/errors.js";
import type { Verdict } from "../vocabulary/events.js";

/** An answer of the auth server, read and parsed. */
export interface AuthAnswer {
  /** The HTTP status; 200 where an endpoint function returned a body. */
  status: number;
  /** The headers; none where an endpoint function returned a body. */
  headers: Headers;
  /** The parsed JSON body; `undefined` if the body was empty. */
  data: unknown;
}

/** The meaning of an answer, or that there was none. */
export type AuthResult =
  | {
      readonly kind: "success";
      readonly answer: AuthAnswer;
      /** Of a login or a refresh. */
      readonly tokenSet?: TokenSet;
      readonly cause?: undefined;
    }
  | {
      /** As in the table of answers; or no answer within the time limit. */
      readonly kind: Exclude<Verdict, "success"> | "timeout";
      /** None if the network failed. */
      readonly answer?: AuthAnswer;
      /** The error that the app's own code threw, or the network. */
      readonly cause?: unknown;
      readonly tokenSet?: undefined;
    };

/** A result without a session. */
export type FailedResult = Exclude<AuthResult, { kind: "success" }>;

/** The error of a call that brought no session. */
export function errorOf({ kind, answer, cause }: FailedResult, retryAt?: number): AuthError {
  return new AuthError(kind, { status: answer?.status, retryAt }, cause);
}

const refusals = [400, 401, 403, 422];
const passing = [408, 409, 419, 425, 429];

/**
 * Judges an answer by its status. Of a 2xx this says `success`; whether it holds a session is for
 * the body to show.
 *
 * @param isLogin - then any other 4xx is the server's word on the input, too: 409 a name already
 * taken, 404 an unknown user, 429 one attempt too many.
 * @see RFC 6749 §5.2 (400 and 401 are the refusals of a token endpoint)
 */
export function judgeStatus(status: number, headers: Headers, isLogin: boolean): Verdict {
  if (status >= 200 && status < 300) return "success";
  const isClientError = status >= 400 && status < 500;
  if (isPage(headers) && (status === 403 || (isLogin && !refusals.includes(status))))
    return "unavailable";
  if (refusals.includes(status)) return "refused";
  if (isLogin && isClientError && status !== 408) return "refused";
  return isClientError && !passing.includes(status) ? "misconfigured" : "unavailable";
}

/** A page comes from a firewall or a captive portal; an API says it in JSON. */
export function isPage(headers: Headers): boolean {
  return /^text\/html/i.test(headers.get("content-type") ?? "");
}
