import { getRequestListener } from "@hono/node-server";
import express, { type Express } from "express";
import type { Sessions } from "../session/index.js";

export function withExpress(sessions: Sessions): Express {
  const app = express();
  // Before `express.json()`, which would read the body first.
  app.post("/auth/login", getRequestListener(sessions.login));
  app.post("/auth/refresh", getRequestListener(sessions.refresh));
  app.post("/auth/logout", getRequestListener(sessions.logout));

  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 handles what they reject with.
  app.get("/me", async (request, response) => {
    const headers = { authorization: request.get("authorization") ?? "" };
    const access = await sessions.verify(new Request("http://app/me", { headers }));
    if (access instanceof Response) {
      response.status(access.status).set(Object.fromEntries(access.headers));
      response.send(await access.text());
    } else {
      response.json({ id: access.userId });
    }
  });
  return app;
}
