import { isUsableToken } from "../token/accessToken.js";
import { lifetimeSeconds as lifetimeOf, readClaims } from "../token/accessToken.js";
import type { Identify } from "../token/identity.js";
import { createTokenSet } from "../token/tokenSet.js";
import type { Verdict } from "../vocabulary/events.js";
import { fieldsOf, isRecord } from "../vocabulary/values.js";
import { isPage, judgeStatus, type AuthAnswer, type AuthResult } from "./authResult.js";
import type { Purpose } from "./endpoints.js";
import type { OriginGate } from "./origins.js";
import { readSessionData, type ReadSession } from "./readSession.js";

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

/** Makes a call and reads what comes of it. Never rejects. */
export type ReadAnswer = (purpose: Purpose, call: () => unknown) => Promise<AuthResult>;

/** The dependencies of reading. */
export interface ReaderDependencies {
  readonly options: AnswerOptions & { readonly identify?: Identify | undefined };
  readonly origins: Pick<OriginGate, "resolve">;
  /** As the browser resolves it. */
  readonly refreshURL: string;
}

export function createReader(dependencies: ReaderDependencies): ReadAnswer {
  return async (purpose, call) => {
    try {
      const returned = await call();
      return await (isResponse(returned)
        ? readResponse(purpose, returned, dependencies)
        : readBody({ purpose, status: 200, headers: new Headers(), body: returned }, dependencies));
    } catch (cause) {
      // An error of axios shows what was sent.
      const { config, message } = fieldsOf(cause);
      const shown = config ? new Error(String(message)) : cause;
      const result = await readThrown(purpose, cause, dependencies);
      return result.kind === "success" ? result : { cause: shown, ...result };
    }
  };
}

/** Told by its shape, for a polyfill's `Response` is of another class. */
export function isResponse(value: unknown): value is Response {
  return isRecord(value) && typeof value["text"] === "function";
}

/** An answer whose body is not judged yet. */
interface Received {
  purpose: Purpose;
  status: number;
  headers: Headers;
  /** As text, if there is a `response`. */
  body: unknown;
  response?: Response;
}

async function readResponse(
  purpose: Purpose,
  response: Response,
  dependencies: ReaderDependencies,
): Promise<AuthResult> {
  const { status, headers } = response;
  const body = await response.text();
  return readBody({ purpose, status, headers, body, response }, dependencies);
}

/** An error that an endpoint function threw counts by the status it carries, as errors of axios do. */
async function readThrown(
  purpose: Purpose,
  cause: unknown,
  dependencies: ReaderDependencies,
): Promise<AuthResult> {
  try {
    const answer = fieldsOf(cause)["response"] ?? cause;
    if (isResponse(answer) && !answer.bodyUsed) {
      return await readResponse(purpose, answer, dependencies);
    }
    const { status, headers: given, data: body, code, cause: reason } = fieldsOf(answer);
    if (code === "misconfigured") return { kind: code, cause: reason };
    // A success that was thrown all the same is none, and no refusal either.
    if (Number(status) >= 300) {
      // Whatever it is, `Headers` takes it or throws.
      const headers = new Headers(given as HeadersInit);
      return await readBody({ purpose, status: Number(status), headers, body }, dependencies);
    }
  } catch {
    // Headers that are none, or a body that broke off: no answer that counts.
  }
  return { kind: "unavailable" };
}

async function readBody(received: Received, dependencies: ReaderDependencies): Promise<AuthResult> {
  const { purpose, status, headers, body, response } = received;
  const answer: AuthAnswer = { status, headers, data: body };
  try {
    let kind = judgeStatus(status, headers, purpose === "login");
    if (response && typeof body === "string") {
      try {
        answer.data = body.trim() ? JSON.parse(body) : undefined;
      } catch {
        if (kind === "success") kind = judgePage(purpose, response, dependencies);
      }
    }
    const isRefused = purpose === "refresh" ? dependencies.options.isRefused?.(answer) : undefined;
    if (isRefused) kind = "refused";
    else if (isRefused === false && kind === "refused") kind = "unavailable";
    if (kind !== "success" || purpose === "logout") return { kind, answer };
    return await readTokenSet(answer, received, dependencies, isRefused);
  } catch (cause) {
    // The app's own code failed, or ours: that says nothing about the session.
    return { kind: "misconfigured", answer, cause };
  }
}

/**
 * A success that is no JSON. Without a session, some backends send to their login page: that is a
 * refusal. A captive portal sends elsewhere, or answers its own page: the API has not spoken. A logout
 * needs no JSON, and often leads to a page: only what came from elsewhere is no answer to that.
 */
function judgePage(
  purpose: Purpose,
  { redirected, url, headers }: Response,
  { origins, refreshURL }: ReaderDependencies,
): Verdict {
  const { origin } = origins.resolve(refreshURL) ?? {};
  const isElsewhere = redirected && origins.resolve(url)?.origin !== origin;
  if (purpose === "logout" && !isElsewhere) return "success";
  const isLoginPage = redirected && !isElsewhere && isPage(headers);
  return isLoginPage && purpose === "refresh" ? "refused" : "unavailable";
}

/** @param isRefused - what the option of that name said. */
async function readTokenSet(
  answer: AuthAnswer,
  { purpose, response }: Received,
  { options: { readSession = readSessionData, identify } }: ReaderDependencies,
  isRefused: boolean | undefined,
): Promise<AuthResult> {
  const { data, headers } = answer;
  const { accessToken: token, expiresInSeconds, user } = (await readSession(data, response)) ?? {};
  if (!token) {
    // A function may have returned a page as a text, which says no more than its answer would.
    const isText = purpose === "refresh" && !response && typeof data === "string" && data;
    return { kind: isRefused === false || isText ? "unavailable" : "refused", answer };
  }
  if (!isUsableToken(token)) return { kind: "unavailable", answer };
  const lifetimeSeconds =
    (readSession === readSessionData ? undefined : expiresInSeconds) ??
    lifetimeOf(readClaims(token), expiresInSeconds, Date.parse(headers.get("date") ?? ""));
  const received = { token, lifetimeSeconds, user: user ?? undefined };
  return { kind: "success", answer, tokenSet: createTokenSet(received, identify) };
}
