import { Hono } from "hono";
import type { Park } from "./park.js";
import { problem } from "./problems.js";
import { requireAccessToken } from "./requireAccessToken.js";

/** One's own photo: what is uploaded as a form, and shown to nobody else. */
export function photoRoutes(park: Park): Hono {
  const { database } = park;
  const routes = new Hono();
  const signedIn = requireAccessToken(park);

  routes.get("/me/photo", signedIn, async (context) => {
    const [photo] = await database.query<{ type: string; bytes: Uint8Array<ArrayBuffer> }>(
      "SELECT type, bytes FROM photos WHERE user_id = $1",
      [context.get("userId")],
    );
    if (!photo) return context.body(null, 204);
    return context.body(photo.bytes, 200, { "content-type": photo.type });
  });

  routes.post("/me/photo", signedIn, async (context) => {
    // A body that is no form at all makes this throw.
    const form = await context.req.parseBody().catch(() => ({ photo: undefined }));
    const bytes = form.photo instanceof File && new Uint8Array(await form.photo.arrayBuffer());
    const type = bytes && photoType(bytes);
    if (!type) throw problem(415, "not_a_photo", "A photo is a PNG, JPEG or WebP file.");
    await database.query(
      `INSERT INTO photos (user_id, type, bytes) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE SET type = $2, bytes = $3`,
      [context.get("userId"), type, bytes],
    );
    return context.body(null, 204);
  });

  routes.delete("/me/photo", signedIn, async (context) => {
    await database.query("DELETE FROM photos WHERE user_id = $1", [context.get("userId")]);
    return context.body(null, 204);
  });

  return routes;
}

/** By the first bytes: the name and the type that come along are the sender's words. */
function photoType(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1A\n")) return "image/png";
  if (start.startsWith("\xFF\xD8\xFF")) return "image/jpeg";
  return /^RIFF....WEBP/s.test(start) ? "image/webp" : undefined;
}
