import { describe, expect, test } from "vitest";
import type { AnswerOptions } from "../../src/core/authServer/authResult.js";
import { createReader } from "../../src/core/authServer/readAnswer.js";
import { answer } from "../support/answers.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const html = { "content-type": "text/html" };

function readerWith(options: AnswerOptions) {
  const origins = { resolve: () => undefined, allows: () => false };
  return createReader({ options, origins, refreshURL: "" });
}

describe("a refresh that is answered as by", () => {
  test.each<[string, number, BodyInit | null, string, HeadersInit?]>([
    ["SimpleJWT, a spent token", 401, '{"code":"token_not_valid"}', "refused"],
    ["SimpleJWT, no token", 400, '{"refresh":["This field is required."]}', "refused"],
    [
      "Directus, no cookie",
      400,
      '{"errors":[{"extensions":{"code":"INVALID_PAYLOAD"}}]}',
      "refused",
    ],
    ["Directus, a suspended user", 403, '{"errors":[]}', "refused"],
    [
      "the Express course, a bad token",
      403,
      "Forbidden",
      "refused",
      { "content-type": "text/plain" },
    ],
    ["Spring, bezkoder", 403, '{"statusCode":403}', "refused"],
    ["Spring, alibou, any bad token", 200, null, "refused"],
    ["Spring's filter chain, without a body", 403, null, "refused"],
    ["AuthX, a malformed token", 422, '{"msg":"Not enough segments"}', "refused"],
    ["Keycloak, a session that ended", 400, '{"error":"invalid_grant"}', "refused"],
    ["Auth0, a reused token", 403, '{"error":"invalid_grant"}', "refused"],
    ["Payload", 403, '{"errors":[{"message":"not allowed"}]}', "refused"],
    ["a session endpoint, for a visitor", 200, "null", "refused"],
    ["Supabase, too many at once", 409, '{"error_code":"conflict"}', "unavailable"],
    ["Laravel, a CSRF mismatch", 419, '{"message":"CSRF token mismatch."}', "unavailable"],
    ["Auth0, too many", 429, '{"error":"too_many_requests"}', "unavailable"],
    ["Strapi, which restarts", 503, "Service Unavailable", "unavailable"],
    ["a firewall", 403, "<h1>Blocked</h1>", "unavailable", html],
    ["a development server, in place of the API", 200, "<!doctype html>", "unavailable", html],
    [
      "Strapi, without its refresh mode",
      404,
      '{"error":{"name":"NotFoundError"}}',
      "misconfigured",
    ],
    ["Django, a missing slash", 405, "", "misconfigured"],
  ])("%s", async (_, status, body, verdict, headers = { "content-type": "application/json" }) => {
    const read = readerWith({});
    const result = await read("refresh", () => new Response(body, { status, headers }));
    expect(result.kind).toBe(verdict);
  });

  test("hasura-backend-plus, whose 404 is a refusal, if `isRefused` says so", async () => {
    const isRefused = ({ status }: { status: number }) => status === 404 || undefined;
    const read = readerWith({ isRefused });
    const gone = () => Response.json({ statusCode: 404 }, { status: 404 });
    expect((await read("refresh", gone)).kind).toBe("refused");
    const down = () => new Response(null, { status: 503 });
    expect((await read("refresh", down)).kind).toBe("unavailable");
  });
});

describe("a 401 starts a refresh with the WWW-Authenticate of", () => {
  test.each([
    ["SimpleJWT", 'Bearer realm="api"'],
    ["FastAPI", "Bearer"],
    ["ASP.NET Core", `Bearer error="invalid_token", error_description="The token expired at '01'"`],
    [
      "Spring's resource server",
      'Bearer error="invalid_token", error_description="Jwt expired at 2026-01-01T00:00:00Z", error_uri="https://tools.ietf.org/html/rfc6750#section-3.1"',
    ],
    [
      "Keycloak",
      'Bearer realm="shop", error="invalid_token", error_description="Token is not active"',
    ],
    ["Spring with httpBasic beside it", 'Basic realm="Realm"'],
    ["an API behind a proxy of its own", 'Basic realm="insufficient_scope", Bearer'],
    ["a DPoP API", 'DPoP algs="ES256", error="invalid_token"'],
  ])("%s", async (_, challenge) => {
    const { server, auth } = await setup();
    server.on("/orders", answer(401, {}, { "www-authenticate": challenge }));
    await failure(auth.api.get("/orders"));
    expect(server.received("POST /auth/refresh")).toBe(1);
  });
});

describe("a 401 starts none with the WWW-Authenticate of", () => {
  test.each([
    [
      "Spring's resource server, too little scope",
      'Bearer error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token.", error_uri="https://tools.ietf.org/html/rfc6750#section-3.1"',
    ],
    [
      "express-oauth2-jwt-bearer",
      'Bearer realm="api", error="insufficient_scope", scope="read:all"',
    ],
    ["RFC 9470", 'Bearer error="insufficient_user_authentication", acr_values="mfa", max_age="5"'],
    [
      "two schemes, the second of which says why",
      'DPoP algs="ES256", Bearer error="insufficient_scope"',
    ],
  ])("%s", async (_, challenge) => {
    const { server, auth } = await setup();
    server.on("/orders", answer(401, {}, { "www-authenticate": challenge }));
    await failure(auth.api.get("/orders"));
    expect(server.received("POST /auth/refresh")).toBe(0);
    expect(auth.getState().isAuthenticated).toBe(true);
  });
});
