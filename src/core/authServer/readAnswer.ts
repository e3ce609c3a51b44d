import { fieldsOf, isRecord } from "../vocabulary/values.js";
import { isUsableToken, lifetimeSeconds, readClaims } from "../token/accessToken.js";
import type { Purpose } from "./endpoints.js";
import { createGrant, type Grant } from "../token/tokenSet.js";
import type { Identify } from "../token/identity.js";
import type { AuthOptions } from "../options.js";
import { readSessionData } from "./readSession.js";
import { isPage, judgeStatus, type AuthAnswer } from "./verdict.js";
import type { Verdict } from "../vocabulary/events.js";

/** What the auth server said: a grant, or why there is none. */
export interface Reading {
  verdict: Verdict;
  grant?: Grant | undefined;
  answer?: AuthAnswer | undefined;
  cause?: unknown;
}

/** Makes a call and reads what comes of it. Never rejects. */
export type ReadAnswer = (purpose: Purpose, call: () => unknown) => Promise<Reading>;

/** @param isAtHome - whether a URL is of the refresh URL's own origin. */
export function createReader(
  { isRefused, readSession }: AuthOptions,
  identify: Identify | undefined,
  isAtHome: (url: string) => boolean,
): ReadAnswer {
  async function readResponse(purpose: Purpose, response: Response): Promise<Reading> {
    return read(purpose, response.status, response.headers, await response.text(), response);
  }

  /** What an endpoint function threw counts by the status it carries, as errors of axios do. */
  async function readThrown(purpose: Purpose, cause: unknown): Promise<Reading> {
    try {
      const answer = fieldsOf(cause)["response"] ?? cause;
      if (isResponse(answer) && !answer.bodyUsed) return await readResponse(purpose, answer);
      const { status, headers, data, code, cause: reason } = fieldsOf(answer);
      if (code === "misconfigured") return { verdict: code, cause: reason };
      // A success that was thrown all the same is none, and no refusal either.
      if (Number(status) >= 300) {
        return await read(purpose, Number(status), new Headers(headers as HeadersInit), data);
      }
    } catch {
      // Headers that are none, or a body that broke off: no answer that counts.
    }
    return { verdict: "unavailable" };
  }

  async function read(
    purpose: Purpose,
    status: number,
    headers: Headers,
    body: unknown,
    response?: Response,
  ): Promise<Reading> {
    const answer: AuthAnswer = { status, headers, data: body };
    try {
      let verdict = judgeStatus(status, headers, purpose === "login");
      if (response && typeof body === "string") {
        try {
          answer.data = body.trim() ? JSON.parse(body) : undefined;
        } catch {
          // Without a session, some backends send to their login page: that is a refusal. A captive
          // portal sends elsewhere, or answers its own page: the API has not spoken. A logout needs
          // no JSON, and often leads to a page: for that only what came from elsewhere is no answer.
          const isElsewhere = response.redirected && !isAtHome(response.url);
          if (verdict === "success" && (isElsewhere || purpose !== "logout")) {
            const isLoginPage = response.redirected && !isElsewhere && isPage(headers);
            verdict = isLoginPage && purpose === "refresh" ? "refused" : "unavailable";
          }
        }
      }
      const { data } = answer;
      const refused = purpose === "refresh" ? isRefused?.(answer) : undefined;
      if (refused) verdict = "refused";
      else if (refused === false && verdict === "refused") verdict = "unavailable";
      if (verdict !== "success" || purpose === "logout") return { verdict, answer };
      const found = await (readSession ?? readSessionData)(data, response);
      const { accessToken: token, expiresInSeconds, user } = found ?? {};
      if (!token) {
        // A function may have returned a page as a text, which says no more than its answer would.
        const isText = purpose === "refresh" && !response && typeof data === "string" && data;
        return { verdict: refused === false || isText ? "unavailable" : "refused", answer };
      }
      if (!isUsableToken(token)) return { verdict: "unavailable", answer };
      const lifetime =
        (readSession && expiresInSeconds) ??
        lifetimeSeconds(readClaims(token), expiresInSeconds, Date.parse(headers.get("date") ?? ""));
      return { verdict, answer, grant: createGrant(token, lifetime, user ?? undefined, identify) };
    } catch (cause) {
      // The app's own code failed, or ours: that says nothing about the session.
      return { verdict: "misconfigured", answer, cause };
    }
  }

  return async (purpose, call) => {
    try {
      const result = await call();
      return await (isResponse(result)
        ? readResponse(purpose, result)
        : read(purpose, 200, new Headers(), result));
    } catch (cause) {
      // An error of axios shows what was sent.
      const { config, message } = fieldsOf(cause);
      const shown = config ? new Error(String(message)) : cause;
      return { cause: shown, ...(await readThrown(purpose, cause)) };
    }
  };
}

/** Told by its shape, for a polyfill's `Response` is of another class. */
export function isResponse(value: unknown): value is Response {
  return isRecord(value) && typeof value["text"] === "function";
}
