import { Hono } from "hono";
import type { Sessions } from "../session/index.js";

export function withHono(sessions: Sessions): Hono {
  const app = new Hono();
  app.post("/auth/login", ({ req }) => sessions.login(req.raw));
  app.post("/auth/refresh", ({ req }) => sessions.refresh(req.raw));
  app.post("/auth/logout", ({ req }) => sessions.logout(req.raw));

  app.get("/me", async (context) => {
    const access = await sessions.verify(context.req.raw);
    if (access instanceof Response) return access;
    return context.json({ id: access.userId });
  });
  return app;
}
