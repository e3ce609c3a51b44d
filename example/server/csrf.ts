import type { MiddlewareHandler } from "hono";
import { problem } from "./problems.js";

/**
 * Lets a request that changes something in only from our own page: the custom header and JSON
 * cannot come from a form of another site, and the browser itself says where a request is from.
 *
 * @param takesForm - where a form may be uploaded; the header and the origin are asked for there, too.
 * @see OWASP Cross-Site Request Forgery Prevention Cheat Sheet
 */
export function csrfGuard(
  publicOrigin: () => string,
  takesForm: (path: string) => boolean,
): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (method === "GET" || method === "HEAD") return next();
    const site = context.req.header("sec-fetch-site");
    const isFromUs =
      site === undefined ? context.req.header("origin") === publicOrigin() : site === "same-origin";
    // RFC 9112 §6: either of the two says that a body follows.
    const hasBody =
      (context.req.header("content-length") ?? "0") !== "0" ||
      context.req.header("transfer-encoding") !== undefined;
    const type = context.req.header("content-type") ?? "";
    const isExpected =
      /^application\/json\s*(;|$)/i.test(type) ||
      (takesForm(context.req.path) && /^multipart\/form-data\s*(;|$)/i.test(type));
    const isMarked = context.req.header("x-requested-with") === "park";
    if (!isFromUs || !isMarked || (hasBody && !isExpected)) {
      throw problem(403, "csrf", "This request did not come from the park's own page.");
    }
    return next();
  };
}
