import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "./body.js";
import type { Park } from "./park.js";
import { isoDate, rideColumns } from "./parkRoutes.js";
import { problem } from "./problems.js";
import { requireAccessToken } from "./requireAccessToken.js";
import { requireRole } from "./requireRole.js";

const rideChange = z.object({ open: z.boolean() });

/** What an admin can see and do, and no visitor. */
export function adminRoutes(park: Park): Hono {
  const { config, database } = park;
  const routes = new Hono();
  const signedIn = requireAccessToken(park);
  const admin = requireRole(park, "admin");

  routes.get("/admin/bookings", signedIn, admin, async (context) => {
    const found = await database.query<{ at: number }>(
      `SELECT bookings.id, users.name AS "guestName", ride_id AS "rideId", rides.name AS "rideName",
         seats, note, created_at AS at
       FROM bookings JOIN rides ON rides.id = ride_id JOIN users ON users.id = user_id
       WHERE created_at >= $1 ORDER BY created_at DESC`,
      [new Date(config.now()).setHours(0, 0, 0, 0)],
    );
    return context.json(found.map((booking) => ({ ...booking, at: isoDate(booking.at) })));
  });

  routes.put("/admin/rides/:id", signedIn, admin, async (context) => {
    const { open } = await readBody(context.req.raw, rideChange);
    const [ride] = await database.query(
      `UPDATE rides SET open = $2 WHERE id = $1 RETURNING ${rideColumns}`,
      [context.req.param("id"), open],
    );
    if (!ride) throw problem(404, "not_found", "There is no such ride.");
    return context.json(ride);
  });

  return routes;
}
