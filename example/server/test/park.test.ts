import { describe, expect, test } from "vitest";
import { ada, grace, type Client } from "./client.js";
import { startPark } from "./testPark.js";

async function signIn(client: Client, credentials = ada) {
  const { accessToken } = (await client.post("/api/auth/login", credentials)).body;
  const bearer = { authorization: `Bearer ${accessToken}` };
  return {
    accessToken,
    get: (path: string) => client.get(path, accessToken),
    delete: (path: string) => client.delete(path, accessToken),
    book: (rideId: string, seats: number, note?: string) =>
      client.post("/api/bookings", { rideId, seats, note }, bearer),
  };
}

describe("the park", () => {
  test("shows eight rides to who is signed in", async () => {
    const { client } = await startPark();
    const { body } = await (await signIn(client)).get("/api/rides");
    expect(body).toHaveLength(8);
    for (const ride of body) {
      expect(ride).toEqual({
        id: expect.any(String),
        name: expect.any(String),
        land: expect.any(String),
        description: expect.any(String),
        minHeightCm: expect.any(Number),
        durationMinutes: expect.any(Number),
        queueMinutes: expect.any(Number),
        open: expect.any(Boolean),
        thrill: expect.stringMatching(/^(gentle|family|wild)$/),
      });
    }
  });

  test("has a visitor and an admin from the start, and no second ones after a restart", async () => {
    await startPark();
    const { client, database } = await startPark();
    const { accessToken } = await signIn(client, grace);
    expect((await client.get("/api/me", accessToken)).body).toMatchObject({ role: "admin" });
    expect(await database.query("SELECT id FROM users")).toHaveLength(2);
    expect(await database.query("SELECT id FROM rides")).toHaveLength(8);
  });

  test("answers an unknown address in JSON, signed in or not", async () => {
    const { client } = await startPark();
    const { status, body } = await client.get("/api/nowhere");
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: "not_found", detail: expect.any(String) });
    expect((await client.post("/api/auth/nowhere")).status).toBe(404);
  });
});

describe("a booking", () => {
  test("is made, listed and taken back", async () => {
    const { client } = await startPark();
    const visitor = await signIn(client);
    const { status, body } = await visitor.book("comet", 2, " One of us is ninety. ");
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      rideId: "comet",
      rideName: "Copper Comet",
      seats: 2,
      note: "One of us is ninety.",
      at: "2026-06-01T00:00:00.000Z",
    });
    expect((await visitor.get("/api/bookings")).body).toEqual([body]);
    const { id } = body as unknown as { id: string };
    expect((await visitor.delete(`/api/bookings/${id}`)).status).toBe(204);
    expect((await visitor.get("/api/bookings")).body).toEqual([]);
    expect((await visitor.delete(`/api/bookings/${id}`)).status).toBe(404);
  });

  test.each([
    ["of a closed ride", "maze", 1, "", 409, "ride_closed"],
    ["of an unknown ride", "nowhere", 1, "", 404, "not_found"],
    ["of no seat", "comet", 0, "", 422, "invalid_input"],
    ["of seven seats", "comet", 7, "", 422, "invalid_input"],
    ["of half a seat", "comet", 1.5, "", 422, "invalid_input"],
    ["with a note as long as a letter", "comet", 1, "x".repeat(201), 422, "invalid_input"],
  ])("%s is refused", async (_, ride, seats, note, status, error) => {
    const { client } = await startPark();
    const reply = await (await signIn(client)).book(ride, seats, note);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error, detail: expect.any(String) });
  });

  test("of another visitor is neither seen nor taken back", async () => {
    const park = await startPark();
    const booked = await (await signIn(park.client)).book("comet", 2);
    const { id } = booked.body as unknown as { id: string };
    const other = await signIn(park.newClient(), grace);
    expect((await other.get("/api/bookings")).body).toEqual([]);
    expect((await other.delete(`/api/bookings/${id}`)).status).toBe(404);
  });
});

describe("a guest", () => {
  test("can have fifty bookings and no more", async () => {
    const { client } = await startPark();
    const visitor = await signIn(client);
    for (let made = 0; made < 50; made += 1) {
      expect((await visitor.book("comet", 1)).status).toBe(201);
    }
    const { status, body } = await visitor.book("comet", 1);
    expect(status).toBe(409);
    expect(body.error).toBe("too_many_bookings");
  });

  test("can leave for good, with the password, and nothing of theirs stays", async () => {
    const park = await startPark();
    const mary = { name: "Mary", email: "mary@park.example", password: "seven-blue-horses" };
    const { accessToken } = (await park.client.post("/api/auth/signup", mary)).body;
    const bearer = { authorization: `Bearer ${accessToken}` };
    await park.client.post("/api/bookings", { rideId: "comet", seats: 1 }, bearer);
    const leave = (password: string) => park.client.send("DELETE", "/api/me", { password }, bearer);
    expect((await leave("not this one")).body.error).toBe("wrong_password");
    expect((await leave(mary.password)).status).toBe(204);
    expect((await park.client.get("/api/me", accessToken)).status).toBe(401);
    expect((await park.client.post("/api/auth/refresh")).status).toBe(401);
    expect((await park.client.post("/api/auth/login", mary)).status).toBe(401);
    expect(await park.database.query("SELECT * FROM bookings")).toEqual([]);
  });

  test("who guesses the password of the account to delete is stopped", async () => {
    const park = await startPark({ loginsPerMinute: 2 });
    const { accessToken } = await signIn(park.client);
    const guess = () =>
      park.client.send(
        "DELETE",
        "/api/me",
        { password: "not this one" },
        { authorization: `Bearer ${accessToken}` },
      );
    const statuses = [await guess(), await guess(), await guess()].map(({ status }) => status);
    expect(statuses).toEqual([403, 403, 429]);
  });
});

describe("one's sessions", () => {
  test("are listed, the present one marked, with when they began and were last used", async () => {
    const park = await startPark();
    await signIn(park.newClient());
    park.advance(60);
    await signIn(park.client);
    park.advance(80);
    const { accessToken } = (await park.client.post("/api/auth/refresh")).body;
    const { body } = await park.client.get("/api/sessions", accessToken);
    expect(body).toMatchObject([
      {
        current: true,
        startedAt: "2026-06-01T00:01:00.000Z",
        lastUsedAt: "2026-06-01T00:02:00.000Z",
      },
      { current: false, startedAt: "2026-06-01T00:00:00.000Z" },
    ]);
    expect(Object.keys(body[0] ?? {}).toSorted()).toEqual(
      ["current", "id", "lastUsedAt", "repeats", "startedAt", "userAgent"].toSorted(),
    );
  });

  test("end at once when they are revoked: the next request is refused", async () => {
    const park = await startPark();
    const phone = park.newClient();
    const onPhone = await signIn(phone);
    const here = await signIn(park.client);
    const { body } = await here.get("/api/sessions");
    const other = body.find(({ current }) => current === false);
    expect((await here.delete(`/api/sessions/${String(other?.["id"])}`)).status).toBe(204);
    const { status, headers } = await onPhone.get("/api/me");
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect((await phone.post("/api/auth/refresh")).body.error).toBe("session_revoked");
    expect((await here.get("/api/sessions")).body).toHaveLength(1);
  });

  test("of another visitor are neither seen nor revoked", async () => {
    const park = await startPark();
    const victim = await signIn(park.client);
    const [session] = (await victim.get("/api/sessions")).body;
    const other = await signIn(park.newClient(), grace);
    expect((await other.get("/api/sessions")).body).toHaveLength(1);
    expect((await other.delete(`/api/sessions/${String(session?.["id"])}`)).status).toBe(404);
    expect((await victim.get("/api/me")).status).toBe(200);
  });
});
