import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "./body.js";
import { clientAddress } from "./clientAddress.js";
import type { Park } from "./park.js";
import { problem } from "./problems.js";
import { requireAccessToken } from "./requireAccessToken.js";
import { isPasswordRight } from "./passwords.js";
import { deleteUser, findUser, findUserByEmail } from "./users.js";

const confirmation = z.object({ password: z.string().max(200) });
const newBooking = z.object({
  rideId: z.string(),
  seats: z.number().int("A whole number.").min(1, "At least one.").max(6, "At most six."),
  note: z.string().trim().max(200, "At most 200 characters.").default(""),
});

/** For one guest: a script could fill the database otherwise. */
const mostBookings = 50;

export const rideColumns = `id, name, land, description, thrill, min_height_cm AS "minHeightCm",
  duration_minutes AS "durationMinutes", queue_minutes AS "queueMinutes", open`;

/** What a signed-in visitor can see and do. */
export function parkRoutes(park: Park): Hono {
  const { config, database, sessions, rateLimits, log } = park;
  const routes = new Hono();
  // Named at each route: without it `context.get("userId")` does not compile.
  const signedIn = requireAccessToken(park);

  routes.get("/me", signedIn, async (context) => {
    const user = await findUser(database, context.get("userId"));
    if (!user) throw problem(404, "not_found", "There is no such user any more.");
    return context.json(user);
  });

  routes.delete("/me", signedIn, async (context) => {
    const { password } = await readBody(context.req.raw, confirmation);
    const userId = context.get("userId");
    const found = await findUser(database, userId);
    const known = found && (await findUserByEmail(database, found.email));
    // Counted with this browser's logins: an access token must not be a way to guess the password.
    await rateLimits.login(
      clientAddress(context.req.raw),
      found?.email ?? "",
      context.get("sessionId"),
    );
    // Who finds a browser open could do it otherwise.
    if (!(await isPasswordRight(known?.passwordHash, password))) {
      throw problem(403, "wrong_password", "The password is not right.");
    }
    await sessions.revokeAll(userId);
    await deleteUser(database, userId);
    log("user-deleted", { user: userId });
    return context.body(null, 204);
  });

  routes.get("/rides", signedIn, async (context) =>
    context.json(await database.query(`SELECT ${rideColumns} FROM rides ORDER BY open DESC, name`)),
  );

  routes.get("/bookings", signedIn, async (context) => {
    const found = await database.query<{ at: number }>(
      `SELECT bookings.id, ride_id AS "rideId", rides.name AS "rideName", seats, note, created_at AS at
       FROM bookings JOIN rides ON rides.id = ride_id WHERE user_id = $1 ORDER BY created_at DESC`,
      [context.get("userId")],
    );
    return context.json(found.map((booking) => ({ ...booking, at: isoDate(booking.at) })));
  });

  routes.post("/bookings", signedIn, async (context) => {
    const { rideId, seats, note } = await readBody(context.req.raw, newBooking);
    const [ride] = await database.query<{ name: string; open: boolean }>(
      "SELECT name, open FROM rides WHERE id = $1",
      [rideId],
    );
    if (!ride) throw problem(404, "not_found", "There is no such ride.");
    if (!ride.open) throw problem(409, "ride_closed", `${ride.name} is closed today.`);
    const booking = { id: randomUUID(), rideId, seats, note, at: config.now() };
    const made = await database.query(
      `INSERT INTO bookings (id, user_id, ride_id, seats, note, created_at)
       SELECT $1, $2, $3, $4, $5, $6
       WHERE (SELECT count(*) FROM bookings WHERE user_id = $2) < $7 RETURNING id`,
      [booking.id, context.get("userId"), rideId, seats, note, booking.at, mostBookings],
    );
    if (made.length === 0) {
      throw problem(409, "too_many_bookings", `At most ${mostBookings} bookings at a time.`);
    }
    return context.json({ ...booking, rideName: ride.name, at: isoDate(booking.at) }, 201);
  });

  routes.delete("/bookings/:id", signedIn, async (context) => {
    const deleted = await database.query(
      "DELETE FROM bookings WHERE id = $1 AND user_id = $2 RETURNING id",
      [context.req.param("id"), context.get("userId")],
    );
    if (deleted.length === 0) throw problem(404, "not_found", "There is no such booking.");
    return context.body(null, 204);
  });

  routes.get("/sessions", signedIn, async (context) => {
    const found = await sessions.list(context.get("userId"));
    return context.json(
      found.map((session) => ({ ...session, current: session.id === context.get("sessionId") })),
    );
  });

  routes.delete("/sessions/:id", signedIn, async (context) => {
    const session = context.req.param("id");
    const own = await sessions.list(context.get("userId"));
    if (!own.some(({ id }) => id === session)) {
      throw problem(404, "not_found", "You have no such session.");
    }
    await sessions.revoke(session);
    log("revoke", { session, why: "asked" });
    return context.body(null, 204);
  });

  return routes;
}

export function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}
