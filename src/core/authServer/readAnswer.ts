import { isUsableToken, lifetimeSeconds as lifetimeOf, readClaims } from "../token/accessToken.js";
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

// oxlint-disable-next-line max-lines-per-function -- The functions of a factory share its variables. None is over 60 lines.
export function createReader({ options, origins, refreshURL }: ReaderDependencies): ReadAnswer {
  const { isRefused, readSession = readSessionData, identify } = options;

  async function readResponse(purpose: Purpose, response: Response): Promise<AuthResult> {
    const { status, headers } = response;
    const answer = { status, headers, data: await response.text() };
    return readAnswer(purpose, answer, response);
  }

  /** An error that an endpoint function threw counts by the status it carries, as errors of axios do. */
  async function readThrown(purpose: Purpose, cause: unknown): Promise<AuthResult> {
    try {
      const answer = fieldsOf(cause)["response"] ?? cause;
      if (isResponse(answer) && !answer.bodyUsed) return await readResponse(purpose, answer);
      const { status, headers: given, data, code, cause: reason } = fieldsOf(answer);
      if (code === "misconfigured") return { kind: code, cause: reason };
      // A success that was thrown all the same is none, and no refusal either.
      if (Number(status) >= 300) {
        // Whatever it is, `Headers` takes it or throws.
        const headers = new Headers(given as HeadersInit);
        return await readAnswer(purpose, { status: Number(status), headers, data });
      }
    } catch {
      // Headers that are none, or a body that broke off: no answer that counts.
    }
    return { kind: "unavailable" };
  }

  /** @param response - where there is one, `data` is its body as text. */
  async function readAnswer(
    purpose: Purpose,
    answer: AuthAnswer,
    response?: Response,
  ): Promise<AuthResult> {
    const { status, headers, data } = answer;
    try {
      let kind = judgeStatus(status, headers, purpose === "login");
      if (response && typeof data === "string") {
        try {
          answer.data = data.trim() ? JSON.parse(data) : undefined;
        } catch {
          if (kind === "success") kind = judgePage(purpose, response);
        }
      }
      const refused = purpose === "refresh" ? isRefused?.(answer) : undefined;
      if (refused) kind = "refused";
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
      // A function may have returned a page as a text, which says no more than its answer would.
      const isText = !response && typeof data === "string" && data && purpose === "refresh";
      const isOpen = token || refused === false || isText;
      return { kind: isOpen ? "unavailable" : "refused", answer };
    } catch (cause) {
      // The app's own code failed, or ours: that says nothing about the session.
      return { kind: "misconfigured", answer, cause };
    }
  }

  /**
   * A success that is no JSON. Without a session, some backends send to their login page: that is a
   * refusal. A captive portal sends elsewhere, or answers its own page: the API has not spoken. A
   * logout needs no JSON, and often leads to a page: only what came from elsewhere is no answer to that.
   */
  function judgePage(purpose: Purpose, { redirected, url, headers }: Response): Verdict {
    const { origin } = origins.resolve(refreshURL) ?? {};
    const isElsewhere = redirected && origins.resolve(url)?.origin !== origin;
    if (purpose === "logout" && !isElsewhere) return "success";
    const isLoginPage = redirected && !isElsewhere && isPage(headers);
    return isLoginPage && purpose === "refresh" ? "refused" : "unavailable";
  }

  return async (purpose, call) => {
    try {
      const returned = await call();
      return await (isResponse(returned)
        ? readResponse(purpose, returned)
        : readAnswer(purpose, { status: 200, headers: new Headers(), data: returned }));
    } catch (cause) {
      // An error of axios shows what was sent.
      const { config, message } = fieldsOf(cause);
      const shown = config ? new Error(String(message)) : cause;
      const result = await readThrown(purpose, cause);
      return result.kind === "success" ? result : { cause: shown, ...result };
    }
  };
}

/** Told by its shape, for a polyfill's `Response` is of another class. */
export function isResponse(value: unknown): value is Response {
  return isRecord(value) && typeof value["text"] === "function";
}
