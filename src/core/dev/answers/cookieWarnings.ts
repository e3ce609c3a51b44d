import { fieldsOf, isRecord } from "../../vocabulary/values.js";
import type { Fault, SeenAnswer } from "../warning/seenAnswer.js";
import { isLocalHost } from "../warning/urls.js";

/** Follows the refresh token from a sign-in to the first refresh after it. */
export interface CookieWatch {
  /** The fault that counts once that refresh is refused. */
  examine(seen: SeenAnswer): Fault | undefined;
}

export function createCookieWatch(): CookieWatch {
  /** Somebody signed in, and no refresh has shown yet that the cookie arrives. */
  let isUnproven = false;
  /** The place of a refresh token in the answer to that sign-in. */
  let tokenField: string | undefined;

  return {
    examine(seen) {
      const { purpose, kind, answer } = seen;
      if (kind === "success") {
        isUnproven = purpose === "login";
        tokenField = isUnproven ? refreshTokenIn(answer.data) : undefined;
        return undefined;
      }
      const isFirst = isUnproven && purpose === "refresh" && kind === "refused";
      if (!isFirst || answer.status < 300 || needsNoCookie(seen)) return undefined;
      return { mistake: "cookie", sentence: sentenceFor(seen, tokenField) };
    },
  };
}

function needsNoCookie({ options: { refresh } }: SeenAnswer): boolean {
  return typeof refresh === "function" || (isRecord(refresh) && Boolean(refresh["sendToken"]));
}

function sentenceFor(seen: SeenAnswer, tokenField: string | undefined): string {
  const { url, answer } = seen;
  const answered = `${url} answered the first refresh after a sign-in with ${answer.status}`;
  if (tokenField) {
    return `${answered}. The answer to the sign-in has a refresh token in its body (\`${tokenField}\`), and that is not kept: no script should see it. Have the server set it as an HttpOnly cookie, or let a server of yours in between do so: docs/backends.md, "A wrapper that keeps the refresh token in a cookie".`;
  }
  if (wantsBearer(seen)) {
    return `${answered}, and asks for an access token: the refresh is behind the guard of the API. Take it out of there, because the cookie alone says who asks. If the refresh needs an access token that is still good, set \`refresh: { url, sendToken: true }\`.`;
  }
  return `${answered}: the cookie seems not to arrive. Look at the Set-Cookie of the sign-in in the network panel: ${needsOf(seen).join(", ")}.`;
}

/** The attributes that the cookie needs to arrive at this URL. */
function needsOf({ endpointURL, isElsewhere }: SeenAnswer): string[] {
  const needs = ["its Path has to cover the refresh"];
  if (endpointURL.protocol === "http:") {
    needs.push(
      isLocalHost(endpointURL)
        ? "Secure needs https or localhost"
        : "browsers keep no Secure cookie that comes over http, so use https (or leave Secure and SameSite=None out in development)",
    );
  }
  if (isElsewhere) {
    needs.push(
      "the answer to the sign-in needs Access-Control-Allow-Credentials: true, and from another site the cookie needs SameSite=None; Secure",
    );
  }
  return needs;
}

/** The answer asks for a Bearer token, in its header or in the words of the usual guards. */
function wantsBearer({ answer: { headers, data } }: SeenAnswer): boolean {
  const challenge = headers.get("www-authenticate") ?? "";
  if (/^bearer\b/i.test(challenge) && !/invalid_token|invalid_grant/.test(challenge)) return true;
  const guards =
    /(missing|no|provide|without).{0,20}\b(authorization header|auth token|access token|bearer)|^not authenticated$|credentials were not provided/i;
  return Object.values(fieldsOf(data)).some((text) => guards.test(String(text)));
}

/** The place of a refresh token in a body, such as `data.refresh_token`. */
function refreshTokenIn(value: unknown, path = "", depth = 3): string | undefined {
  if (depth === 0) return undefined;
  for (const [name, field] of Object.entries(fieldsOf(value))) {
    const place = path ? `${path}.${name}` : name;
    const isOne = /^refresh(_?token)?$/i.test(name) && typeof field === "string" && field !== "";
    const found = isOne ? place : refreshTokenIn(field, place, depth - 1);
    if (found) return found;
  }
  return undefined;
}
