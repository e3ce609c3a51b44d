import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, test } from "vitest";
import { ada } from "./client.js";
import { startPark } from "./testPark.js";

const ourKey = "our very own key of at least 32 bytes";
const accessTokenKeys = [{ kid: "ours", secret: ourKey }];

interface Forgery {
  key?: string;
  alg?: string;
  typ?: string;
  kid?: string;
  /** `undefined` leaves the claim out. */
  claims?: Record<string, unknown>;
}

function sign(
  claims: Record<string, unknown>,
  { key = ourKey, alg = "HS256", typ = "at+jwt", kid = "ours" }: Forgery,
) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg, typ, kid })
    .sign(new TextEncoder().encode(key));
}

describe("an access token", () => {
  test("has the type and the claims of RFC 9068, and names its session", async () => {
    const { client } = await startPark();
    const { accessToken, user } = (await client.post("/api/auth/login", ada)).body;
    expect(decodeProtectedHeader(accessToken)).toEqual({
      alg: "HS256",
      typ: "at+jwt",
      kid: expect.any(String),
    });
    const { iat = 0, ...claims } = decodeJwt(accessToken);
    const [session] = (await client.get("/api/sessions", accessToken)).body;
    expect(claims).toEqual({
      iss: "park",
      aud: "park-api",
      sub: (user as Record<string, unknown>)["id"],
      sid: session?.["id"],
      exp: iat + 30,
      // The counter of the refresh token that came with it.
      rtc: 0,
      jti: expect.any(String),
    });
  });

  test("is never the same twice, even within one second", async () => {
    const { client } = await startPark();
    const first = (await client.post("/api/auth/login", ada)).body.accessToken;
    const second = (await client.post("/api/auth/refresh")).body.accessToken;
    expect(decodeJwt(second)["iat"]).toBe(decodeJwt(first)["iat"]);
    expect(decodeJwt(second)["jti"]).not.toBe(decodeJwt(first)["jti"]);
  });

  test("that is missing is asked for with a bare challenge", async () => {
    const { client } = await startPark();
    const { status, headers, body } = await client.get("/api/me");
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(body).toMatchObject({ error: "unauthorized", detail: expect.any(String) });
  });

  test.each(["not.a.token", "with spaces in it", "!"])(
    "that is no good is answered with invalid_token: %s",
    async (token) => {
      const { client } = await startPark();
      const { status, headers } = await client.get("/api/me", token);
      expect(status).toBe(401);
      expect(headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    },
  );

  test("expires by the server's clock", async () => {
    const park = await startPark();
    const { body } = await park.client.post("/api/auth/login", ada);
    park.advance(29);
    expect((await park.client.get("/api/me", body.accessToken)).status).toBe(200);
    park.advance(1);
    const { status, headers } = await park.client.get("/api/me", body.accessToken);
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
  });

  test.each([
    ["its absolute lifetime", { refreshAbsoluteSeconds: 100 }],
    ["its idle lifetime", { refreshIdleSeconds: 100 }],
  ])("does not outlive its session: past %s it is refused", async (_, lifetime) => {
    const park = await startPark({ accessTokenSeconds: 600, ...lifetime });
    const { accessToken } = (await park.client.post("/api/auth/login", ada)).body;
    park.advance(99);
    expect((await park.client.get("/api/me", accessToken)).status).toBe(200);
    park.advance(1);
    expect((await park.client.get("/api/me", accessToken)).status).toBe(401);
  });

  test("signed as ours is let in, which the forgeries below rely on", async () => {
    const { client } = await startPark({ accessTokenKeys });
    const { accessToken } = (await client.post("/api/auth/login", ada)).body;
    const copy = await sign(decodeJwt(accessToken), {});
    expect((await client.get("/api/me", copy)).status).toBe(200);
  });

  test.each<[string, Forgery]>([
    ["of another key", { key: "x".repeat(64) }],
    ["of another algorithm", { alg: "HS512" }],
    ["of an unknown key", { kid: "theirs" }],
    ["of another type", { typ: "JWT" }],
    ["of another issuer", { claims: { iss: "fair" } }],
    ["for another audience", { claims: { aud: "fair-api" } }],
    ["of no session", { claims: { sid: undefined } }],
    ["of an unknown session", { claims: { sid: "unknown" } }],
    ["that never expires", { claims: { exp: undefined } }],
  ])("%s is refused", async (_, forgery) => {
    const { client } = await startPark({ accessTokenKeys });
    const { accessToken } = (await client.post("/api/auth/login", ada)).body;
    const forged = await sign({ ...decodeJwt(accessToken), ...forgery.claims }, forgery);
    expect((await client.get("/api/me", forged)).status).toBe(401);
  });

  test("that is not signed is refused", async () => {
    const { client } = await startPark();
    const { accessToken } = (await client.post("/api/auth/login", ada)).body;
    const unsigned = new UnsecuredJWT(decodeJwt(accessToken)).encode();
    expect((await client.get("/api/me", unsigned)).status).toBe(401);
  });

  test.each([
    ["GET", "/api/rides"],
    ["GET", "/api/bookings"],
    ["POST", "/api/bookings"],
    ["DELETE", "/api/bookings/any"],
    ["GET", "/api/sessions"],
    ["DELETE", "/api/sessions/any"],
  ])("is needed for %s %s", async (method, path) => {
    const { url } = await startPark();
    const headers = { "sec-fetch-site": "same-origin", "x-requested-with": "park" };
    expect((await fetch(url + path, { method, headers })).status).toBe(401);
  });
});
