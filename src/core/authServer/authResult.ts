import { isUsableToken, lifetimeSeconds as lifetimeOf, readClaims } from "../token/accessToken.js";
import type { Identify } from "../token/identity.js";
import { createTokenSet, type TokenSet } from "../token/tokenSet.js";
import { AuthError } from "../vocabulary/errors.js";
import type { Verdict } from "../vocabulary/events.js";
import type { Purpose } from "./endpoints.js";
import type { OriginGate } from "./origins.js";
import { readSessionData, type ReadSession } from "./readSession.js";

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

/** The options that say what an answer means. */
export interface AnswerOptions {
  /** Reads the body of a login or refresh. The default knows the usual spellings. */
  readSession?: ReadSession;
  /**
   * Which answers to a refresh end the session; `undefined` keeps the default (400, 401, 422, 403
   * that is no HTML page, a 2xx without a token, a redirect to the backend's login page). Not asked
   * when there was no answer.
   */
  isRefused?: (answer: AuthAnswer) => boolean | undefined;
}

/** The dependencies of judging. */
export interface JudgeDependencies {
  readonly options: AnswerOptions & { readonly identify?: Identify | undefined };
  readonly origins: Pick<OriginGate, "resolve" | "allows">;
  /** As the browser resolves it. */
  readonly refreshURL: string;
}

/**
 * Says what an answer means: by its status, its body, and what the app says of it. Never rejects.
 *
 * @param response - where there is one, `data` is its body as text.
 */
export async function judgeAnswer(
  dependencies: JudgeDependencies,
  purpose: Purpose,
  answer: AuthAnswer,
  response?: Response,
): Promise<AuthResult> {
  const { isRefused, readSession = readSessionData, identify } = dependencies.options;
  const { status, headers, data } = answer;
  try {
    let kind = judgeStatus(status, headers, purpose === "login");
    if (response && typeof data === "string") {
      try {
        answer.data = data.trim() ? JSON.parse(data) : undefined;
      } catch {
        if (kind === "success") kind = judgePage(dependencies, purpose, response);
      }
    }
    const refused = purpose === "refresh" ? isRefused?.(answer) : undefined;
    // Anything else, a promise say, is no answer to that.
    if (refused === true) kind = "refused";
    else if (refused === false && kind === "refused") kind = "unavailable";
    if (kind !== "success" || purpose === "logout") return { kind, answer };
    const session = await readSession(answer.data, response);
    const { accessToken: token, expiresInSeconds, user } = session ?? {};
    if (isUsableToken(token)) {
      const lifetimeSeconds =
        (readSession === readSessionData ? undefined : expiresInSeconds) ??
        lifetimeOf(readClaims(token), expiresInSeconds, Date.parse(headers.get("date") ?? ""));
      const content = { token, lifetimeSeconds, user: user ?? undefined };
      return { kind, answer, tokenSet: createTokenSet(content, identify) };
    }
    // A function may have returned a page as text, which says nothing about the session.
    const isText = !response && typeof data === "string" && data && purpose === "refresh";
    const isOpen = token || refused === false || isText;
    return { kind: isOpen ? "unavailable" : "refused", answer };
  } catch (cause) {
    // The app's own code failed, or ours: that says nothing about the session.
    return { kind: "misconfigured", answer, cause };
  }
}

const refusals = [400, 401, 403, 422];
const passing = [408, 409, 419, 425, 429];

/**
 * Judges an answer by its status. Any 2xx is a `success` here; the body shows whether it holds a session.
 *
 * @param isLogin - then any other 4xx judges the input, too: 409 a name that is taken, 404 an
 * unknown user, 429 one attempt too many.
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

/** Firewalls and captive portals answer with a page; an API answers with JSON. */
export function isPage(headers: Headers): boolean {
  return /^text\/html/i.test(headers.get("content-type") ?? "");
}

/**
 * Judges a success that is no JSON. Some backends redirect a refresh without a session to their login
 * page: that is a refusal. A captive portal redirects to a foreign origin, or answers with its own page:
 * the API has not answered. A logout needs no JSON and often leads to a page of the app.
 */
function judgePage(
  { origins, refreshURL }: JudgeDependencies,
  purpose: Purpose,
  { redirected, url, headers }: Response,
): Verdict {
  const { origin } = origins.resolve(refreshURL) ?? {};
  const isOurs = origins.resolve(url)?.origin === origin || origins.allows(url);
  const isElsewhere = redirected && !isOurs;
  if (purpose === "logout" && !isElsewhere) return "success";
  const isLoginPage = redirected && !isElsewhere && isPage(headers);
  return isLoginPage && purpose === "refresh" ? "refused" : "unavailable";
}
