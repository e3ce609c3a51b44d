import { getRequestListener } from "@hono/node-server";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Sessions } from "../session/index.js";

export function withFastify(sessions: Sessions): FastifyInstance {
  const app = fastify();
  app.register(async (auth) => {
    // The handlers read the body themselves.
    auth.removeAllContentTypeParsers();
    auth.addContentTypeParser("*", (_request, _payload, done) => done(null));
    const handled =
      (handle: Sessions["login"]) => (request: FastifyRequest, reply: FastifyReply) => {
        reply.hijack();
        return getRequestListener(handle)(request.raw, reply.raw);
      };
    auth.post("/auth/login", handled(sessions.login));
    auth.post("/auth/refresh", handled(sessions.refresh));
    auth.post("/auth/logout", handled(sessions.logout));
  });

  app.get("/me", async (request, reply) => {
    const headers = { authorization: request.headers.authorization ?? "" };
    const access = await sessions.verify(new Request("http://app/me", { headers }));
    return access instanceof Response ? reply.send(access) : { id: access.userId };
  });
  return app;
}
