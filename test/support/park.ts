import { once } from "node:events";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { readConfig } from "../../example/server/config.js";
import { openDatabase } from "../../example/server/database.js";
import { startServer } from "../../example/server/server.js";
import { deferred, type Deferred } from "./deferred.js";
import { libraryScript } from "./libraryScript.js";
import type { Person } from "./tabs.js";

/**
 * The example's server behind a gate that sees every request and can keep answers back, so that a
 * test decides what happens while a call is on the wire. The gate also serves `/tab`, a page with
 * nothing but an `auth`.
 */
export interface Park {
  /** To a browser a secure context. */
  readonly url: string;
  /** The same server by plain http, under a name that is not this machine's. */
  readonly plainURL: string;
  /** The requests to the API, in the order in which they came to the gate. */
  received(route?: string): Received[];
  /** What became of each refresh: `rotated`, `repeated`, or `refused (why)`. */
  refreshes(): string[];
  /** What happened to sessions on the server. */
  log(): string[];
  /** Makes every access token handed out so far invalid, and ends the grace of spent cookies. */
  expireTokens(): void;
  /** Keeps the next answer on this route (`POST /api/auth/refresh`) from the browser. */
  holdNext(route: string): HeldAnswer;
  /** Answers the next request on this route in the server's place, which never hears of it. */
  refuseNext(route: string): void;
  /** Cuts the line of every request to the API until it is called again with `false`. */
  cutLine(isCut?: boolean): void;
  /** Lets go of what is held, waits until nothing is on its way, and forgets what it saw. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface Received {
  route: string;
  /** The name of the user whose access token it carried. */
  user: Person | undefined;
  /** `undefined` while it is on its way. */
  status: number | undefined;
}

export interface HeldAnswer {
  /** Resolves when the server has acted, and only the browser does not know. */
  readonly arrived: Promise<void>;
  release(): void;
}

interface Hold {
  arrived: Deferred<void>;
  released: Deferred<void>;
}

export async function openPark(): Promise<Park> {
  const script = await libraryScript();
  let aheadMs = 0;
  let log: { event: string; verdict: string }[] = [];
  let received: Received[] = [];
  let isLineCut = false;
  const underWay = new Set<Promise<void>>();
  const holds = new Map<string, Hold>();
  const refusals = new Set<string>();
  const releases = new Set<() => void>();

  const gate = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  // The queue times would be requests that nobody in a test has made.
  gate.on("upgrade", (_incoming, socket) => socket.destroy());
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  const { port } = gate.address() as AddressInfo;
  const plainURL = `http://park.test:${port}`;
  const config = readConfig({
    PORT: "0",
    DATA_DIR: "memory://",
    LOGINS_PER_MINUTE: "100000",
    REFRESHES_PER_MINUTE: "100000",
    // Browsers name the site of a request only to a secure context; here it is told by its origin.
    PUBLIC_ORIGIN: plainURL,
  });
  const database = await openDatabase(undefined, config.dataDir);
  const server = await startServer(
    { ...config, now: () => Date.now() + aheadMs, sessionNow: () => Date.now() + aheadMs },
    (event, { kind, why }) => log.push({ event, verdict: String(kind ?? `refused (${why})`) }),
    database,
  );
  const users = await database.query<{ id: string; name: Person }>("SELECT id, name FROM users");

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname } = new URL(incoming.url ?? "/", server.url);
    if (pathname === "/tab") return serve(outgoing, "text/html", tabPage);
    if (pathname === "/library.js") return serve(outgoing, "text/javascript", script);
    const route = `${incoming.method} ${pathname}`;
    if (!pathname.startsWith("/api/")) return relay(incoming, outgoing);
    if (isLineCut) return void incoming.socket.destroy();

    const userId = userIdIn(incoming.headers.authorization);
    const user = users.find(({ id }) => id === userId)?.name;
    const request: Received = { route, user, status: undefined };
    received.push(request);
    outgoing.once("finish", () => {
      request.status = outgoing.statusCode;
    });
    if (refusals.delete(route)) return void outgoing.writeHead(401).end();
    const hold = holds.get(route);
    holds.delete(route);
    const relayed = relay(incoming, outgoing, hold).catch(() => void outgoing.destroy());
    underWay.add(relayed);
    await relayed;
    underWay.delete(relayed);
  }

  /** Resolves when the browser has its answer, or is gone. */
  async function relay(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    hold?: Hold,
  ): Promise<void> {
    const done = once(outgoing, "close");
    const { method, headers } = incoming;
    const body = await buffer(incoming);
    const forwarded = forward(new URL(incoming.url ?? "/", server.url), { method, headers });
    forwarded.end(body);
    // The one value of this event is the answer.
    const [answer] = (await once(forwarded, "response")) as [IncomingMessage];
    // Most apps let a browser keep their pages in the back/forward cache; the park's does not.
    if (isPage(answer)) delete answer.headers["cache-control"];
    hold?.arrived.resolve();
    await hold?.released.promise;
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
    await done;
  }

  return {
    url: `http://localhost:${port}`,
    plainURL,
    received: (route) => received.filter((request) => !route || request.route === route),
    refreshes: () =>
      log.filter(({ event }) => event.startsWith("refresh")).map(({ verdict }) => verdict),
    log: () => log.map(({ event }) => event),
    expireTokens() {
      aheadMs += 31_000;
    },
    holdNext(route) {
      const hold = { arrived: deferred(), released: deferred() };
      holds.set(route, hold);
      releases.add(hold.released.resolve);
      return { arrived: hold.arrived.promise, release: hold.released.resolve };
    },
    refuseNext: (route) => void refusals.add(route),
    cutLine(isCut = true) {
      isLineCut = isCut;
    },
    async settle() {
      isLineCut = false;
      holds.clear();
      refusals.clear();
      for (const release of releases) release();
      releases.clear();
      await Promise.all(underWay);
      log = [];
      received = [];
    },
    async close() {
      gate.closeAllConnections();
      await new Promise((resolve) => gate.close(resolve));
      await server.close();
      await database.close();
    },
  };
}

/** Its clock can be moved by `aheadMs`, its options are in the address. */
const tabPage = `<!doctype html>
<title>A tab</title>
<script>
  globalThis.aheadMs = 0;
  const now = Date.now;
  Date.now = () => now() + aheadMs;
</script>
<script type="module">
  import { createAuth } from "/library.js";
  const headers = { "X-Requested-With": "park" };
  globalThis.logouts = [];
  globalThis.auth = createAuth({
    baseURL: "/api",
    login: { url: "/auth/login", headers },
    refresh: { url: "/auth/refresh", headers },
    logout: { url: "/auth/logout", headers },
    onLogout: ({ reason }) => logouts.push(reason),
    ...JSON.parse(decodeURIComponent(location.search.slice(1)) || "{}"),
  });
  auth.ready();
</script>`;

function isPage({ headers }: IncomingMessage): boolean {
  return headers["content-type"]?.startsWith("text/html") ?? false;
}

function serve(outgoing: ServerResponse, type: string, content: string): void {
  outgoing.writeHead(200, { "content-type": type }).end(content);
}

/** What a token says is not checked here: the server does that. */
function userIdIn(authorization: string | undefined): string | undefined {
  const claims = authorization?.split(".")[1];
  if (!claims) return undefined;
  const { sub } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { sub: string };
  return sub;
}
