import { randomBytes, randomUUID } from "node:crypto";
import { createAccessTokens } from "./accessTokens.js";
import { bearerToken, unauthorized } from "./bearer.js";
import { createRefreshCookie } from "./cookie.js";
import { assertKeys, assertSeparate } from "./keys.js";
import { agentOf, shortHash } from "./log.js";
import type { SessionOptions } from "./options.js";
import { refuseOtherPages } from "./ownPage.js";
import { problem } from "./problem.js";
import { createRefreshTokens, parseRefreshToken } from "./refreshTokens.js";
import { createRotation } from "./rotation.js";
import { isOver, type Lifetimes, type Session } from "./store.js";

/** Whom a request speaks for. */
export interface Access {
  readonly userId: string;
  readonly sessionId: string;
}

/** A session as its user may see it. Times are whole minutes: finer ones would tell a thief when the owner is active. */
export interface SessionSummary {
  readonly id: string;
  readonly userAgent: string;
  readonly startedAt: Date;
  readonly lastUsedAt: Date;
  /** How many refreshes were answered a second time: many may mean that somebody listens. */
  readonly repeats: number;
}

/** Signs in, refreshes and signs out, as Web-standard handlers. */
export interface Sessions {
  login(request: Request): Promise<Response>;
  refresh(request: Request): Promise<Response>;
  logout(request: Request): Promise<Response>;
  /**
   * Starts a session for someone whom the app knows already, say after a sign-up; ends the browser's
   * former one. Does not ask from which page the request came: the app has done that.
   */
  start(userId: string, request: Request, status?: number): Promise<Response>;
  /** Whom the request's access token speaks for; else the answer that refuses. Asks the store, so a revocation counts at once. */
  verify(request: Request): Promise<Access | Response>;
  /** The session that the request's cookie belongs to. */
  current(request: Request): Promise<string | undefined>;
  list(userId: string): Promise<SessionSummary[]>;
  revoke(sessionId: string): Promise<void>;
  revokeAll(userId: string, except?: string): Promise<void>;
  /** Deletes ended sessions, at most `limit` at a time. Returns how many: call again while it is `limit`. */
  sweep(limit?: number): Promise<number>;
}

/** @throws TypeError for keys that are not safe to use. */
export function createSessions<User>(options: SessionOptions<User>): Sessions {
  const { store, accessKeys, refreshKeys, loadUser, graceSeconds = 10 } = options;
  const { accessSeconds = 300, idleSeconds = 14 * 86_400, absoluteSeconds = 90 * 86_400 } = options;
  assertKeys(accessKeys, "accessKeys");
  assertKeys(refreshKeys, "refreshKeys");
  assertSeparate(accessKeys, refreshKeys);
  const accessTokens = createAccessTokens(accessKeys, {
    seconds: accessSeconds,
    issuer: options.issuer ?? "app",
    audience: options.audience ?? "app-api",
  });
  const refreshTokens = createRefreshTokens(refreshKeys);
  const lifetimes: Lifetimes = { idleMs: idleSeconds * 1000, absoluteMs: absoluteSeconds * 1000 };
  const rotate = createRotation({
    store,
    tokens: refreshTokens,
    lifetimes,
    graceMs: graceSeconds * 1000,
    loadUser,
  });
  const cookie = createRefreshCookie(
    options.cookieName ?? "refresh",
    options.isSecure ?? true,
    Math.min(idleSeconds, absoluteSeconds, 400 * 86_400),
  );

  /** Runs a handler for a call of our own page. */
  async function answer(request: Request, handle: () => Promise<Response>): Promise<Response> {
    const origins = {
      own: options.ownOrigin ?? (() => new URL(request.url).origin),
      others: options.otherOrigins ?? [],
    };
    return refuseOtherPages(request, origins) ?? guarded(handle);
  }

  function guarded<Result>(work: () => Promise<Result>): Promise<Result | Response> {
    return options.onError ? work().catch(options.onError) : work();
  }

  function note(
    request: Request,
    event: string,
    about: Record<string, string | number> = {},
  ): void {
    const address = options.addressOf?.(request);
    options.log?.(event, {
      ...about,
      ...(address !== undefined && { address: shortHash(address) }),
      agent: agentOf(request),
    });
  }

  async function answerSession(
    { id, userId }: Pick<Session, "id" | "userId">,
    { user, counter, token, now }: { user: User; counter: number; token: string; now: number },
    status = 200,
  ): Promise<Response> {
    const accessToken = await accessTokens.issue({ userId, sessionId: id, counter }, now);
    const headers = { "cache-control": "no-store", "set-cookie": cookie.keep(token) };
    return Response.json({ accessToken, expiresIn: accessSeconds, user }, { status, headers });
  }

  /** The session whose genuine token, spent or not, is in the cookie. */
  async function sessionOf(request: Request): Promise<Session | undefined> {
    const presented = parseRefreshToken(cookie.read(request) ?? "");
    const found = presented && (await store.find(presented.sessionId));
    return found && refreshTokens.isGenuine(presented, found.session) ? found.session : undefined;
  }

  /** One browser, one session: the cookie that came along is about to be replaced or removed. */
  async function endFormer(request: Request): Promise<string | undefined> {
    const former = await sessionOf(request);
    if (former && former.revokedAt === null) await store.revoke(former.id);
    return former?.id;
  }

  async function start(userId: string, request: Request, status = 200): Promise<Response> {
    const user = await loadUser(userId);
    if (user === undefined) return sessionOver("session_unknown");
    const former = await endFormer(request);
    if (former) note(request, "revoke", { session: former, why: "login" });
    const session = {
      id: randomUUID(),
      userId,
      salt: randomBytes(16).toString("base64url"),
      keyId: refreshTokens.keyId,
      userAgent: agentOf(request),
    };
    const now = await store.insert(session);
    note(request, "login", { user: userId, session: session.id });
    const token = refreshTokens.make(session, 0, session.keyId);
    return answerSession(session, { user, counter: 0, token, now }, status);
  }

  return {
    start,

    login: (request) =>
      answer(request, async () => {
        const judged = await options.login(request);
        return typeof judged === "string" ? start(judged, request) : judged;
      }),

    refresh: (request) =>
      answer(request, async () => {
        const rotation = await rotate(cookie.read(request));
        const { kind, session } = rotation;
        const about = session ? { session: session.id, user: session.userId } : {};
        if (kind === "rotated" || kind === "repeated") {
          note(request, "refresh", { ...about, kind, repeats: session.repeats });
          return answerSession(session, rotation);
        }
        note(request, "refresh-refused", { ...about, why: kind });
        if (kind === "superseded") {
          const retry = { "retry-after": "1" };
          return problem(409, kind, "A newer refresh token is in use already.", retry);
        }
        // The cookie stays: it is worth nothing, and this answer may arrive after that of a login,
        // whose cookie it would take away.
        return sessionOver(kind);
      }),

    logout: (request) =>
      answer(request, async () => {
        const session = await endFormer(request);
        if (session) note(request, "logout", { session });
        const headers = { "cache-control": "no-store", "set-cookie": cookie.remove() };
        return new Response(null, { status: 204, headers });
      }),

    verify: (request) =>
      guarded<Access | Response>(async () => {
        const token = bearerToken(request);
        const claims = token === undefined ? undefined : await accessTokens.read(token);
        const found = claims && (await store.find(claims.sessionId));
        if (!found || found.now >= claims.expiresAt) return unauthorized(token);
        const { session, now } = found;
        if (session.revokedAt !== null || isOver(session, now, lifetimes))
          return unauthorized(token);
        if (claims.counter > session.seenCounter) {
          await store.markSeen(claims.sessionId, claims.counter);
        }
        return { userId: claims.userId, sessionId: claims.sessionId };
      }),

    current: async (request) => (await sessionOf(request))?.id,

    async list(userId) {
      const sessions = await store.list(userId, lifetimes);
      return sessions.map(({ id, userAgent, repeats, startedAt, rotatedAt }) => ({
        id,
        userAgent,
        repeats,
        startedAt: wholeMinute(startedAt),
        lastUsedAt: wholeMinute(rotatedAt),
      }));
    },

    revoke: (sessionId) => store.revoke(sessionId),
    revokeAll: (userId, except) => store.revokeAll(userId, except),
    sweep: (limit = 500) => store.sweep(lifetimes, limit),
  };
}

function sessionOver(error: string): Response {
  return problem(401, error, "The session is over. Sign in again.");
}

function wholeMinute(ms: number): Date {
  return new Date(Math.floor(ms / 60_000) * 60_000);
}
