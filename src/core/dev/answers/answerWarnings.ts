import { isPage } from "../../authServer/authResult.js";
import { userOfClaims, type Claims } from "../../token/accessToken.js";
import { fieldsOf, isRecord } from "../../vocabulary/values.js";
import type { Fault, SeenAnswer } from "../warning/seenAnswer.js";
import { missingEndpoint } from "./missingEndpoint.js";

/** Looks for one mistake in an answer. */
type Rule = (seen: SeenAnswer) => Fault | undefined;

/** The fault that an answer shows: one at most, of the first rule that finds one. */
export function faultOfAnswer(seen: SeenAnswer): Fault | undefined {
  const rules: Rule[] = [
    pageInPlaceOfAPI,
    missingEndpoint,
    deadProxy,
    missingCSRFToken,
    wrongMediaType,
    tokenInUnusualPlace,
    unusableToken,
  ];
  return firstOf(rules, seen);
}

/** The faults of an answer that holds a token. */
export function faultsOfTokenSet(seen: SeenAnswer): (Fault | undefined)[] {
  return [unknownLifetime(seen), firstOf([nobodyNamed, userOfClaimsAlone], seen)];
}

function firstOf(rules: Rule[], seen: SeenAnswer): Fault | undefined {
  return rules.map((rule) => rule(seen)).find((fault) => fault !== undefined);
}

function isSuccess({ answer: { status } }: SeenAnswer): boolean {
  return status >= 200 && status < 300;
}

function contentType({ answer: { headers } }: SeenAnswer): string {
  return headers.get("content-type") ?? "";
}

function pageInPlaceOfAPI(seen: SeenAnswer): Fault | undefined {
  const { url, purpose, kind, answer } = seen;
  if (!isSuccess(seen) || !isPage(answer.headers)) return undefined;
  // A logout may well lead to a page, and a refresh that is refused to that for signing in.
  if (purpose === "logout" || kind === "refused") return undefined;
  return {
    sentence: `${url} answered a page (text/html): that is the web server, not the API. Let the web server pass it on (a proxy, in development), or set \`baseURL\` or \`${purpose}\`.`,
  };
}

/**
 * Of proxies that find nobody to pass a request on to: 502 and 504; Vite 5 to 7 say 500 without a
 * word, and the rewrites of Next.js 500 without a type.
 */
function deadProxy(seen: SeenAnswer): Fault | undefined {
  const { url, answer, isElsewhere } = seen;
  const { status, data } = answer;
  const type = contentType(seen);
  const isGateway = (status === 502 || status === 504) && !/json/i.test(type);
  const isDevServer =
    status === 500 &&
    !isElsewhere &&
    ((type === "text/plain" && data === undefined) ||
      (type === "" && data === "Internal Server Error"));
  if (!isGateway && !isDevServer) return undefined;
  return {
    mistake: "proxy",
    sentence: `${url} answered ${status}: the proxy reached no API. Start the API, or correct the address to which the proxy passes requests on.`,
  };
}

/** The double submit of a cookie: the server wants it, or has not got it. */
function missingCSRFToken(seen: SeenAnswer): Fault | undefined {
  const { url, options, answer, hasCSRFCookie } = seen;
  const { status, data } = answer;
  if (hasCSRFCookie || (status !== 403 && status !== 419)) return undefined;
  if (options.csrf) {
    return {
      mistake: "csrf",
      sentence: `${url} answered ${status}, and was sent without the header of \`csrf\`: there is no cookie \`${options.csrf.cookie}\` that scripts of this page can read. It must not be HttpOnly, and its Path and Domain have to cover the page; get it with a first request if the API sets it there.`,
    };
  }
  if (status !== 419 && !/csrf|xsrf/i.test(JSON.stringify(data) ?? "")) return undefined;
  return {
    mistake: "csrf",
    sentence: `${url} answered ${status}: it wants a CSRF token. If the API sets that as a cookie, name it and the header that it goes into: \`csrf: { cookie, header }\`.`,
  };
}

/** A form that the login endpoint reads, and no JSON. */
function wrongMediaType({ url, purpose, answer }: SeenAnswer): Fault | undefined {
  const { status, data } = answer;
  if (purpose !== "login") return undefined;
  const missing = status === 422 ? missingFields(fieldsOf(data)["detail"]) : [];
  if (status !== 415 && missing.length === 0) return undefined;
  const why =
    status === 415
      ? "it takes no credentials of this kind"
      : `it found no ${missing.join(" and no ")}. If login() was given these, it reads a form`;
  return {
    mistake: "media type",
    sentence: `${url} answered ${status}: ${why}. An object is sent as JSON; for a form give login() a URLSearchParams or a FormData.`,
  };
}

/** The fields of a body that FastAPI says are missing. */
function missingFields(detail: unknown): string[] {
  if (!Array.isArray(detail)) return [];
  return detail.map(fieldsOf).flatMap(({ type, loc }) => {
    const [where, field] = Array.isArray(loc) ? loc.map(String) : [];
    return type === "missing" && where === "body" ? `\`${field}\`` : [];
  });
}

function tokenInUnusualPlace(seen: SeenAnswer): Fault | undefined {
  const { url, purpose, kind, answer } = seen;
  if (!isSuccess(seen) || kind !== "refused" || purpose === "logout") return undefined;
  const place = placeOfToken(answer.data);
  // For a visitor, a refresh without a token is a usual answer.
  if (purpose === "refresh" && !place) return undefined;
  const fields = Object.keys(fieldsOf(answer.data)).join(", ") || "none";
  const found = place ? `What looks like one is in \`${place}\`` : `Its fields are: ${fields}`;
  return {
    sentence: `${url} answered a success without an access token in a usual place. ${found}. Return it as \`accessToken\` from \`readSession\`.`,
  };
}

function unusableToken(seen: SeenAnswer): Fault | undefined {
  const { url, purpose, kind, answer } = seen;
  const isToken = purpose !== "logout" && isRecord(answer.data);
  if (!isSuccess(seen) || kind !== "unavailable" || !isToken) return undefined;
  return {
    mistake: "token",
    sentence: `${url} answered a token with a character that no Bearer header may hold (RFC 6750 §2.1), such as "|" or a space. Return what may be sent as \`accessToken\` from \`readSession\`.`,
  };
}

function unknownLifetime({ tokenSet, options }: SeenAnswer): Fault | undefined {
  if (
    !tokenSet ||
    tokenSet.lifetimeSeconds !== undefined ||
    typeof options.refresh === "function"
  ) {
    return undefined;
  }
  const { claims } = tokenSet;
  let why = "The access token is no JWT, and the answer tells no lifetime";
  if (claims) why = "The access token has no `exp`, and the answer tells no lifetime";
  if (claims?.["exp"]) {
    // With both it had expired on arrival, and a 401 will tell.
    if (claims["iat"]) return undefined;
    why = "The access token has no `iat`, and the answer's Date header cannot be read (expose it)";
  }
  return {
    mistake: "lifetime",
    sentence: `${why}: it is renewed only after a 401. Return \`expiresInSeconds\` from \`readSession\` to renew it in time.`,
  };
}

function nobodyNamed({
  url,
  purpose,
  tokenSet,
  options,
  isSignedIn,
}: SeenAnswer): Fault | undefined {
  const isKnown = tokenSet && Object.values(tokenSet.identity).some((value) => value !== undefined);
  // A refresh leaves it at what the sign-in has said.
  if (!tokenSet || isKnown || (purpose === "refresh" && isSignedIn)) return undefined;
  const token = tokenSet.claims
    ? `its token has no claim that names a person (${namesOf(tokenSet.claims)})`
    : "its token is no JWT";
  const user = tokenSet.user === undefined ? "no `user`" : "a `user` without an id";
  const isNull = tokenSet.user === undefined && !tokenSet.claims ? ", and `user` is null" : "";
  const remedy = options.identify
    ? "let `identify` return what tells them apart"
    : "give createAuth `identify`";
  return {
    mistake: "nobody",
    sentence: `${url} answered ${user}, and ${token}: nothing tells one person from another${isNull}. A sign-in over a session counts as another person's each time. Let the answer hold a \`user\` with an \`id\`, or ${remedy}.`,
  };
}

/** Only where a session starts without a sign-in, whose answer may have said more. */
function userOfClaimsAlone({ url, purpose, tokenSet, isSignedIn }: SeenAnswer): Fault | undefined {
  if (!tokenSet || purpose !== "refresh" || isSignedIn) return undefined;
  if (tokenSet.user !== undefined || namesPerson(tokenSet.claims)) return undefined;
  const shown = tokenSet.claims ? `the token's claims alone (${namesOf(tokenSet.claims)})` : "null";
  return {
    mistake: "user",
    sentence: `${url} answered no user, and the token names nobody: until the next sign-in \`user\` is ${shown}, whatever \`Register\` says. Let the refresh answer \`user\` too, or load it in a \`refresh\` function.`,
  };
}

function namesOf(claims: Claims): string {
  return Object.keys(userOfClaims(claims) ?? {}).join(", ") || "none";
}

/** Claims that tell about the token (RFC 7519 §4.1, RFC 9068 §2.2 and kin), and ids. */
const namelessClaims =
  /^(iss|aud|sub|exp|nbf|iat|jti|azp|sid|nonce|acr|amr|auth_time|scope|scp|typ|type|token_type|token_use|ver|fresh|csrf|uid|uuid|(.*_)?id|.+Id)$/;

/** The claims tell more of a person than ids: a name, an address, or something of the app's own. */
function namesPerson(claims: Claims = {}): boolean {
  return Object.entries(claims).some(
    ([name, value]) => !namelessClaims.test(name) || String(value).includes("@"),
  );
}

/** The place of a JWT in a body, such as `data.idToken`. */
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
