import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

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
    const response = new Response(error.res.body, error.res);
    // Middleware has set these on the context, which a thrown answer does not pass through.
    response.headers.set("cache-control", "no-store");
    return response;
  }
  console.error(error);
  return context.json({ error: "internal", message: "Something went wrong on the server." }, 500);
}
