import { describe, expect, test } from "vitest";
import { ada } from "./client.js";
import { startPark } from "./testPark.js";

const mary = { name: "Mary", email: "mary@park.example", password: "long-enough-1" };
const wrongPassword = { ...ada, password: "not this one" };
const unknownUser = { ...ada, email: "nobody@park.example" };

describe("signing in", () => {
  test("answers with an access token, its lifetime and the user", async () => {
    const { client } = await startPark();
    const { status, body } = await client.post("/api/auth/login", ada);
    expect(status).toBe(200);
    expect(body).toEqual({
      accessToken: expect.any(String),
      expiresIn: 30,
      user: { id: expect.any(String), name: "Ada", email: ada.email, role: "visitor" },
    });
  });

  test("does not mind capitals in the address", async () => {
    const { client } = await startPark();
    const { status } = await client.post("/api/auth/login", { ...ada, email: "ADA@Park.example" });
    expect(status).toBe(200);
  });

  test("says the same of an unknown user and of a wrong password", async () => {
    const { client } = await startPark();
    const wrong = await client.post("/api/auth/login", wrongPassword);
    const unknown = await client.post("/api/auth/login", unknownUser);
    expect(wrong.status).toBe(401);
    expect(wrong.body).toMatchObject({
      error: "invalid_credentials",
      detail: expect.any(String),
    });
    expect(unknown.body).toEqual(wrong.body);
    expect(unknown.headers.getSetCookie()).toEqual(wrong.headers.getSetCookie());
  });

  test("makes a hash for an unknown user too, so that the time does not tell", async () => {
    const { client } = await startPark({ loginsPerMinute: 1000 });
    const answered: string[] = [];
    const attempt = async (credentials: typeof ada) => {
      await client.post("/api/auth/login", credentials);
      answered.push(credentials.email);
    };
    const wrong = Array.from({ length: 40 }, () => attempt(wrongPassword));
    await Promise.all([...wrong, attempt(unknownUser)]);
    // Hashes are made in turn, two at a time. Without one, the last to come would be answered first.
    expect(answered.indexOf(unknownUser.email)).toBeGreaterThan(30);
  });

  test("stores a password as Argon2id with 19 MiB, two passes and one lane", async () => {
    const { client, database } = await startPark();
    await client.post("/api/auth/signup", mary);
    const rows = await database.query<{ password_hash: string }>("SELECT * FROM users");
    expect(rows).toHaveLength(3);
    for (const { password_hash } of rows) {
      expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    }
  });

  test("revokes the session of the cookie it came with, spent or not", async () => {
    const { client, log } = await startPark();
    const first = await client.post("/api/auth/login", ada);
    const spent = client.cookie;
    await client.post("/api/auth/refresh");
    client.cookie = spent;
    await client.post("/api/auth/login", ada);
    expect((await client.get("/api/me", first.body.accessToken)).status).toBe(401);
    expect(log.map(({ event }) => event)).toEqual(["login", "refresh", "revoke", "login"]);
  });

  test("with a wrong password leaves the present session alone", async () => {
    const { client } = await startPark();
    const { body } = await client.post("/api/auth/login", ada);
    await client.post("/api/auth/login", wrongPassword);
    expect((await client.get("/api/me", body.accessToken)).status).toBe(200);
  });

  test("is limited for one account, from however many addresses it is guessed at", async () => {
    const { client } = await startPark({ loginsPerMinute: 3, trustedProxies: 1 });
    const statuses: number[] = [];
    for (let host = 1; host <= 5; host += 1) {
      const from = { "x-forwarded-for": `192.0.2.${host}` };
      statuses.push((await client.post("/api/auth/login", wrongPassword, from)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  test("is limited for one IPv6 network, whichever of its addresses it comes from", async () => {
    const { client } = await startPark({ loginsPerMinute: 1, trustedProxies: 1 });
    const statuses: number[] = [];
    for (const host of ["::1", ":0:0:0:2", ":ffff::1", ":a:b:c:d", "::5", "::6"]) {
      const guess = { ...ada, email: `guest${statuses.length}@park.example` };
      const from = { "x-forwarded-for": `2001:db8:0:7${host}` };
      statuses.push((await client.post("/api/auth/login", guess, from)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test("goes on in a browser that the person has used, while others guess", async () => {
    const park = await startPark({ loginsPerMinute: 2 });
    await park.client.post("/api/auth/login", ada);
    const thief = park.newClient();
    for (let guess = 0; guess < 3; guess += 1) await thief.post("/api/auth/login", wrongPassword);
    expect((await thief.post("/api/auth/login", ada)).status).toBe(429);
    expect((await park.client.post("/api/auth/login", ada)).status).toBe(200);
  });

  test("that is refused is logged with what tells one guesser from another", async () => {
    const { client, log } = await startPark();
    await client.post("/api/auth/login", wrongPassword);
    expect(log).toEqual([
      {
        event: "login-refused",
        about: {
          request: expect.any(String),
          why: "wrong_password",
          account: expect.any(String),
          address: expect.any(String),
          agent: "node",
        },
      },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/ada|127\.0\.0\.1/);
    await client.post("/api/auth/login", { ...wrongPassword, email: "ADA@Park.example" });
    await client.post("/api/auth/login", unknownUser);
    const [one, same, other] = log.map(({ about }) => about);
    expect(same?.["account"]).toBe(one?.["account"]);
    expect(other).toMatchObject({ why: "unknown_account" });
    expect(other?.["account"]).not.toBe(one?.["account"]);
  });

  test("is limited for one person, with Retry-After", async () => {
    const { client, log } = await startPark({ loginsPerMinute: 2 });
    await client.post("/api/auth/login", wrongPassword);
    await client.post("/api/auth/login", wrongPassword);
    const { status, headers, body } = await client.post("/api/auth/login", ada);
    expect(status).toBe(429);
    expect(log.at(-1)).toMatchObject({ event: "limited", about: { limit: "login-account" } });
    expect(body.error).toBe("too_many");
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await client.post("/api/auth/login", unknownUser)).status).toBe(401);
  });

  test("is limited for one address that tries many persons", async () => {
    const { client } = await startPark({ loginsPerMinute: 1 });
    const statuses: number[] = [];
    for (const name of ["a", "b", "c", "d", "e", "f"]) {
      const guess = { ...ada, email: `${name}@park.example` };
      statuses.push((await client.post("/api/auth/login", guess)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test.each([
    ["is not believed what it says of where it is from", 0, "1.1.1.1", "9.9.9.9", 429],
    ["behind a proxy is known by the address that the proxy saw", 1, "1.1.1.1", "9.9.9.9", 401],
    ["behind a proxy cannot make up an address", 1, "1.1.1.1", "9.9.9.9, 1.1.1.1", 429],
    ["behind two is known by the first one's", 2, "1.1.1.1, 2.2.2.2", "9.9.9.9, 2.2.2.2", 401],
    ["that goes round one of two gains nothing", 2, "1.1.1.1", "9.9.9.9", 429],
  ])("a client %s", async (_, trustedProxies, first, second, status) => {
    const { client } = await startPark({ refreshesPerMinute: 1, trustedProxies });
    const attempt = (from: string) =>
      client.post("/api/auth/refresh", {}, { "x-forwarded-for": from });
    await attempt(first);
    expect((await attempt(second)).status).toBe(status);
  });

  test.each([
    ["that is not JSON", "{", 400, "invalid_json"],
    ["without a password", '{"email":"a@b.example"}', 422, "invalid_input"],
    ["with U+0000 in it", String.raw`{"email":"a\u0000","password":"x"}`, 400, "invalid_input"],
  ])("with a body %s is refused with a reason", async (_, body, status, error) => {
    const { url } = await startPark();
    const response = await fetch(`${url}/api/auth/login`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "sec-fetch-site": "same-origin",
        "x-requested-with": "park",
      },
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error, detail: expect.any(String) });
  });
});

test("a proxy that is not trusted is named once", async () => {
  const { client, log } = await startPark();
  const from = { "x-forwarded-for": "192.0.2.1" };
  await client.post("/api/auth/refresh", {}, from);
  await client.post("/api/auth/refresh", {}, from);
  expect(log.filter(({ event }) => event === "proxy-not-trusted")).toHaveLength(1);
});

describe("signing up", () => {
  test.each(["password12", "          ", "1234567890", "mary@park.example"])(
    "refuses a password that everybody would try: %s",
    async (password) => {
      const { client } = await startPark();
      const { status, body } = await client.post("/api/auth/signup", { ...mary, password });
      expect(status).toBe(422);
      expect(body.fields["password"]).toMatch(/first that somebody would try/);
    },
  );

  test("makes an account and signs in to it", async () => {
    const { client } = await startPark();
    const { status, body } = await client.post("/api/auth/signup", mary);
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ name: "Mary", role: "visitor" });
    expect((await client.get("/api/me", body.accessToken)).body).toEqual(body.user);
    expect((await client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("refuses an address that has an account, however it is written", async () => {
    const { client } = await startPark();
    await client.post("/api/auth/signup", mary);
    const again = { ...mary, email: "Mary@Park.example" };
    const { status, body } = await client.post("/api/auth/signup", again);
    expect(status).toBe(409);
    expect(body.error).toBe("email_taken");
  });

  test("says of each field what is wrong with it", async () => {
    const { client } = await startPark();
    const wrong = { name: " ", email: "mary", password: "short" };
    const { status, body } = await client.post("/api/auth/signup", wrong);
    expect(status).toBe(422);
    expect(body).toMatchObject({ error: "invalid_input", detail: expect.any(String) });
    expect(body.fields).toEqual({
      name: "Tell us your name.",
      email: "This is not an e-mail address.",
      password: "At least 10 characters.",
    });
  });

  test("gives nobody a role of their choice", async () => {
    const { client } = await startPark();
    const { body } = await client.post("/api/auth/signup", { ...mary, role: "admin" });
    expect(body.user).toMatchObject({ role: "visitor" });
  });

  test("revokes the session of the cookie it came with", async () => {
    const { client } = await startPark();
    const { body } = await client.post("/api/auth/login", ada);
    await client.post("/api/auth/signup", mary);
    expect((await client.get("/api/me", body.accessToken)).status).toBe(401);
  });
});

describe("signing out", () => {
  test("ends the session and clears the cookie", async () => {
    const park = await startPark();
    const { body } = await park.client.post("/api/auth/login", ada);
    const cookie = park.client.cookie;
    expect((await park.client.post("/api/auth/logout")).status).toBe(204);
    expect(park.client.cookie).toBeUndefined();
    expect((await park.client.get("/api/me", body.accessToken)).status).toBe(401);
    park.client.cookie = cookie;
    expect((await park.client.post("/api/auth/refresh")).body.error).toBe("session_revoked");
  });

  test("with a cookie that is spent ends the session as well", async () => {
    const { client } = await startPark();
    await client.post("/api/auth/login", ada);
    const spent = client.cookie;
    const { body } = await client.post("/api/auth/refresh");
    client.cookie = spent;
    await client.post("/api/auth/logout");
    expect((await client.get("/api/me", body.accessToken)).status).toBe(401);
  });

  test.each([undefined, "refresh=nonsense"])("with the cookie %s is a success", async (cookie) => {
    const { client } = await startPark();
    client.cookie = cookie;
    expect((await client.post("/api/auth/logout")).status).toBe(204);
  });
});
