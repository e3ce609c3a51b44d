import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { readConfig } from "../config.js";
import { ada, startPark } from "./testPark.js";

describe("signing in", () => {
  test("answers with a token of the promised shape and the user", async () => {
    const { client } = await startPark();
    const { status, body } = await client.post("/api/auth/login", ada);
    expect(status).toBe(200);
    expect(body.user).toMatchObject({ name: "Ada", email: ada.email });
    expect(decodeProtectedHeader(body.accessToken)).toEqual({ alg: "HS256", typ: "at+jwt" });
    const claims = decodeJwt(body.accessToken);
    expect(Object.keys(claims).toSorted()).toEqual(
      ["aud", "exp", "iat", "iss", "jti", "sid", "sub"].toSorted(),
    );
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(30);
  });

  test("says the same of an unknown user and of a wrong password", async () => {
    const { client } = await startPark();
    const wrong = await client.post("/api/auth/login", { ...ada, password: "not this one" });
    const unknown = await client.post("/api/auth/login", { ...ada, email: "nobody@park.example" });
    expect(wrong.status).toBe(401);
    expect(unknown.body).toEqual(wrong.body);
  });

  test("revokes the family of the cookie it came with", async () => {
    const { client } = await startPark();
    const first = await client.post("/api/auth/login", ada);
    await client.post("/api/auth/login", ada);
    expect((await client.get("/api/me", first.body.accessToken)).status).toBe(401);
  });

  test("is limited, with Retry-After", async () => {
    const { client } = await startPark({ loginsPerMinute: 2 });
    const wrong = { ...ada, password: "not this one" };
    await client.post("/api/auth/login", wrong);
    await client.post("/api/auth/login", wrong);
    const { status, headers } = await client.post("/api/auth/login", wrong);
    expect(status).toBe(429);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("signing up makes an account, once", async () => {
    const { client } = await startPark();
    const mary = { name: "Mary", email: "mary@park.example", password: "long-enough-1" };
    expect((await client.post("/api/auth/signup", mary)).status).toBe(201);
    expect((await client.post("/api/auth/signup", mary)).body.error).toBe("email_taken");
    const { status, body } = await client.post("/api/auth/signup", { ...mary, password: "short" });
    expect(status).toBe(422);
    expect(body.fields).toEqual({ password: "At least 10 characters." });
  });

  test("signing out ends the session and clears the cookie", async () => {
    const { client } = await startPark();
    const { body } = await client.post("/api/auth/login", ada);
    expect((await client.post("/api/auth/logout")).status).toBe(204);
    expect(client.cookie).toBeUndefined();
    expect((await client.get("/api/me", body.accessToken)).status).toBe(401);
  });
});

describe("an access token", () => {
  test("is challenged as RFC 6750 says: bare without one, invalid_token with a bad one", async () => {
    const { client } = await startPark();
    const without = await client.get("/api/me");
    expect(without.headers.get("www-authenticate")).toBe("Bearer");
    const bad = await client.get("/api/me", "not.a.token");
    expect(bad.status).toBe(401);
    expect(bad.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
  });

  test("expires by the server's clock", async () => {
    const park = await startPark();
    const { body } = await park.client.post("/api/auth/login", ada);
    park.advance(29);
    expect((await park.client.get("/api/me", body.accessToken)).status).toBe(200);
    park.advance(2);
    expect((await park.client.get("/api/me", body.accessToken)).status).toBe(401);
  });

  test.each([
    ["of another key", "HS256", "x".repeat(32), "at+jwt"],
    ["of another algorithm", "HS512", "k".repeat(64), "at+jwt"],
    ["of another type", "HS256", "k".repeat(64), "JWT"],
  ])("%s is refused", async (_, alg, key, typ) => {
    const { client } = await startPark({ accessTokenKey: "k".repeat(64), now: Date.now });
    const { body } = await client.post("/api/auth/login", ada);
    const forged = await new SignJWT(decodeJwt(body.accessToken))
      .setProtectedHeader({ alg, typ })
      .sign(new TextEncoder().encode(key));
    expect((await client.get("/api/me", forged)).status).toBe(401);
  });
});

describe("a request that changes something", () => {
  const ours = { "sec-fetch-site": "same-origin", "x-requested-with": "park" };

  async function login(headers: Record<string, string>): Promise<number> {
    const { url } = await startPark();
    const body = JSON.stringify(ada);
    return (await fetch(`${url}/api/auth/login`, { method: "POST", body, headers })).status;
  }

  test.each([
    ["from another site", { ...ours, "sec-fetch-site": "cross-site" }],
    ["from a sibling subdomain", { ...ours, "sec-fetch-site": "same-site" }],
    ["without the custom header", { "sec-fetch-site": "same-origin" }],
    [
      "from another origin, by an old browser",
      { "x-requested-with": "park", origin: "http://a.b" },
    ],
  ])("%s is refused", async (_, headers) => {
    expect(await login({ "content-type": "application/json", ...headers })).toBe(403);
  });

  test("that is a form is refused", async () => {
    expect(await login({ ...ours, "content-type": "text/plain" })).toBe(403);
  });

  test("from our own origin is let in without Sec-Fetch-Site", async () => {
    const { url } = await startPark();
    const { status } = await fetch(`${url}/api/auth/login`, {
      method: "POST",
      body: JSON.stringify(ada),
      headers: { "content-type": "application/json", "x-requested-with": "park", origin: url },
    });
    expect(status).toBe(200);
  });
});

describe("every answer", () => {
  test("of the API is not stored", async () => {
    const { client } = await startPark();
    expect((await client.get("/api/health")).headers.get("cache-control")).toBe("no-store");
    expect((await client.get("/api/me")).headers.get("cache-control")).toBe("no-store");
  });

  test("carries a strict content security policy with Trusted Types", async () => {
    const { client } = await startPark();
    const policy = (await client.get("/")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain("unsafe");
  });
});

describe("the park", () => {
  test("books a ride, lists it, and takes it back", async () => {
    const { client } = await startPark();
    const { accessToken } = (await client.post("/api/auth/login", ada)).body;
    const bearer = { authorization: `Bearer ${accessToken}` };
    const booked = await client.post("/api/bookings", { rideId: "comet", seats: 2 }, bearer);
    expect(booked.status).toBe(201);
    const closed = await client.post("/api/bookings", { rideId: "maze", seats: 2 }, bearer);
    expect(closed.body.error).toBe("ride_closed");
    const { body } = await client.get("/api/bookings", accessToken);
    expect(body).toMatchObject([{ rideName: "Copper Comet", seats: 2 }]);
    await client.delete(`/api/bookings/${String(body[0]?.["id"])}`, accessToken);
    expect((await client.get("/api/bookings", accessToken)).body).toEqual([]);
  });

  test("lists one's sessions and revokes one, which ends at once", async () => {
    const park = await startPark();
    const phone = park.newClient();
    const onPhone = (await phone.post("/api/auth/login", ada)).body.accessToken;
    const { accessToken } = (await park.client.post("/api/auth/login", ada)).body;
    const { body } = await park.client.get("/api/sessions", accessToken);
    expect(new Set(body.map(({ current }) => current))).toEqual(new Set([false, true]));
    const other = body.find(({ current }) => current === false);
    await park.client.delete(`/api/sessions/${String(other?.["id"])}`, accessToken);
    expect((await phone.get("/api/me", onPhone)).status).toBe(401);
    expect((await phone.post("/api/auth/refresh")).body.error).toBe("session_revoked");
  });
});

describe("the environment", () => {
  test.each([
    [{ PORT: "abc" }, "PORT: a port from 0 to 65535"],
    [{ ACCESS_TOKEN_SECONDS: "0" }, "ACCESS_TOKEN_SECONDS: at least 1 second"],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL: a URL that begins with postgres://"],
    [{ NODE_ENV: "production" }, "ACCESS_TOKEN_KEY: is needed in production"],
    [{ ACCESS_TOKEN_KEY: "short" }, "ACCESS_TOKEN_KEY: at least 32 characters"],
    [
      { ACCESS_TOKEN_KEY: "k".repeat(32), REFRESH_TOKEN_KEY: "k".repeat(32) },
      "REFRESH_TOKEN_KEY: must not be the same as ACCESS_TOKEN_KEY",
    ],
  ])("%o stops the server with a clear sentence", (variables, sentence) => {
    expect(() => readConfig({ DATA_DIR: "memory://", ...variables })).toThrow(sentence);
  });
});
