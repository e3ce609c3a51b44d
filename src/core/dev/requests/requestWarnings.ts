import { isPage } from "../../authServer/authResult.js";
import type { Purpose } from "../../authServer/endpoints.js";
import { fieldsOf } from "../../vocabulary/values.js";
import type { Fault } from "../warning/seenAnswer.js";
import { doubledBase, isOffline } from "../warning/urls.js";

/** A request of the app, as far as a sentence may name it. */
export interface RequestName {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
}

/** A request that is sent as it is, without the session. */
export interface PlainRequest extends RequestName {
  /** The origin may see the token. */
  readonly isAllowed: boolean;
  /** It has `auth`, or the header that the token would go into. */
  readonly bringsItsOwn: boolean;
  /** `defaults.baseURL` of the client leads there, and not the request alone. */
  readonly isByDefault: boolean;
}

/** A function that does login, refresh or logout must not wait for itself. */
export function callThroughClient({ method, path }: RequestName, purpose: Purpose): Fault {
  return {
    sentence: `The function that does the ${purpose} sent ${method} ${path} through the client, which may wait for that very ${purpose}. Use the \`fetch\` that the function is given.`,
  };
}

/** A failure without an answer, though the API's successes can be seen: it is there. */
export function errorWithoutCORS(
  { method, origin, path }: RequestName,
  error: unknown,
  page: URL,
): Fault | undefined {
  const isSilence = error instanceof TypeError || fieldsOf(error)["code"] === "ERR_NETWORK";
  if (!isSilence || origin === page.origin || isOffline()) return undefined;
  return {
    mistake: "silence",
    sentence: `${method} ${path} gave no answer that scripts may see. If the network panel shows a 401, the API's errors lack the CORS headers, and no refresh can follow: send Access-Control-Allow-Origin: ${page.origin} on errors too.`,
  };
}

/** The app writes the path of `baseURL` once more. */
export function doubledPath(
  { method, path }: RequestName,
  status: number | undefined,
  basePath: string,
): Fault | undefined {
  const meant = status === 404 ? doubledBase(path, basePath) : undefined;
  if (!meant) return undefined;
  return {
    mistake: "doubled",
    sentence: `${method} ${path} answered 404: ${basePath} is in it twice, because the URL of a request starts from \`baseURL\`. Ask for "${meant}".`,
  };
}

/** A page in place of the API's answer, from the page's own web server. */
export function pageForData(
  { method, path, origin }: RequestName,
  status: number,
  headers: Headers,
  page: URL,
): Fault | undefined {
  if (status !== 200 || !isPage(headers) || origin !== page.origin) return undefined;
  return {
    mistake: "page",
    sentence: `${method} ${path} answered a page (text/html), as the web server does for a path that it does not know, and the API has answered nothing yet. If that is the API's path, let the web server pass it on (in Vite with \`server.proxy\`), or set \`baseURL\`.`,
  };
}

/** A header of the request's own keeps the token away. */
export function ownHeader(request: PlainRequest, header: string): Fault | undefined {
  const { method, path, isAllowed, bringsItsOwn } = request;
  if (!bringsItsOwn || !isAllowed) return undefined;
  return {
    mistake: "own header",
    sentence: `${method} ${path} brings its own ${header} (from its headers, the client's defaults, an interceptor, or \`auth\`), so it is sent as with \`skipAuth\`: without the token, and no 401 is followed by a refresh. Leave that out, or say \`skipAuth: true\` if it is meant.`,
  };
}

/** The token stays at home, and the server over there wants it. */
export function originNotAllowed(
  request: PlainRequest,
  status: number | undefined,
): Fault | undefined {
  const { method, origin, path, bringsItsOwn, isByDefault } = request;
  if (bringsItsOwn || (status !== 401 && !isByDefault)) return undefined;
  const why = isByDefault
    ? "`defaults.baseURL` of the client was changed after createAuth(), which goes by the first one"
    : `it answered 401, and is not the origin of \`baseURL\``;
  return {
    mistake: `origin ${origin}`,
    sentence: `${method} ${path} was sent to ${origin} without the token: ${why}. If your API is there, ${isByDefault ? "give createAuth() that `baseURL`, or " : ""}add "${origin}" to \`allowedOrigins\`.`,
  };
}
