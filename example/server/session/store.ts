/** A session as the store keeps it: one row for as long as somebody is signed in. Times are milliseconds. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** Part of every refresh token of this session, and never sent anywhere. */
  readonly salt: string;
  /** Which refresh token is good now: the first is 0. */
  readonly counter: number;
  /** The key that made that refresh token. */
  readonly keyId: string;
  /** The highest counter whose access token has been used; −1 before the first. */
  readonly seenCounter: number;
  /** How many refreshes were answered a second time. */
  readonly repeats: number;
  readonly userAgent: string;
  readonly startedAt: number;
  /** When the latest refresh token was made. */
  readonly rotatedAt: number;
  readonly revokedAt: number | null;
}

/** What is known of a session when it starts. */
export type NewSession = Pick<Session, "id" | "userId" | "salt" | "keyId" | "userAgent">;

/** How long sessions live, in milliseconds. */
export interface Lifetimes {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/**
 * Where sessions are kept. Its clock is the only one that decides, so the clocks of the processes may
 * differ.
 */
export interface SessionStore {
  /** Adds a session that starts now. Returns the time. */
  insert(session: NewSession): Promise<number>;
  /** A session and the time; `undefined` if there is none. */
  find(id: string): Promise<{ session: Session; now: number } | undefined>;
  /**
   * Counts from `counter` to the next and notes the key and the time. `false` if the counter is
   * another by now, or the session revoked.
   *
   * The one hard demand on a store: of any number of calls at once with one `counter`, in all
   * processes, exactly one returns `true`.
   */
  rotate(id: string, counter: number, keyId: string): Promise<boolean>;
  /** Notes that an access token of this counter has been used. */
  markSeen(id: string, counter: number): Promise<void>;
  /** Counts a refresh that was answered a second time. Returns how many there are by now. */
  countRepeat(id: string): Promise<number>;
  revoke(id: string): Promise<void>;
  /** Revokes all sessions of a user, but the one with the id in `except`. */
  revokeAll(userId: string, except?: string): Promise<void>;
  /** The sessions of a user that are neither revoked nor past their time, the latest first. */
  list(userId: string, lifetimes: Lifetimes): Promise<Session[]>;
  /** Deletes ended sessions, at most `limit`. Returns how many. */
  sweep(lifetimes: Lifetimes, limit: number): Promise<number>;
}

/** Whether the session has been idle for too long, or is too old. */
export function isOver(
  { rotatedAt, startedAt }: Session,
  now: number,
  { idleMs, absoluteMs }: Lifetimes,
): boolean {
  return now >= rotatedAt + idleMs || now >= startedAt + absoluteMs;
}
