import type { z } from "zod";
import { problem } from "./problems.js";

/** @throws 422 that names each field that is wrong. */
export async function readBody<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  let body: unknown;
  try {
    body = await request.json();
  } catch {
    throw problem(400, "invalid_json", "The body is not JSON.");
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = Object.fromEntries(
    parsed.error.issues.map(({ path, message }) => [path.join("."), message]),
  );
  throw problem(422, "invalid_input", "Some fields need another look.", { fields });
}
