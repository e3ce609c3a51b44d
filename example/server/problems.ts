import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isAway } from "./database.js";
import { currentRequestId } from "./requestId.js";

/**
 * Ends the request with a problem as RFC 9457 has it.
 *
 * @param error - a word for programs.
 * @param detail - a sentence for people.
 */
export function problem(
  status: ContentfulStatusCode,
  error: string,
  detail: string,
  more: { headers?: Record<string, string>; fields?: Record<string, string> } = {},
): HTTPException {
  const { headers, fields } = more;
  const body = JSON.stringify({
    type: "about:blank",
    status,
    error,
    detail,
    ...(fields && { fields }),
  });
  return new HTTPException(status, {
    message: detail,
    res: new Response(body, {
      status,
      headers: { "content-type": "application/problem+json", ...headers },
    }),
  });
}

/** Answers with the problem, and keeps to itself what no client should see. */
export function answerProblem(error: Error): Response {
  const { res } = knownProblem(error);
  return new Response(res?.body, res);
}

function knownProblem(error: Error): HTTPException {
  if (error instanceof HTTPException && error.res) return error;
  if (hasNulCharacter(error)) {
    return problem(400, "invalid_input", "Text must not hold U+0000.");
  }
  // Not the error itself: a database's carries the parameters, and among them what is secret.
  console.error(`request ${currentRequestId()}: ${error.stack ?? error.message}`);
  if (isAway(error)) {
    // RFC 9110 §10.2.3. A 401 here would sign people out because a database restarts.
    const headers = { "retry-after": "5" };
    return problem(503, "unavailable", "The park is closed for a moment.", { headers });
  }
  return problem(500, "internal", "Something went wrong on the server.");
}

/** JSON and URLs can hold it, PostgreSQL's text cannot: 22021, character_not_in_repertoire. */
function hasNulCharacter(error: Error): boolean {
  return "code" in error && error.code === "22021";
}
