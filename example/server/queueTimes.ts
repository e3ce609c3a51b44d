import { upgradeWebSocket } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import type { WSContext } from "hono/ws";
import { WebSocket } from "ws";
import { z } from "zod";
import { moveCrowd } from "./crowd.js";
import type { Queryable } from "./database.js";
import type { Park } from "./park.js";
import { problem } from "./problems.js";

/** Why the server closes a socket. RFC 6455 §7.4.2 leaves the codes from 4000 on to the app. */
export const closeCodes = { tokenExpired: 4401, tooMany: 4429 } as const;

/** For one session: a person has a few tabs, a script could open thousands. */
const mostSockets = 20;

interface Listener {
  readonly sessionId: string;
  /** With the token that it has shown last. */
  request: Request;
}

/** All that a page says. RFC 6750 §2.1: the characters of a token. */
const tokenMessage = z.object({
  type: z.literal("token"),
  token: z.string().regex(/^[\w.~+/-]+=*$/),
});

/** A WebSocket that tells how long the queues are, to who shows an access token. */
export function queueTimeRoutes(park: Park): Hono {
  const audience = createAudience(park);

  const connect = upgradeWebSocket((context) => {
    const [, token] = context.req.header("sec-websocket-protocol")?.split(/, */) ?? [];
    return {
      onOpen(_, socket) {
        audience.admit(socket, requestWith(token)).catch((error: unknown) => {
          report(error);
          // RFC 6455 §7.4.1: the server met something that it did not expect. The page tries again.
          socket.close(1011);
        });
      },
      onMessage({ data }, socket) {
        // A database that is away is asked again when the present token is judged.
        audience.renew(socket, requestWith(tokenIn(data))).catch(report);
      },
      onClose: (_, socket) => audience.leave(socket),
    };
  });

  return new Hono().get("/queue-times", fromOwnPage(park.config.publicOrigin), connect);
}

/**
 * The token as a request would carry it, for that is what the sessions can judge. The first comes as the
 * second subprotocol: a page cannot set a header of a socket, and a URL lands in the logs of every server
 * on the way. `ws` chooses the first subprotocol, and so never sends the token back.
 */
function requestWith(token: string | undefined): Request {
  const headers: HeadersInit = token ? { authorization: `Bearer ${token}` } : {};
  return new Request("http://park/api/queue-times", { headers });
}

/** The next token, which a page tells before the last one has expired. */
function tokenIn(message: unknown): string | undefined {
  try {
    return tokenMessage.parse(JSON.parse(String(message))).token;
  } catch {
    return undefined;
  }
}

/**
 * Everybody who listens. They are told again and again, and each time their tokens are judged: one that
 * has expired, and a session that was revoked by whatever process, closes the socket. Nothing runs while
 * nobody listens.
 */
function createAudience(park: Park) {
  const { config, database, sessions } = park;
  const listeners = new Map<WSContext, Listener>();
  let timer: NodeJS.Timeout | undefined;

  function tellRegularly(): void {
    if (timer || listeners.size === 0) return;
    timer = setTimeout(async () => {
      // A database that is away is asked again the next time.
      await tellAll().catch(report);
      timer = undefined;
      tellRegularly();
    }, config.queueTimesSeconds * 1000).unref();
  }

  async function tellAll(): Promise<void> {
    // The last may have left.
    if (listeners.size === 0) return;
    if (config.isDemo) await moveCrowd(database);
    const times = await queueTimes(database);
    await Promise.all(
      [...listeners].map(async ([socket, { request }]) => {
        const access = await sessions.verify(request);
        if (access instanceof Response) socket.close(closeCodes.tokenExpired);
        else socket.send(times);
      }),
    );
  }

  return {
    /** A handshake that was refused would tell a page nothing. So it is let in, and told by the code why it has to leave. */
    async admit(socket: WSContext, request: Request): Promise<void> {
      const access = await sessions.verify(request);
      if (access instanceof Response) return socket.close(closeCodes.tokenExpired);
      const { sessionId } = access;
      const own = [...listeners.values()].filter((other) => other.sessionId === sessionId);
      if (own.length >= mostSockets) return socket.close(closeCodes.tooMany);
      // It may have been closed meanwhile.
      if (socket.readyState !== WebSocket.OPEN) return;
      listeners.set(socket, { sessionId, request });
      tellRegularly();
      socket.send(await queueTimes(database));
    },

    /** Goes by another token from now on: one of the same session, or the socket is closed. */
    async renew(socket: WSContext, request: Request): Promise<void> {
      const access = await sessions.verify(request);
      const listener = listeners.get(socket);
      if (!listener) return;
      const isGood = !(access instanceof Response) && access.sessionId === listener.sessionId;
      if (isGood) listener.request = request;
      else socket.close(closeCodes.tokenExpired);
    },

    leave: (socket: WSContext) => void listeners.delete(socket),
  };
}

/**
 * Lets in our own page only. A page of any other site can open a socket to here, for the rules of CORS
 * do not hold for sockets; but a browser says which page it is.
 *
 * @param publicOrigin - where a proxy may hide the name in the address bar; else that is in `Host`.
 * @see RFC 6455 §10.2
 */
function fromOwnPage(publicOrigin: string | undefined): MiddlewareHandler {
  return (context, next) => {
    const origin = context.req.header("origin") ?? "";
    const isOwn = publicOrigin
      ? origin === publicOrigin
      : URL.canParse(origin) && new URL(origin).host === context.req.header("host");
    if (isOwn) return next();
    throw problem(403, "foreign_page", "This socket did not come from the park's own page.");
  };
}

/** Not the error itself: a database's carries the parameters. */
function report(error: unknown): void {
  console.error(`queue times: ${error instanceof Error ? error.message : "no reason given"}`);
}

/** Minutes by ride, as text. */
async function queueTimes(database: Queryable): Promise<string> {
  const rides = await database.query<{ id: string; minutes: number }>(
    "SELECT id, queue_minutes AS minutes FROM rides WHERE open",
  );
  return JSON.stringify(Object.fromEntries(rides.map(({ id, minutes }) => [id, minutes])));
}
