import { Hono } from "hono";
import { z } from "zod";
import { readBody } from "./body.js";
import { clientAddress } from "./clientAddress.js";
import type { Park } from "./park.js";
import { isGuessable } from "./passwords.js";
import { problem } from "./problems.js";
import { createUser } from "./users.js";

const newUser = z.object({
  name: z.string().trim().min(1, "Tell us your name.").max(80, "At most 80 characters."),
  email: z.email("This is not an e-mail address.").max(200),
  password: z.string().min(10, "At least 10 characters.").max(200, "At most 200 characters."),
});

/** Sign up, sign in, refresh and sign out. */
export function authRoutes({ database, sessions, rateLimits }: Park): Hono {
  const routes = new Hono();

  routes.post("/signup", async ({ req }) => {
    const given = await readBody(req.raw, newUser);
    await rateLimits.login(clientAddress(req.raw), given.email, undefined);
    if (isGuessable(given.password, [given.name, given.email])) {
      const fields = { password: "This is among the first that somebody would try." };
      throw problem(422, "invalid_input", "Some fields need another look.", { fields });
    }
    const user = await createUser(database, given);
    if (!user) throw problem(409, "email_taken", "There is an account with this address already.");
    return sessions.start(user.id, req.raw, 201);
  });

  routes.post("/login", ({ req }) => sessions.login(req.raw));

  routes.post("/refresh", async ({ req }) => {
    const session = await sessions.current(req.raw);
    if (session === undefined) await rateLimits.refreshInVain(clientAddress(req.raw));
    else await rateLimits.refresh(session);
    return sessions.refresh(req.raw);
  });

  routes.post("/logout", ({ req }) => sessions.logout(req.raw));

  return routes;
}
