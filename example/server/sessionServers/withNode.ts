import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Sessions } from "../session/index.js";

export function withNode(sessions: Sessions): Server {
  return createServer(
    getRequestListener(async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === "/auth/login") return sessions.login(request);
      if (pathname === "/auth/refresh") return sessions.refresh(request);
      if (pathname === "/auth/logout") return sessions.logout(request);

      const access = await sessions.verify(request);
      if (access instanceof Response) return access;
      return Response.json({ id: access.userId });
    }),
  );
}
