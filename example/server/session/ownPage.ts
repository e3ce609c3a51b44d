import { problem } from "./problem.js";

/** Where pages are that may sign people in and out. */
export interface PageOrigins {
  /** The origin in the address bar, where the API has the same: for browsers without `Sec-Fetch-Site`. */
  readonly own: () => string;
  /** Exact origins of pages elsewhere that call this API with cookies. */
  readonly others: readonly string[];
}

/**
 * Lets a call in only from our own page. A form of another site can send neither the custom header nor
 * JSON, and the browser itself says where a request is from.
 *
 * @returns the answer that refuses; `undefined` for a call that is fine.
 * @see OWASP Cross-Site Request Forgery Prevention Cheat Sheet
 */
export function refuseOtherPages(
  { method, headers }: Request,
  { own, others }: PageOrigins,
): Response | undefined {
  if (method !== "POST") {
    return problem(405, "method_not_allowed", "Send it with POST.", { allow: "POST" });
  }
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin") ?? "";
  const isOwn = site === null ? origin === own() : site === "same-origin";
  const type = headers.get("content-type");
  // RFC 9112 §6: either of the two says that a body follows.
  const hasBody =
    (headers.get("content-length") ?? "0") !== "0" || headers.has("transfer-encoding");
  const isExpected = type === null ? !hasBody : /^application\/json\s*(;|$)/i.test(type);
  const isMarked = !!headers.get("x-requested-with");
  if ((isOwn || others.includes(origin)) && isMarked && isExpected) return undefined;
  return problem(403, "csrf", "This request did not come from a page of this app.");
}
