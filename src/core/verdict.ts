/** What the auth server answered, read and parsed. */
export interface AuthAnswer {
  status: number;
  headers: Headers;
  /** The parsed JSON body; `undefined` if the body was empty. */
  data: unknown;
}

/** What an answer means for the session: only `refused` ends it. */
export type Verdict = "success" | "refused" | "unavailable" | "misconfigured";

const refusals = [400, 401, 422];
const passing = [408, 409, 419, 425, 429];

/**
 * Judges the status of an answer to refresh or logout. Of a 2xx this says `success`; whether it
 * holds a session is for the body to show.
 *
 * @see RFC 6749 §5.2 (400 and 401 are the refusals of a token endpoint)
 */
export function judgeStatus(status: number, headers: Headers): Verdict {
  if (status >= 200 && status < 300) return "success";
  if (refusals.includes(status)) return "refused";
  // A 403 page comes from a firewall or a captive portal; an API says it in JSON.
  if (status === 403) return isHtml(headers) ? "unavailable" : "refused";
  if (status < 200 || status >= 500 || passing.includes(status)) return "unavailable";
  return "misconfigured";
}

/**
 * Judges the status of an answer to a login, where any 4xx is the server's word on the input: 409
 * is a name already taken, 404 an unknown user, 429 one attempt too many.
 */
export function judgeLoginStatus(status: number, headers: Headers): Verdict {
  const verdict = judgeStatus(status, headers);
  const isClientError = status >= 400 && status < 500 && status !== 408;
  return isClientError && !isHtml(headers) ? "refused" : verdict;
}

function isHtml(headers: Headers): boolean {
  return /^\s*text\/html/i.test(headers.get("content-type") ?? "");
}
