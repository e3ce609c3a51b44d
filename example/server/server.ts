import type { AddressInfo } from "node:net";
import { serve, type ServerType, type WebSocketServerLike } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { WebSocketServer } from "ws";
import { adminRoutes } from "./adminRoutes.js";
import { authRoutes } from "./authRoutes.js";
import { clientAddress, noteClientAddress } from "./clientAddress.js";
import type { Config } from "./config.js";
import { csrfGuard } from "./csrf.js";
import { openDatabase, type Database } from "./database.js";
import { demo } from "./demo.js";
import { pages } from "./pages.js";
import type { Log, Park } from "./park.js";
import { parkRoutes } from "./parkRoutes.js";
import { createParkSessions } from "./parkSessions.js";
import { photoRoutes } from "./photoRoutes.js";
import { answerProblem, problem } from "./problems.js";
import { queueTimeRoutes } from "./queueTimes.js";
import { createRateLimits } from "./rateLimits.js";
import { nameRequest, withRequestId } from "./requestId.js";
import { migrate } from "./migrations.js";
import { signOutGuests } from "./publishedGuests.js";
import { securityHeaders } from "./securityHeaders.js";
import { seed } from "./seed.js";
import { listenFault } from "./startFault.js";
import { sweepRegularly } from "./sweep.js";

export interface RunningServer {
  /** Where browsers find it. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens the database, puts in what is missing, and listens.
 *
 * @param sharedDatabase - used instead of one of its own, and left open on `close`.
 * @throws ConfigError and whatever else `startFault` has a sentence for. Nothing stays open then.
 */
export async function startServer(
  config: Config,
  writeLog: Log = logLine,
  sharedDatabase?: Database,
): Promise<RunningServer> {
  const database = sharedDatabase ?? (await openDatabase(config.databaseURL, config.dataDir));
  const closeDatabase = async () => (sharedDatabase ? undefined : database.close());
  try {
    await migrate(database);
    await seed(database, config);
    let url = "";
    const log = withRequestId(writeLog);
    const ownOrigin = () => config.publicOrigin ?? url;
    const parts = { config, database, log, rateLimits: createRateLimits(config, database, log) };
    const sessions = createParkSessions(parts, clientAddress, ownOrigin);
    if (!config.isDemo) await signOutGuests(database, sessions);
    const app = createApp({ ...parts, sessions }, ownOrigin);
    const stopSweeping = sweepRegularly(sessions);
    const sockets = new WebSocketServer({ noServer: true, maxPayload: 8 * 1024 });
    const server = await listen(app, config, sockets);
    // A server that listens on TCP has a port.
    url = addressOf(config.host, (server.address() as AddressInfo).port);
    return {
      url,
      async close() {
        stopSweeping();
        await stopListening(server, sockets);
        await closeDatabase();
      },
    };
  } catch (error) {
    await closeDatabase();
    throw error;
  }
}

const logLine: Log = (event, about) => {
  console.log(JSON.stringify({ at: new Date().toISOString(), event, ...about }));
};

/** One name for this machine: to a browser, cookies of `localhost` and 127.0.0.1 are not the same. */
function addressOf(host: string, port: number): string {
  const isThisMachine = ["127.0.0.1", "0.0.0.0", "::1", "::"].includes(host);
  return `http://${isThisMachine ? "localhost" : host.includes(":") ? `[${host}]` : host}:${port}`;
}

function createApp(park: Park, publicOrigin: () => string): Hono {
  const api = new Hono();
  api.use(nameRequest);
  api.use(async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
  });
  api.use(noteClientAddress(park.config.trustedProxies, park.log));
  api.use(csrfGuard(publicOrigin, isUpload));
  const limits = { upload: limitBody(1000 * 1024), other: limitBody(16 * 1024) };
  api.use((context, next) =>
    limits[isUpload(context.req.path) ? "upload" : "other"](context, next),
  );
  if (park.config.isDemo) api.route("/", demo(park));
  api.get("/health", async (context) => {
    await park.database.query("SELECT 1");
    return context.json({ ok: true });
  });
  api.route("/auth", authRoutes(park));
  api.route("/", parkRoutes(park));
  api.route("/", photoRoutes(park));
  api.route("/", adminRoutes(park));
  api.route("/", queueTimeRoutes(park));
  api.all("*", () => {
    throw problem(404, "not_found", "There is no such address.");
  });

  const app = new Hono();
  app.use(securityHeaders(park.config));
  app.onError(answerProblem);
  app.route("/api", api);
  app.route("/", pages(park.config));
  return app;
}

function isUpload(path: string): boolean {
  return path === "/api/me/photo";
}

function limitBody(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw problem(413, "too_large", `At most ${maxSize / 1024} kB are taken here.`);
    },
  });
}

function listen(
  app: Hono,
  { host, port, requestSeconds }: Config,
  sockets: WebSocketServer,
): Promise<ServerType> {
  const requestTimeout = requestSeconds * 1000;
  const serverOptions = {
    requestTimeout,
    headersTimeout: Math.min(requestTimeout, 10_000),
    // How often Node looks for those that are late.
    connectionsCheckingInterval: Math.min(requestTimeout, 2000),
  };
  return new Promise((resolve, reject) => {
    // The same server: its own types tell an `undefined` from a field that is not there, these do not.
    const websocket = { server: sockets as WebSocketServerLike };
    const server = serve({ fetch: app.fetch, hostname: host, port, serverOptions, websocket }, () =>
      resolve(server),
    );
    server.on("error", (error) => reject(listenFault(error)));
  });
}

/** Lets the requests that are under way end, for two seconds. */
async function stopListening(server: ServerType, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  // RFC 6455 §7.4.1: "going away".
  for (const socket of sockets.clients) socket.close(1001);
  if (!("closeIdleConnections" in server)) return void (await closed);
  // A connection whose answer ends only now would be kept open for the next request.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  const impatience = setTimeout(() => {
    server.closeAllConnections();
    for (const socket of sockets.clients) socket.terminate();
  }, 2000);
  await closed;
  clearInterval(sweep);
  clearTimeout(impatience);
}
