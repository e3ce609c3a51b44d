import type { AuthAnswer, AuthResult } from "../authServer/authResult.js";
import { isPage } from "../authServer/authResult.js";
import {
  endpointOf,
  resolveURL,
  type EndpointOptions,
  type Purpose,
} from "../authServer/endpoints.js";
import type { OriginGate } from "../authServer/origins.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import { userOfClaims, type Claims } from "../token/claims.js";
import type { TokenSet } from "../token/tokenSet.js";
import { fieldsOf, isRecord } from "../vocabulary/values.js";

/** What the warnings are told by. */
export interface WarningContext {
  readonly options: EndpointOptions;
  readonly origins: OriginGate;
  readonly platform: Platform;
  readonly session: Pick<Session, "getState">;
  /** @param mistake - names it: each is told once. */
  warnOnce(sentence: string, mistake?: string): void;
  readonly memory: {
    /** Somebody signed in, and no refresh has shown yet that the cookie arrives. */
    isCookieUnproven: boolean;
  };
}

/** A call to the auth server, as it is looked at. */
interface Examination extends WarningContext {
  readonly purpose: Purpose;
  /** Where it went, or which function made it. */
  readonly url: string;
  readonly page: URL;
}

const clockToleranceMs = 300_000;
const localHosts = ["localhost", "127.0.0.1", "[::1]"];
/** Claims that tell about the token (RFC 7519 §4.1, RFC 9068 §2.2 and kin), and ids. */
const namelessClaims =
  /^(iss|aud|sub|exp|nbf|iat|jti|azp|sid|nonce|acr|amr|auth_time|scope|scp|typ|type|token_type|token_use|ver|fresh|csrf|uid|uuid|(.*_)?id|.+Id)$/;

/** Looks for set-up mistakes in what came of a call. */
export function examineAnswer(
  context: WarningContext,
  purpose: Purpose,
  result: AuthResult,
  page: URL,
): void {
  const examination = { ...context, purpose, page, url: urlOf(context, purpose) };
  compareHosts(examination);
  const { kind, answer, tokenSet } = result;
  if (!answer) return examineSilence(examination, result.cause);
  const { status, headers } = answer;
  compareClocks(examination, headers);
  if (tokenSet) examineTokenSet(examination, tokenSet);
  else examineStatus(examination, kind, answer);
  const isRefusedByStatus = kind === "refused" && !isSuccess(status);
  if (purpose === "refresh" && isRefusedByStatus && context.memory.isCookieUnproven) {
    examineCookie(examination, status);
  }
  if (kind === "success") context.memory.isCookieUnproven = purpose === "login";
}

function examineTokenSet(examination: Examination, tokenSet: TokenSet): void {
  const { purpose, session } = examination;
  examineLifetime(examination, tokenSet);
  const isSignedIn = session.getState().isAuthenticated;
  if (purpose === "refresh" && !isSignedIn) examineUser(examination, tokenSet);
}

function examineStatus(
  examination: Examination,
  kind: AuthResult["kind"],
  { status, headers, data }: AuthAnswer,
): void {
  const { purpose, url, warnOnce } = examination;
  if (isSuccess(status) && kind !== "refused" && isPage(headers)) {
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
  } else if (purpose === "logout" && kind === "refused") {
    examineLogout(examination, status);
  } else if (isSuccess(status) && kind === "refused") {
    examineBody(examination, data);
  } else if (isSuccess(status) && kind === "unavailable" && isRecord(data)) {
    warnOnce(
      `${url} answered a token with a character that no Bearer header may hold (RFC 6750 §2.1), such as "|" or a space. Return what may be sent as \`accessToken\` from \`readSession\`.`,
    );
  }
}

function urlOf({ options, origins }: WarningContext, purpose: Purpose): string {
  const endpoint = endpointOf(options, purpose);
  return typeof endpoint === "function"
    ? `the \`${purpose}\` function`
    : resolveURL(endpoint.url, origins);
}

/** The API is of another origin than the page. */
export function isElsewhere(origins: OriginGate, page: URL): boolean {
  return new URL(origins.baseURL, page).origin !== page.origin;
}

function compareHosts({ origins, page, warnOnce }: Examination): void {
  const api = new URL(origins.baseURL, page);
  if (api.hostname === page.hostname) return;
  if (!localHosts.includes(api.hostname) || !localHosts.includes(page.hostname)) return;
  warnOnce(
    `The page is on ${page.hostname} and the API on ${api.hostname}: two sites to a browser, which keeps the refresh cookie from one to the other. Use one of the two names for both.`,
  );
}

function compareClocks({ platform, warnOnce }: Examination, headers: Headers): void {
  const aheadMs = platform.now() - Date.parse(headers.get("date") ?? "");
  if (!(Math.abs(aheadMs) > clockToleranceMs)) return;
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  warnOnce(
    `The clock of this device is ${minutes} min ${aheadMs > 0 ? "ahead of" : "behind"} the server's. The session does not mind, but code that compares \`exp\` with Date.now() will.`,
    "clock",
  );
}

/** Called without an answer: a browser does not tell a script why. */
function examineSilence(
  { origins, purpose, url, page, warnOnce }: Examination,
  cause: unknown,
): void {
  if (!(cause instanceof TypeError) || !isElsewhere(origins, page) || isOffline()) return;
  warnOnce(
    `${url} gave no answer that scripts may see. If it is running: from another origin, ${purpose} needs Access-Control-Allow-Origin: ${page.origin} (no wildcard) and Access-Control-Allow-Credentials: true, on errors too.`,
  );
}

function examineBody({ purpose, url, warnOnce }: Examination, data: unknown): void {
  const place = placeOfToken(data);
  // For a visitor, a refresh without a token is a usual answer.
  if (purpose === "refresh" && !place) return;
  const fields = Object.keys(fieldsOf(data)).join(", ") || "none";
  const found = place ? `What looks like one is in \`${place}\`` : `Its fields are: ${fields}`;
  warnOnce(
    `${url} answered a success without an access token in a usual place. ${found}. Return it as \`accessToken\` from \`readSession\`.`,
  );
}

function examineLifetime(
  { options, warnOnce }: Examination,
  { claims, lifetimeSeconds }: TokenSet,
): void {
  if (lifetimeSeconds !== undefined || typeof options.refresh === "function") return;
  let why = "The access token is no JWT, and the answer tells no lifetime";
  if (claims) why = "The access token has no `exp`, and the answer tells no lifetime";
  if (claims?.["exp"]) {
    // With both it had expired on arrival, and a 401 will tell.
    if (claims["iat"]) return;
    why = "The access token has no `iat`, and the answer's Date header cannot be read (expose it)";
  }
  warnOnce(
    `${why}: it is renewed only after a 401. Return \`expiresInSeconds\` from \`readSession\` to renew it in time.`,
  );
}

/** Called where a session starts without a sign-in, whose answer may have said more. */
function examineUser({ url, warnOnce }: Examination, { user, claims }: TokenSet): void {
  if (user !== undefined || namesPerson(claims)) return;
  const shown = Object.keys(userOfClaims(claims) ?? {}).join(", ");
  warnOnce(
    `${url} answered no user, and the token names nobody: until the next sign-in \`user\` is ${claims ? `the token's claims alone (${shown})` : "null"}, whatever \`Register\` says. Let the refresh answer \`user\` too, or load it in \`readSession\` or in a \`refresh\` function.`,
  );
}

function examineCookie(
  { options, origins, url, page, warnOnce }: Examination,
  status: number,
): void {
  const { refresh } = options;
  // These do without a cookie.
  if (typeof refresh === "function" || (isRecord(refresh) && refresh["sendToken"])) return;
  const elsewhere = isElsewhere(origins, page)
    ? ", the answer to the sign-in needs Access-Control-Allow-Credentials: true, and from another site the cookie needs SameSite=None; Secure"
    : "";
  warnOnce(
    `${url} answered the first refresh after a sign-in with ${status}: the cookie seems not to arrive. Look at the Set-Cookie of the sign-in in the network panel: its Path has to cover the refresh, Secure needs https or localhost${elsewhere}.`,
  );
}

function examineLogout({ options, url, warnOnce }: Examination, status: number): void {
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

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
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

/** A browser that says so. */
export function isOffline(): boolean {
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
