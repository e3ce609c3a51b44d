import type { Platform } from "../platform/platform.js";
import { authorization } from "../token/accessToken.js";
import { AuthError } from "../vocabulary/errors.js";
import { kindOf } from "../vocabulary/values.js";
import {
  resolveURL,
  type EndpointContext,
  type EndpointRequest,
  type Purpose,
} from "./endpoints.js";
import type { OriginGate } from "./origins.js";
import { isResponse } from "./readAnswer.js";

/** The options that say how login, refresh and logout are sent. */
export interface SendOptions {
  /**
   * Used for refresh, login, logout and `auth.fetch`; the global `fetch` if omitted. Has to take a
   * `Request` and an `init` beside it, as the standard says: `auth.fetch` gives it both.
   */
  fetch?: (input: RequestInfo, init: RequestInit) => Promise<Response>;
  /** Copies a cookie into a header of login, refresh and logout (double submit). Off if omitted. */
  csrf?: { cookie: string; header: string };
  /**
   * The header of the token; `"Authorization"` if omitted. When the API redirects to another origin,
   * browsers take that header away, and no other one.
   */
  header?: string;
  /** The word before the token; `"Bearer"` if omitted, `""` for none. */
  scheme?: string;
}

/** What sending depends on. */
export interface SenderDependencies {
  readonly options: SendOptions & Required<Pick<SendOptions, "header" | "scheme">>;
  readonly platform: Platform;
  readonly origins: OriginGate;
}

/** Sends to the auth server: with cookies, and so that a reload does not cut it off. */
export async function sendToServer(
  purpose: Purpose,
  path: string,
  init: RequestInit,
  { options, platform, origins }: SenderDependencies,
): Promise<Response> {
  const { csrf, fetch } = options;
  const url = resolveURL(path, origins);
  const headers = new Headers(init.headers);
  // A secret between the page and its API, and no one else's.
  const csrfToken = csrf && origins.allows(url) && platform.readCookie(csrf.cookie);
  if (csrfToken) headers.set(csrf.header, csrfToken);
  let cause: unknown = new TypeError("No Response");
  try {
    const response = await (fetch ?? platform.fetch)(url, {
      // Without keepalive, a reload between rotation and answer loses the rotated cookie. With it,
      // browsers refuse bodies of more than 64 KiB, and the body of a login may be larger.
      keepalive: purpose !== "login",
      credentials: "include",
      ...init,
      headers,
    });
    if (isResponse(response)) return response;
  } catch (error) {
    // On a server a relative URL leads nowhere, however often it is tried.
    if (fetch ?? origins.resolve(url)) throw error;
    cause = error;
  }
  throw new AuthError("misconfigured", {}, cause);
}

/**
 * Sends the request that an endpoint is: as a function in its place would.
 *
 * @param forceToken - sends the token along even if the request does not say so.
 */
export function sendRequest(
  { url, method = "POST", headers, body, sendToken }: EndpointRequest,
  { credentials, accessToken, fetch }: EndpointContext,
  { header, scheme }: SenderDependencies["options"],
  forceToken: boolean | undefined,
): Promise<Response> {
  const sent = new Headers({ accept: "application/json", ...headers });
  if ((sendToken || forceToken) && accessToken)
    sent.set(header, authorization(scheme, accessToken));
  const content = joinContent(body, credentials);
  const isJSON = !/^(String|FormData|URLSearchParams|Blob|File)$/.test(kindOf(content));
  if (isJSON && !sent.has("content-type")) sent.set("content-type", "application/json");
  const init: RequestInit = { method, headers: sent };
  // A request without a body cannot be given one. What is not JSON is a form, a string, a Blob.
  if (!/^(get|head)$/i.test(method)) {
    init.body = isJSON ? JSON.stringify(content) : (content as BodyInit);
  }
  return fetch(url, init);
}

/** The fields of both, as a form if one of them is one; one alone where the other has none. */
function joinContent(body: unknown, credentials: unknown): unknown {
  const kinds = [body, credentials].map(kindOf);
  if (!kinds.every((kind) => /^(Object|FormData|URLSearchParams)$/.test(kind))) {
    return body ?? credentials ?? {};
  }
  // By their kinds all have fields, and a form lists them itself.
  const fields = ([body, credentials] as (object | FormData)[]).flatMap((part) => [
    ...(Symbol.iterator in part ? part : Object.entries(part)),
  ]);
  if (kinds.every((kind) => kind === "Object")) return Object.fromEntries(fields);
  const form = kinds.includes("FormData") ? new FormData() : new URLSearchParams();
  for (const [name, value] of fields) if (value !== undefined) form.append(name, value);
  return form;
}
