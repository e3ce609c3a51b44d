import { describe, expect, test } from "vitest";
import { ada } from "./client.js";
import { startPark, type TestPark } from "./testPark.js";

async function signedIn(park: TestPark): Promise<{ first: string | undefined }> {
  await park.client.post("/api/auth/login", ada);
  return { first: park.client.cookie };
}

/** Refreshes with a cookie that is not in the jar any more. */
function refreshWith(park: TestPark, cookie: string | undefined) {
  const thief = park.newClient();
  thief.cookie = cookie;
  return thief.post("/api/auth/refresh");
}

describe("a refresh", () => {
  test("rotates the cookie and gives a new access token", async () => {
    const park = await startPark();
    const { first } = await signedIn(park);
    const { status, body } = await park.client.post("/api/auth/refresh");
    expect(status).toBe(200);
    expect(park.client.cookie).not.toBe(first);
    expect((await park.client.get("/api/me", body.accessToken)).status).toBe(200);
  });

  test("without a cookie is refused", async () => {
    const park = await startPark();
    expect((await park.client.post("/api/auth/refresh")).status).toBe(401);
  });

  test("sets an HttpOnly, SameSite=Strict cookie; in production Secure and __Host-", async () => {
    const park = await startPark();
    await signedIn(park);
    expect(park.client.setCookie).toMatch(
      /^refresh=[\w-]{36}\.0\.[\w-]{43}; .*Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const production = await startPark({ isProduction: true });
    await signedIn(production);
    expect(production.client.setCookie).toMatch(/^__Host-refresh=.*Path=\/; HttpOnly; Secure;/);
  });

  test("leaves no token in the database", async () => {
    const park = await startPark();
    const { first } = await signedIn(park);
    const [, , mac = "none"] = first?.split(".") ?? [];
    const rows = await park.database.query("SELECT * FROM sessions");
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(mac);
  });

  test("by the parent of an unused child gets the same child again within the grace window", async () => {
    const park = await startPark();
    const { first } = await signedIn(park);
    await park.client.post("/api/auth/refresh");
    const child = park.client.cookie;
    park.advance(9);
    const again = park.newClient();
    again.cookie = first;
    expect((await again.post("/api/auth/refresh")).status).toBe(200);
    expect(again.cookie).toBe(child);
  });

  test("by the parent after the grace window is theft: the session is revoked", async () => {
    const park = await startPark();
    const { first } = await signedIn(park);
    const { body } = await park.client.post("/api/auth/refresh");
    park.advance(11);
    expect((await refreshWith(park, first)).body.error).toBe("session_reused");
    expect((await park.client.post("/api/auth/refresh")).body.error).toBe("session_revoked");
    expect((await park.client.get("/api/me", body.accessToken)).status).toBe(401);
  });

  test("by the parent of a child that was used is theft, inside the window too", async () => {
    const park = await startPark();
    const { first } = await signedIn(park);
    await park.client.post("/api/auth/refresh");
    await park.client.post("/api/auth/refresh");
    expect((await refreshWith(park, first)).body.error).toBe("session_reused");
    expect((await park.client.post("/api/auth/refresh")).body.error).toBe("session_revoked");
  });

  test("of a session idle for too long is refused", async () => {
    const park = await startPark({ refreshIdleSeconds: 100 });
    await signedIn(park);
    park.advance(99);
    expect((await park.client.post("/api/auth/refresh")).status).toBe(200);
    park.advance(100);
    expect((await park.client.post("/api/auth/refresh")).body.error).toBe("session_expired");
  });

  test("of a session past its absolute lifetime is refused, however busy", async () => {
    const park = await startPark({ refreshIdleSeconds: 100, refreshAbsoluteSeconds: 150 });
    await signedIn(park);
    park.advance(90);
    expect((await park.client.post("/api/auth/refresh")).status).toBe(200);
    park.advance(70);
    expect((await park.client.post("/api/auth/refresh")).body.error).toBe("session_expired");
  });

  test("that shows no good cookie does not use up what others at its address have", async () => {
    const park = await startPark({ refreshesPerMinute: 3 });
    await signedIn(park);
    const visitor = park.newClient();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      statuses.push((await visitor.post("/api/auth/refresh")).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
    expect((await park.client.post("/api/auth/refresh")).status).toBe(200);
  });

  test("with a good cookie is limited for its session", async () => {
    const park = await startPark({ refreshesPerMinute: 2 });
    await signedIn(park);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      statuses.push((await park.client.post("/api/auth/refresh")).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  test("twenty at once with one cookie end with one child", async () => {
    const park = await startPark();
    const { first } = await signedIn(park);
    const cookies = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const client = park.newClient();
        client.cookie = first;
        expect((await client.post("/api/auth/refresh")).status).toBe(200);
        return client.cookie;
      }),
    );
    expect(new Set(cookies).size).toBe(1);
    expect(park.log.filter(({ about }) => about["kind"] === "rotated")).toHaveLength(1);
  });
});

describe("the log", () => {
  test("names the request as its answer does, whether it was refused or not", async () => {
    const park = await startPark();
    const replies = [
      await park.client.post("/api/auth/login", ada),
      await park.client.post("/api/auth/refresh"),
      await park.client.post("/api/auth/login", { ...ada, password: "not this one" }),
    ];
    const named = replies.map(({ headers }) => headers.get("x-request-id"));
    expect(park.log.map(({ about }) => about["request"])).toEqual(named);
    expect(new Set(named).size).toBe(3);
  });

  test("names what happened and holds neither token nor password", async () => {
    const park = await startPark();
    await signedIn(park);
    const { body } = await park.client.post("/api/auth/refresh");
    await park.client.post("/api/auth/logout");
    expect(park.log.map(({ event }) => event)).toEqual(["login", "refresh", "logout"]);
    const text = JSON.stringify(park.log);
    for (const secret of [body.accessToken, ada.password, park.client.cookie ?? "refresh="]) {
      expect(text).not.toContain(secret);
    }
  });
});
