import { problem } from "./problem.js";

/** The access token of a request (RFC 6750 §2.1). */
export function bearerToken(request: Request): string | undefined {
  return /^Bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** RFC 6750 §3: a bare challenge where no token came, `invalid_token` where one came and is no good. */
export function unauthorized(token: string | undefined): Response {
  return problem(401, "unauthorized", "A good access token is needed.", {
    "www-authenticate": token === undefined ? "Bearer" : 'Bearer error="invalid_token"',
  });
}
