/**
 * An answer that says what is wrong, as RFC 9457 has it.
 *
 * @param error - a word for programs.
 * @param detail - a sentence for people.
 */
export function problem(
  status: number,
  error: string,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify({ type: "about:blank", status, error, detail }), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...headers,
    },
  });
}
