import { fieldsOf, isRecord } from "../vocabulary/values.js";
import { userOfClaims, type Claims } from "../token/claims.js";
import {
  endpointOf,
  resolveURL,
  type EndpointOptions,
  type Purpose,
} from "../authServer/endpoints.js";
import type { Answered, AuthorizedRequest } from "../request/authorizedRequest.js";
import type { SendAuthorized } from "../request/sendAuthorized.js";
import type { TokenSet } from "../token/tokenSet.js";
import type { OriginGate } from "../authServer/origins.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import type { AuthResult } from "../authServer/authResult.js";
import type { ReadAnswer } from "../authServer/readAnswer.js";

/**
 * Names likely set-up mistakes in the console of a page, once each, with the remedy. It listens and
 * changes nothing, says names but no values, and belongs in no production bundle.
 */
export interface DevWarnings {
  /** Listens to login, refresh and logout. */
  readAnswer(read: ReadAnswer): ReadAnswer;
  /** Listens to the app's requests. */
  send(send: SendAuthorized): SendAuthorized;
}

type Described = Pick<AuthorizedRequest<Answered>, "describe">;

const clockToleranceMs = 300_000;
const localHosts = ["localhost", "127.0.0.1", "[::1]"];
/** Claims that tell about the token (RFC 7519 §4.1, RFC 9068 §2.2 and kin), and ids. */
const namelessClaims =
  /^(iss|aud|sub|exp|nbf|iat|jti|azp|sid|nonce|acr|amr|auth_time|scope|scp|typ|type|token_type|token_use|ver|fresh|csrf|uid|uuid|(.*_)?id|.+Id)$/;

/** What the warnings are told by. */
export interface WarningDependencies {
  readonly options: EndpointOptions;
  readonly origins: OriginGate;
  readonly platform: Platform;
  readonly session: Pick<Session, "getState">;
  /** Of `dispose()`. */
  readonly signal: AbortSignal;
}

export function createDevWarnings({
  options,
  origins,
  platform,
  session,
  signal: disposal,
}: WarningDependencies): DevWarnings {
  const { baseURL } = origins;
  const said = new Set<string>();
  /** Somebody signed in, and no refresh has shown yet that the cookie arrives. */
  let isCookieUnproven = false;
  let hasApiAnswered = false;
  /** The endpoint function that is being called at this very moment. */
  let calling: Purpose | undefined;

  function warnOnce(sentence: string, mistake = sentence): void {
    // A call that is cut off as the Auth is disposed of is no mistake.
    if (disposal.aborted || said.has(mistake)) return;
    said.add(mistake);
    console.warn(`react-authed-query: ${sentence}`);
  }

  function urlOf(purpose: Purpose): string {
    const endpoint = endpointOf(options, purpose);
    return typeof endpoint === "function"
      ? `the \`${purpose}\` function`
      : resolveURL(endpoint.url, origins);
  }

  function isElsewhere(page: URL): boolean {
    return new URL(baseURL, page).origin !== page.origin;
  }

  function compareHosts(page: URL): void {
    const api = new URL(baseURL, page);
    if (api.hostname === page.hostname) return;
    if (!localHosts.includes(api.hostname) || !localHosts.includes(page.hostname)) return;
    warnOnce(
      `The page is on ${page.hostname} and the API on ${api.hostname}: two sites to a browser, which keeps the refresh cookie from one to the other. Use one of the two names for both.`,
    );
  }

  function compareClocks(headers: Headers): void {
    const aheadMs = platform.now() - Date.parse(headers.get("date") ?? "");
    if (!(Math.abs(aheadMs) > clockToleranceMs)) return;
    const minutes = Math.round(Math.abs(aheadMs) / 60_000);
    warnOnce(
      `The clock of this device is ${minutes} min ${aheadMs > 0 ? "ahead of" : "behind"} the server's. The session does not mind, but code that compares \`exp\` with Date.now() will.`,
      "clock",
    );
  }

  function examine(purpose: Purpose, result: AuthResult, page: URL): void {
    compareHosts(page);
    const url = urlOf(purpose);
    if (!result.answer) return examineSilence(purpose, url, result.cause, page);
    const { kind, answer, tokenSet } = result;
    const { status, headers, data } = answer;
    compareClocks(headers);
    const isSuccess = status >= 200 && status < 300;
    if (isSuccess && kind !== "refused" && /^text\/html/i.test(headers.get("content-type") ?? "")) {
      warnOnce(
        `${url} answered a page (text/html): that is the web server, not the API. Let the web server pass it on, or set \`baseURL\` or \`${purpose}\`.`,
      );
    } else if (kind === "misconfigured" && (status === 404 || status === 405)) {
      warnOnce(
        `${url} answered ${status}: there is no such endpoint, or not for this method. Set \`${purpose}\` to a URL, a request or a function${purpose === "logout" ? ", or to `false`" : ""}, or correct \`baseURL\`.`,
      );
    } else if ((status === 502 || status === 504) && !isJSON(headers)) {
      warnOnce(
        `${url} answered ${status}: the proxy reached no API. Start the API, or correct the address to which the proxy passes requests on.`,
        "proxy",
      );
    } else if (tokenSet) {
      examineLifetime(tokenSet.claims, tokenSet.lifetimeSeconds);
      if (purpose === "refresh" && !session.getState().isAuthenticated) examineUser(url, tokenSet);
    } else if (purpose === "logout" && kind === "refused") {
      examineLogout(url, status);
    } else if (isSuccess && kind === "refused") {
      examineBody(purpose, url, data);
    } else if (isSuccess && kind === "unavailable" && isRecord(data)) {
      warnOnce(
        `${url} answered a token with a character that no Bearer header may hold (RFC 6750 §2.1), such as "|" or a space. Return what may be sent as \`accessToken\` from \`readSession\`.`,
      );
    }
    if (purpose === "refresh" && kind === "refused" && !isSuccess && isCookieUnproven) {
      examineCookie(url, status, page);
    }
    if (kind === "success") isCookieUnproven = purpose === "login";
  }

  /** Called without an answer: a browser does not tell a script why. */
  function examineSilence(purpose: Purpose, url: string, cause: unknown, page: URL): void {
    if (!(cause instanceof TypeError) || !isElsewhere(page) || isOffline()) return;
    warnOnce(
      `${url} gave no answer that scripts may see. If it is running: from another origin, ${purpose} needs Access-Control-Allow-Origin: ${page.origin} (no wildcard) and Access-Control-Allow-Credentials: true, on errors too.`,
    );
  }

  function examineBody(purpose: Purpose, url: string, data: unknown): void {
    const place = placeOfToken(data);
    // For a visitor, a refresh without a token is a usual answer.
    if (purpose === "refresh" && !place) return;
    const fields = Object.keys(fieldsOf(data)).join(", ") || "none";
    const found = place ? `What looks like one is in \`${place}\`` : `Its fields are: ${fields}`;
    warnOnce(
      `${url} answered a success without an access token in a usual place. ${found}. Return it as \`accessToken\` from \`readSession\`.`,
    );
  }

  function examineLifetime(claims: Claims | undefined, seconds: number | undefined): void {
    if (seconds !== undefined || typeof options.refresh === "function") return;
    let why = "The access token is no JWT, and the answer tells no lifetime";
    if (claims) why = "The access token has no `exp`, and the answer tells no lifetime";
    if (claims?.["exp"]) {
      // With both it had expired on arrival, and a 401 will tell.
      if (claims["iat"]) return;
      why =
        "The access token has no `iat`, and the answer's Date header cannot be read (expose it)";
    }
    warnOnce(
      `${why}: it is renewed only after a 401. Return \`expiresInSeconds\` from \`readSession\` to renew it in time.`,
    );
  }

  /** Called where a session starts without a sign-in, whose answer may have said more. */
  function examineUser(url: string, { user, claims }: TokenSet): void {
    if (user !== undefined || namesPerson(claims)) return;
    const shown = Object.keys(userOfClaims(claims) ?? {}).join(", ");
    warnOnce(
      `${url} answered no user, and the token names nobody: until the next sign-in \`user\` is ${claims ? `the token's claims alone (${shown})` : "null"}, whatever \`Register\` says. Let the refresh answer \`user\` too, or load it in \`readSession\` or in a \`refresh\` function.`,
    );
  }

  function examineCookie(url: string, status: number, page: URL): void {
    const { refresh } = options;
    // These do without a cookie.
    if (typeof refresh === "function" || (isRecord(refresh) && refresh["sendToken"])) return;
    const elsewhere = isElsewhere(page)
      ? ", the answer to the sign-in needs Access-Control-Allow-Credentials: true, and from another site the cookie needs SameSite=None; Secure"
      : "";
    warnOnce(
      `${url} answered the first refresh after a sign-in with ${status}: the cookie seems not to arrive. Look at the Set-Cookie of the sign-in in the network panel: its Path has to cover the refresh, Secure needs https or localhost${elsewhere}.`,
    );
  }

  function examineLogout(url: string, status: number): void {
    const { logout } = options;
    if (status !== 401 && status !== 403) return;
    if (isRecord(logout) && logout["sendToken"]) return;
    const remedy =
      typeof logout === "function"
        ? "Send the `accessToken` that the function is given"
        : "Set `logout: { url, sendToken: true }` to send it at once; it is sent now, with a second call";
    warnOnce(
      `${url} answered ${status} to a logout without the access token. If it is behind that: ${remedy}.`,
      "logout",
    );
  }

  function examineCaller({ describe }: Described, purpose: Purpose): void {
    const { method, path } = describe();
    inPage(() =>
      warnOnce(
        `The function that does the ${purpose} sent ${method} ${path} through the client, which may wait for that very ${purpose}. Use the \`fetch\` that the function is given.`,
      ),
    );
  }

  function examineFailure({ describe }: Described, error: unknown): void {
    const isSilence = error instanceof TypeError || fieldsOf(error)["code"] === "ERR_NETWORK";
    // If its successes can be seen, it is there.
    if (!isSilence || !hasApiAnswered) return;
    inPage((page) => {
      if (!isElsewhere(page) || isOffline()) return;
      const { method, path } = describe();
      warnOnce(
        `${method} ${path} gave no answer that scripts may see. If the network panel shows a 401, the API's errors lack the CORS headers, and no refresh can follow: send Access-Control-Allow-Origin: ${page.origin} on errors too.`,
        "silence",
      );
    });
  }

  /** Looks into it if there is a page: servers are told nothing. */
  function inPage(examineIn: (page: URL) => void): void {
    try {
      const page = platform.documentURL();
      if (page !== undefined) examineIn(new URL(page));
    } catch {
      // A URL that is none, say: to look for a mistake must not be one.
    }
  }

  return {
    readAnswer: (read) => async (purpose, call) => {
      const result = await read(purpose, () => {
        calling = purpose;
        try {
          return call();
        } finally {
          calling = undefined;
        }
      });
      inPage((page) => examine(purpose, result, page));
      return result;
    },

    send: (send) => async (request) => {
      // Only a function that sends at once is known for sure; whoever sends later may be anyone.
      if (calling) examineCaller(request, calling);
      try {
        const answer = await send(request);
        hasApiAnswered = true;
        return answer;
      } catch (error) {
        examineFailure(request, error);
        throw error;
      }
    },
  };
}

function isJSON(headers: Headers): boolean {
  return /json/i.test(headers.get("content-type") ?? "");
}

/** The claims tell more of a person than ids: a name, an address, or something of the app's own. */
function namesPerson(claims: Claims = {}): boolean {
  return Object.entries(claims).some(
    ([name, value]) => !namelessClaims.test(name) || String(value).includes("@"),
  );
}

function isOffline(): boolean {
  return typeof navigator !== "undefined" && "onLine" in navigator && !navigator.onLine;
}

/** Where in a body there is a JWT, such as `data.idToken`. */
function placeOfToken(value: unknown, path = "", depth = 3): string | undefined {
  if (typeof value === "string") {
    return /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(value) ? path : undefined;
  }
  if (depth === 0) return undefined;
  return Object.entries(fieldsOf(value))
    .filter(([name]) => !/refresh/i.test(name))
    .map(([name, inner]) => placeOfToken(inner, path ? `${path}.${name}` : name, depth - 1))
    .find((place) => place !== undefined);
}
