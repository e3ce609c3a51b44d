import type { Key } from "./keys.js";
import type { SessionLog } from "./log.js";
import type { SessionStore } from "./store.js";

/** What a server must say about its sessions. Lifetimes are seconds. */
export interface SessionOptions<User> {
  store: SessionStore;
  /** Sign access tokens, and nothing else. The first signs, all verify. */
  accessKeys: readonly Key[];
  /** Make refresh tokens, and nothing else. The first makes, all verify. */
  refreshKeys: readonly Key[];
  /** Judges a sign-in: the id of the user, or the answer that refuses. Limits belong here, too. */
  login(request: Request): Promise<string | Response>;
  /** What answers show of a user; `undefined` for one who is gone: then the session ends. */
  loadUser(userId: string): Promise<User | undefined>;
  /** The origin in the address bar; that of the request's URL if omitted, which a proxy may change. */
  ownOrigin?: () => string;
  /** Exact origins of pages elsewhere that call this API with cookies. None if omitted. */
  otherOrigins?: readonly string[];
  /** 300 if omitted. */
  accessSeconds?: number;
  /** A session that is not refreshed for so long is over; 14 days if omitted. */
  idleSeconds?: number;
  /** A session is over after that, however busy; 90 days if omitted. */
  absoluteSeconds?: number;
  /** How long the parent of an unused refresh token gets that token again; 10 if omitted. */
  graceSeconds?: number;
  /** `"refresh"` if omitted; with `__Host-` before it where the cookie is secure. */
  cookieName?: string;
  /** `false` only for development over plain HTTP. */
  isSecure?: boolean;
  /** Who issues the access tokens and for whom; `"app"` and `"app-api"` if omitted. */
  issuer?: string;
  audience?: string;
  /** The address a request comes from: the log tells a hash of it. */
  addressOf?(request: Request): string;
  /** Answers when something throws, say a store that cannot be asked; it is thrown on if omitted. */
  onError?(error: unknown): Response;
  /** Called with each thing that happens to a session, never with a token. */
  log?: SessionLog;
}
