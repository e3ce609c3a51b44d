import { parseRefreshToken, type RefreshTokens } from "./refreshTokens.js";
import { isOver, type Lifetimes, type Session, type SessionStore } from "./store.js";

/**
 * What became of a refresh. `rotated` and `repeated` hand out a token: the next one, or the same one
 * again because its answer may have been lost. `superseded` refuses for now: someone uses the next
 * token already. The others end the session.
 */
export type Rotation<User> =
  | {
      readonly kind: "rotated" | "repeated";
      readonly session: Session;
      readonly user: User;
      readonly counter: number;
      readonly token: string;
      /** By the store's clock, in milliseconds. */
      readonly now: number;
    }
  | {
      readonly kind:
        | "superseded"
        | "no_session"
        | "session_unknown"
        | "session_expired"
        | "session_revoked"
        | "session_reused";
      readonly session?: Session;
    };

/** The dependencies of a rotation. */
export interface RotationParts<User> {
  readonly store: SessionStore;
  readonly tokens: RefreshTokens;
  readonly lifetimes: Lifetimes;
  readonly graceMs: number;
  loadUser(userId: string): Promise<User | undefined>;
}

/**
 * Rotates refresh tokens. Each is good for one refresh; one that comes back later was stolen, or the
 * thief has the next one: the session is revoked (RFC 9700 §4.14.2).
 *
 * The exception is the grace window, because an answer can be lost on its way: the parent of an unused
 * token gets that token again, until an access token that came with it has been seen.
 */
export function createRotation<User>({
  store,
  tokens,
  lifetimes,
  graceMs,
  loadUser,
}: RotationParts<User>): (cookie: string | undefined) => Promise<Rotation<User>> {
  async function rotate(cookie: string | undefined, isSecondLook = false): Promise<Rotation<User>> {
    if (!cookie) return { kind: "no_session" };
    const presented = parseRefreshToken(cookie);
    const found = presented && (await store.find(presented.sessionId));
    if (!found || !tokens.isGenuine(presented, found.session)) return { kind: "session_unknown" };
    const { session, now } = found;
    if (session.revokedAt !== null) return { kind: "session_revoked", session };
    if (isOver(session, now, lifetimes)) return { kind: "session_expired", session };

    const { counter, keyId } = session;
    const isInGrace = presented.counter === counter - 1 && now < session.rotatedAt + graceMs;
    const isSpent = presented.counter !== counter && !isInGrace;
    // On a second look the token was good when it came, and other requests were faster.
    const wasGood = isSecondLook && graceMs > 0;
    if (isSpent && !wasGood) {
      await store.revoke(session.id);
      return { kind: "session_reused", session };
    }
    const isUnneeded = isInGrace && session.seenCounter >= counter;
    if (isSpent || isUnneeded) return { kind: "superseded", session };

    // Before anything is spent: where this fails, the browser comes back with the token that it has.
    const user = await loadUser(session.userId);
    if (user === undefined) {
      await store.revoke(session.id);
      return { kind: "session_unknown", session };
    }
    if (isInGrace) {
      const repeats = await store.countRepeat(session.id);
      const token = tokens.make(session, counter, keyId);
      return { kind: "repeated", session: { ...session, repeats }, user, counter, token, now };
    }
    if (!(await store.rotate(session.id, counter, tokens.keyId))) {
      // Another request was first since the session was read.
      if (!isSecondLook) return rotate(cookie, true);
      throw new Error("The store neither rotates the session nor says that another call did.");
    }
    const token = tokens.make(session, counter + 1, tokens.keyId);
    return { kind: "rotated", session, user, counter: counter + 1, token, now };
  }

  return (cookie) => rotate(cookie);
}
