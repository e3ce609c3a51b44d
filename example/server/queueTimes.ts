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
export const closeCodes = {
  notUnderstood: 4400,
  tokenExpired: 4401,
  noToken: 4408,
  tooMany: 4429,
} as const;

/** The first message. A token in the URL would land in the log of every server on the way. */
const firstMessage = z.object({
  type: z.literal("auth"),
  // RFC 6750 §2.1: what a token may consist of.
  token: z.string().regex(/^[\w.~+/-]+=*$/),
});

/** For one session: a person has a few tabs, a script could open thousands. */
const mostSockets = 20;

interface Listener {
  sessionId: string;
  /** As a request would carry it, for that is what the sessions can judge. */
  request: Request;
}

/** A WebSocket that tells how long the queues are. Its first message is an access token. */
export function queueTimeRoutes(park: Park): Hono {
  const { publicOrigin, requestSeconds } = park.config;
  const audience = createAudience(park);

  const connect = upgradeWebSocket(() => {
    let isAsked = false;
    let deadline: NodeJS.Timeout;
    return {
      onOpen(_, socket) {
        deadline = setTimeout(() => socket.close(closeCodes.noToken), requestSeconds * 1000);
      },
      onMessage({ data }, socket) {
        if (isAsked) return socket.close(closeCodes.notUnderstood);
        isAsked = true;
        clearTimeout(deadline);
        audience.admit(socket, data).catch((error: unknown) => {
          report(error);
          // RFC 6455 §7.4.1: the server met something that it did not expect. The page tries again.
          socket.close(1011);
        });
      },
      onClose(_, socket) {
        clearTimeout(deadline);
        audience.leave(socket);
      },
    };
  });

  return new Hono().get("/queue-times", fromOwnPage(publicOrigin), connect);
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
    /** Judges the first message. */
    async admit(socket: WSContext, data: unknown): Promise<void> {
      const message = parseMessage(data);
      if (!message) return socket.close(closeCodes.notUnderstood);
      const headers = { authorization: `Bearer ${message.token}` };
      const request = new Request("http://park/api/queue-times", { headers });
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

function parseMessage(data: unknown): z.infer<typeof firstMessage> | undefined {
  try {
    return firstMessage.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
}
