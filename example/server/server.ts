import type { AddressInfo } from "node:net";
import { serve, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createAccessTokens } from "./accessTokens.js";
import { authRoutes } from "./authRoutes.js";
import type { Config } from "./config.js";
import { csrfGuard } from "./csrf.js";
import { openDatabase } from "./database.js";
import { pageHeaders, pages } from "./pages.js";
import type { Log, Park } from "./park.js";
import { parkRoutes } from "./parkRoutes.js";
import { answerProblem, problem } from "./problems.js";
import { createRateLimits } from "./rateLimits.js";
import { createRefreshTokens } from "./refreshTokens.js";
import { createSchema } from "./schema.js";
import { seed } from "./seed.js";

export interface RunningServer {
  /** Where browsers find it. */
  readonly url: string;
  close(): Promise<void>;
}

const logLine: Log = (event, about) => {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...about }));
};

/** Opens the database, puts in what is missing, and listens. */
export async function startServer(config: Config, log: Log = logLine): Promise<RunningServer> {
  const database = await openDatabase(config.databaseURL, config.dataDir);
  await createSchema(database);
  await seed(database);
  const park: Park = {
    config,
    database,
    log,
    accessTokens: createAccessTokens(config),
    refreshTokens: createRefreshTokens(config, database),
    rateLimits: await createRateLimits(config, database),
  };
  let url = "";
  const publicOrigin = () => config.publicOrigin ?? url;
  const server = await listen(createApp(park, publicOrigin), config);
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  url = `http://${config.host === "127.0.0.1" ? "localhost" : config.host}:${port}`;
  return {
    url,
    async close() {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.close();
    },
  };
}

function createApp(park: Park, publicOrigin: () => string): Hono {
  const api = new Hono();
  api.use(async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
  });
  api.use(csrfGuard(publicOrigin));
  api.use(
    bodyLimit({
      maxSize: 16 * 1024,
      onError: () => {
        throw problem(413, "too_large", "The body is too large.");
      },
    }),
  );
  api.get("/health", (context) => context.json({ ok: true }));
  api.route("/auth", authRoutes(park));
  api.route("/", parkRoutes(park));

  const app = new Hono();
  app.use(pageHeaders(park.config));
  app.onError(answerProblem);
  app.route("/api", api);
  app.all("/api/*", (context) =>
    context.json({ error: "not_found", message: "There is no such address." }, 404),
  );
  app.route("/", pages(park.config));
  return app;
}

function listen(app: Hono, { host, port }: Config): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(server));
    server.on("error", reject);
  });
}
