import { describe, expect, test } from "vitest";
import { readSessionData } from "../../src/core/authServer/readSession.js";

const access = "the-access-token";
const other = "another-token";
const user = { id: 1 };

describe("the default readSession reads the success of", () => {
  test.each<[string, object, number?]>([
    ["Django SimpleJWT", { refresh: other, access }],
    ["SimpleJWT's sliding tokens", { token: access }],
    ["dj-rest-auth", { access, refresh: "", user, access_expiration: "2026-01-01T00:10:00Z" }],
    ["FastAPI", { access_token: access, token_type: "bearer" }],
    ["Flask-JWT-Extended", { access_token: access, refresh_token: other }],
    ["the Express course", { roles: [2001], accessToken: access }],
    ["NestJS, brocoders", { refreshToken: other, token: access, tokenExpires: 1767225600000 }],
    ["Spring, bezkoder", { refreshToken: other, tokenType: "Bearer", accessToken: access }],
    ["Spring, alibou", { access_token: access, refresh_token: other }],
    ["Laravel jwt-auth", { access_token: access, token_type: "bearer", expires_in: 3600 }, 3600],
    ["Rails jwt_sessions", { csrf: other, access, access_expires_at: "2026-01-01" }],
    ["ASP.NET Core", { accessToken: access, expiresIn: 900, refreshToken: other }, 900],
    ["ASP.NET Core in Pascal case", { AccessToken: access, ExpiresIn: 900 }, 900],
    ["Directus", { data: { expires: 600000, refresh_token: other, access_token: access } }],
    ["Strapi", { jwt: access, refreshToken: other, user }],
    ["Payload", { message: "ok", exp: 1767225600, refreshedToken: access, user }],
    ["PocketBase", { token: access, record: user }],
    ["Supabase", { access_token: access, refresh_token: other, expires_at: 1767225600, user }],
    ["nhost, a sign-in", { session: { accessToken: access, refreshToken: other, user } }],
    ["nhost, a refresh", { accessToken: access, accessTokenExpiresIn: 900, user }, 900],
    ["Keycloak", { access_token: access, refresh_token: other, id_token: other }],
    ["Cognito's API", { AuthenticationResult: { ExpiresIn: 900, AccessToken: access } }, 900],
  ])("%s", (_, body, lifetime) => {
    const { accessToken, expiresInSeconds } = readSessionData(body);
    expect(accessToken).toBe(access);
    // What tells an end rather than a length, or milliseconds, is not taken for seconds.
    expect(expiresInSeconds || undefined).toBe(lifetime);
  });
});
