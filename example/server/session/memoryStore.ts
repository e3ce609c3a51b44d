import { isOver, type Lifetimes, type Session, type SessionStore } from "./store.js";

/**
 * Keeps sessions in this process: for tests, and for a server that may forget everybody when it
 * restarts. JavaScript runs one thing at a time, so each method is atomic.
 */
export function memoryStore(now: () => number = Date.now): SessionStore {
  const sessions = new Map<string, Session>();

  function change(id: string, fields: (session: Session) => Partial<Session>): void {
    const session = sessions.get(id);
    if (session) sessions.set(id, { ...session, ...fields(session) });
  }

  function revoke(id: string): void {
    change(id, ({ revokedAt }) => ({ revokedAt: revokedAt ?? now() }));
  }

  function isAlive(session: Session, lifetimes: Lifetimes): boolean {
    return session.revokedAt === null && !isOver(session, now(), lifetimes);
  }

  function ofUser(userId: string): Session[] {
    return [...sessions.values()].filter((session) => session.userId === userId);
  }

  return {
    async insert(session) {
      const startedAt = now();
      sessions.set(session.id, {
        ...session,
        counter: 0,
        seenCounter: -1,
        repeats: 0,
        startedAt,
        rotatedAt: startedAt,
        revokedAt: null,
      });
      return startedAt;
    },
    async find(id) {
      const session = sessions.get(id);
      return session && { session, now: now() };
    },
    async rotate(id, counter, keyId) {
      const session = sessions.get(id);
      if (session?.counter !== counter || session.revokedAt !== null) return false;
      change(id, () => ({ counter: counter + 1, keyId, rotatedAt: now() }));
      return true;
    },
    async markSeen(id, counter) {
      change(id, ({ seenCounter }) => ({ seenCounter: Math.max(seenCounter, counter) }));
    },
    async countRepeat(id) {
      change(id, ({ repeats }) => ({ repeats: repeats + 1 }));
      return sessions.get(id)?.repeats ?? 0;
    },
    async revoke(id) {
      revoke(id);
    },
    async revokeAll(userId, except) {
      for (const { id } of ofUser(userId)) if (id !== except) revoke(id);
    },
    async list(userId, lifetimes) {
      const alive = ofUser(userId).filter((session) => isAlive(session, lifetimes));
      // oxlint-disable-next-line unicorn/no-array-sort -- Who copies this may compile for ES2022.
      return alive.sort((a, b) => b.rotatedAt - a.rotatedAt);
    },
    async sweep(lifetimes, limit) {
      const ended = [...sessions.values()]
        .filter((session) => !isAlive(session, lifetimes))
        .slice(0, limit);
      for (const { id } of ended) sessions.delete(id);
      return ended.length;
    },
  };
}
