import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isAway } from "./database.js";

/** Ends the request with `{ error, message }`: a word for programs and a sentence for people. */
export function problem(
  status: ContentfulStatusCode,
  error: string,
  message: string,
  more: { headers?: Record<string, string>; fields?: Record<string, string> } = {},
): HTTPException {
  const { headers, fields } = more;
  return new HTTPException(status, {
    message,
    res: Response.json(
      { error, message, ...(fields && { fields }) },
      { status, ...(headers && { headers }) },
    ),
  });
}

/** Answers with the problem, and keeps to itself what no client should see. */
export function answerProblem(error: Error, context: Context): Response {
  if (error instanceof HTTPException && error.res) {
    return new Response(error.res.body, error.res);
  }
  if (hasNulCharacter(error)) {
    return context.json({ error: "invalid_input", message: "Text must not hold U+0000." }, 400);
  }
  // Not the error itself: a database's carries the parameters, and among them what is secret.
  console.error(error.stack ?? error.message);
  if (isAway(error)) {
    // RFC 9110 §10.2.3. A 401 here would sign people out because a database restarts.
    context.header("retry-after", "5");
    return context.json({ error: "unavailable", message: "The park is closed for a moment." }, 503);
  }
  return context.json({ error: "internal", message: "Something went wrong on the server." }, 500);
}

/** JSON and URLs can hold it, PostgreSQL's text cannot: 22021, character_not_in_repertoire. */
function hasNulCharacter(error: Error): boolean {
  return "code" in error && error.code === "22021";
}
