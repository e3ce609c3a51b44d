/**
 * One server of the comparison, in a process of its own: the session folder, or the handler that most
 * tutorials show (Express, jsonwebtoken, one SELECT, no rotation). Tells where it listens, and on each
 * message what it has used so far.
 */
import type { AddressInfo } from "node:net";
import { createServer, type Server } from "node:http";
import cookieParser from "cookie-parser";
import express, { type Express } from "express";
import jsonwebtoken from "jsonwebtoken";
import { openDatabase, type Database } from "../../example/server/database.js";
import { createSessions, sessionTable, sqlStore } from "../../example/server/session/index.js";
import { withNode } from "../../example/server/sessionServers/withNode.js";

const [kind = "ours", databaseURL] = process.argv.slice(2);
const secret = "a key that is only used for measuring, and long";

const database = await openDatabase(databaseURL || undefined, "memory://");
await database.transaction(async (tx) => {
  await tx.query("SELECT pg_advisory_xact_lock(1)");
  for (const statement of sessionTable) await tx.query(statement);
  await tx.query("CREATE TABLE IF NOT EXISTS users (id text PRIMARY KEY, name text NOT NULL)");
  await tx.query("INSERT INTO users VALUES ('ada', 'Ada') ON CONFLICT DO NOTHING");
});

const server = kind === "ours" ? ours(database) : createServer(naive(database));
server.listen(0, "127.0.0.1", () => {
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  globalThis.gc?.();
  process.send?.({ cpuMicros: user + system, heapBytes: process.memoryUsage().heapUsed });
});

async function findUser(queryable: Database, id: string) {
  const [user] = await queryable.query<{ id: string; name: string }>(
    "SELECT id, name FROM users WHERE id = $1",
    [id],
  );
  return user;
}

function ours(queryable: Database): Server {
  return withNode(
    createSessions({
      store: sqlStore({
        query: async (text, values) => ({ rows: await queryable.query(text, values) }),
      }),
      accessKeys: [{ kid: "1", secret: `access: ${secret}` }],
      refreshKeys: [{ kid: "1", secret: `refresh: ${secret}` }],
      login: async () => "ada",
      loadUser: (id) => findUser(queryable, id),
      isSecure: false,
    }),
  );
}

function naive(queryable: Database): Express {
  const app = express();
  app.use(express.json());
  app.use(cookieParser());

  const subjectOf = (token: string) => {
    const claims = jsonwebtoken.verify(token, secret);
    return typeof claims === "string" ? claims : String(claims.sub);
  };
  const sign = (seconds: number) =>
    jsonwebtoken.sign({}, secret, { subject: "ada", expiresIn: seconds });

  app.post("/auth/login", (_request, response) => {
    response.cookie("refresh", sign(86_400), { httpOnly: true, sameSite: "strict" });
    response.json({ accessToken: sign(300) });
  });
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 handles what they reject with.
  app.post("/auth/refresh", async (request, response) => {
    const { refresh } = request.cookies as Record<string, string>;
    const user = await findUser(queryable, subjectOf(refresh ?? ""));
    response.json({ accessToken: sign(300), expiresIn: 300, user });
  });
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 handles what they reject with.
  app.get("/me", async (request, response) => {
    const id = subjectOf(request.get("authorization")?.replace("Bearer ", "") ?? "");
    response.json(await findUser(queryable, id));
  });
  return app;
}
