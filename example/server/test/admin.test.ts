import { describe, expect, test } from "vitest";
import { ada, grace, type Client } from "./client.js";
import { startPark } from "./testPark.js";

async function signIn(client: Client, credentials: typeof ada): Promise<string> {
  return (await client.post("/api/auth/login", credentials)).body.accessToken;
}

/** A park with a visitor in one browser, and an admin in another. */
async function parkWithBoth() {
  const park = await startPark();
  const desk = park.newClient();
  const visitorToken = await signIn(park.client, ada);
  const adminToken = await signIn(desk, grace);
  return {
    ...park,
    visitor: {
      get: (path: string) => park.client.get(path, visitorToken),
      put: (path: string, body: unknown) => park.client.put(path, body, visitorToken),
      book: (rideId: string, note = "") =>
        park.client.post(
          "/api/bookings",
          { rideId, seats: 2, note },
          { authorization: `Bearer ${visitorToken}` },
        ),
    },
    admin: {
      get: (path: string) => desk.get(path, adminToken),
      put: (path: string, body: unknown) => desk.put(path, body, adminToken),
    },
  };
}

describe("an admin", () => {
  test("sees what all guests have booked today, the newest first", async () => {
    const { visitor, admin, advance } = await parkWithBoth();
    await visitor.book("comet", "One of us is ninety.");
    advance(20);
    await visitor.book("owl");
    const { status, body } = await admin.get("/api/admin/bookings");
    expect(status).toBe(200);
    expect(body).toEqual([
      expect.objectContaining({ rideName: "Night Owl" }),
      {
        id: expect.any(String),
        guestName: "Ada",
        rideId: "comet",
        rideName: "Copper Comet",
        seats: 2,
        note: "One of us is ninety.",
        at: "2026-06-01T00:00:00.000Z",
      },
    ]);
  });

  test("does not see those of the day before", async () => {
    const park = await parkWithBoth();
    await park.visitor.book("comet");
    park.advance(24 * 3600);
    const token = await signIn(park.newClient(), grace);
    expect((await park.client.get("/api/admin/bookings", token)).body).toEqual([]);
  });

  test("closes a ride, which nobody can book then, and opens it again", async () => {
    const { visitor, admin } = await parkWithBoth();
    const { status, body } = await admin.put("/api/admin/rides/comet", { open: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: "comet", name: "Copper Comet", open: false });
    expect((await visitor.book("comet")).body.error).toBe("ride_closed");
    await admin.put("/api/admin/rides/comet", { open: true });
    expect((await visitor.book("comet")).status).toBe(201);
  });

  test.each([
    ["an unknown ride", "nowhere", { open: true }, 404, "not_found"],
    ["what is neither open nor closed", "comet", { open: "ajar" }, 422, "invalid_input"],
  ])("is refused %s", async (_, ride, body, status, error) => {
    const { admin } = await parkWithBoth();
    const reply = await admin.put(`/api/admin/rides/${ride}`, body);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject({ error, detail: expect.any(String) });
  });

  test("who is one no more is refused at once, with the token of before", async () => {
    const { admin, database } = await parkWithBoth();
    expect((await admin.get("/api/admin/bookings")).status).toBe(200);
    await database.query("UPDATE users SET role = 'visitor' WHERE name = 'Grace'");
    expect((await admin.get("/api/admin/bookings")).status).toBe(403);
  });
});

describe("to the admin's addresses", () => {
  test("a visitor is answered 403, and nothing is changed", async () => {
    const { visitor } = await parkWithBoth();
    const { status, body } = await visitor.get("/api/admin/bookings");
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: "forbidden", detail: expect.any(String) });
    expect((await visitor.put("/api/admin/rides/comet", { open: false })).status).toBe(403);
    expect((await visitor.book("comet")).status).toBe(201);
  });

  test("who is not signed in is answered 401", async () => {
    const { client } = await startPark();
    expect((await client.get("/api/admin/bookings")).status).toBe(401);
    expect((await client.put("/api/admin/rides/comet", { open: false })).status).toBe(401);
  });
});
