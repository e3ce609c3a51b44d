import { describe, expect, test } from "vitest";
import { ada, grace } from "./client.js";
import { welcome } from "../welcome.js";
import { startPark, type TestPark } from "./testPark.js";

async function signedIn(park: TestPark) {
  const { client } = park;
  const { accessToken } = (await client.post("/api/auth/login", ada)).body;
  return {
    client,
    accessToken,
    askFor: (mishap: string) =>
      client.post(`/api/demo/${mishap}`, {}, { authorization: `Bearer ${accessToken}` }),
  };
}

describe("a demonstration", () => {
  test("gives away the guests and how long a mishap takes", async () => {
    const { client } = await startPark();
    const { body } = await client.get("/api/demo");
    expect(body).toMatchObject({ mishapSeconds: 10, guests: [ada, { name: "Grace" }] });
  });

  test("expires the token that asks, and no other: a refresh is the cure", async () => {
    const park = await startPark();
    const { client, accessToken, askFor } = await signedIn(park);
    const elsewhere = await signedIn({ ...park, client: park.newClient() });
    expect((await askFor("token-expired")).status).toBe(204);
    const { status, headers } = await client.get("/api/me", accessToken);
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    const renewed = (await client.post("/api/auth/refresh")).body.accessToken;
    expect((await client.get("/api/me", renewed)).status).toBe(200);
    expect((await elsewhere.client.get("/api/me", elsewhere.accessToken)).status).toBe(200);
  });

  test("answers the session's calls to the auth server with 503 and Retry-After for ten seconds", async () => {
    const park = await startPark();
    const { client, accessToken, askFor } = await signedIn(park);
    await askFor("auth-server-down");
    park.advance(4);
    const { status, headers } = await client.post("/api/auth/refresh");
    expect([status, headers.get("retry-after")]).toEqual([503, "6"]);
    expect((await client.post("/api/auth/logout")).status).toBe(503);
    expect((await client.get("/api/me", accessToken)).status).toBe(200);
    park.advance(6);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("cuts the session's connections without an answer for ten seconds", async () => {
    const park = await startPark();
    const { client, accessToken, askFor } = await signedIn(park);
    await askFor("network-cut");
    await expect(client.get("/api/me", accessToken)).rejects.toThrow("fetch failed");
    await expect(client.post("/api/auth/refresh")).rejects.toThrow("fetch failed");
    park.advance(10);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("has a door that opens for nobody, and one that every token is refused at", async () => {
    const { client, accessToken } = await signedIn(await startPark());
    const { status, body } = await client.get("/api/demo/forbidden", accessToken);
    expect([status, body.error]).toEqual([403, "forbidden"]);
    const renewed = (await client.post("/api/auth/refresh")).body.accessToken;
    for (const token of [accessToken, renewed]) {
      const refused = await client.get("/api/demo/rejects-every-token", token);
      expect(refused.status).toBe(401);
      expect(refused.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    }
    expect((await client.get("/api/me", renewed)).status).toBe(200);
  });

  test.each(["auth-server-down", "network-cut"])("%s is nobody else's mishap", async (mishap) => {
    const park = await startPark();
    const { askFor } = await signedIn(park);
    const elsewhere = await signedIn({ ...park, client: park.newClient() });
    await askFor(mishap);
    expect((await elsewhere.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test.each(["token-expired", "auth-server-down", "network-cut"])(
    "%s takes an access token, and is logged without it",
    async (mishap) => {
      const park = await startPark();
      expect((await park.client.post(`/api/demo/${mishap}`)).status).toBe(401);
      const { accessToken, askFor } = await signedIn(park);
      await askFor(mishap);
      expect(park.log.at(-1)).toMatchObject({ event: "mishap", about: { what: mishap } });
      expect(JSON.stringify(park.log)).not.toContain(accessToken);
    },
  );
});

describe("without a demonstration", () => {
  test("there are no guests with known passwords", async () => {
    const { client, database } = await startPark({ isDemo: false });
    expect((await client.post("/api/auth/login", ada)).status).toBe(401);
    expect(await database.query("SELECT id FROM users")).toEqual([]);
  });

  test("the passwords of guests open nothing, on a database that served one before", async () => {
    const refreshTokenKeys = [{ kid: "kept", secret: "the key that both servers are given" }];
    const { client } = await startPark({ refreshTokenKeys });
    await client.post("/api/auth/login", ada);
    const later = await startPark({ refreshTokenKeys, isDemo: false });
    const there = later.newClient();
    there.cookie = client.cookie;
    expect((await there.post("/api/auth/refresh")).body.error).toBe("session_revoked");
    for (const guest of [ada, grace]) {
      expect((await there.post("/api/auth/login", guest)).body.error).toBe("invalid_credentials");
    }
  });

  test("the server tells nobody's password when it starts", () => {
    expect(welcome("http://park.example", { isDemo: true })).toContain(ada.password);
    expect(welcome("http://park.example", { isDemo: false })).not.toContain(ada.password);
  });

  test("nothing goes wrong on purpose", async () => {
    const mary = { name: "Mary", email: "mary@park.example", password: "long-enough-1" };
    const { client } = await startPark({ isDemo: false });
    const { accessToken } = (await client.post("/api/auth/signup", mary)).body;
    expect((await client.get("/api/demo")).status).toBe(404);
    for (const path of ["forbidden", "rejects-every-token"]) {
      expect((await client.get(`/api/demo/${path}`, accessToken)).status).toBe(404);
    }
    for (const mishap of ["token-expired", "auth-server-down", "network-cut"]) {
      const bearer = { authorization: `Bearer ${accessToken}` };
      expect((await client.post(`/api/demo/${mishap}`, {}, bearer)).status).toBe(404);
    }
    expect((await client.get("/api/me", accessToken)).status).toBe(200);
  });
});
