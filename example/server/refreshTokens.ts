import { createHash, createHmac, randomUUID } from "node:crypto";
import type { Config } from "./config.js";
import type { Database, Queryable } from "./database.js";

/** A session on the server: one login and all refresh tokens that descend from it. */
export interface FamilySummary {
  id: string;
  userAgent: string;
  createdAt: number;
  lastUsedAt: number;
}

/** What became of a refresh. Only `rotated` and `repeated` hand out a token. */
export type Rotation =
  | { verdict: "rotated" | "repeated"; familyId: string; userId: string; refreshToken: string }
  | { verdict: "unknown" | "expired" | "revoked" | "reused"; familyId?: string };

/**
 * Opaque, rotating refresh tokens. Each is good for one refresh; one that comes back later was
 * stolen or is in a thief's hands now, so its whole family is revoked (RFC 9700 §4.14.2).
 *
 * The exception is the grace window: an answer can be lost on its way. While nobody has used the
 * child, its immediate parent gets the same child again. A token is an HMAC over its family and
 * place, so the same child can be made again although only hashes are stored.
 */
export interface RefreshTokens {
  startFamily(
    userId: string,
    userAgent: string,
  ): Promise<{ familyId: string; refreshToken: string }>;
  rotate(refreshToken: string): Promise<Rotation>;
  /** The family a token belongs to, spent or not. */
  familyOf(refreshToken: string): Promise<string | undefined>;
  revoke(familyId: string): Promise<void>;
  /** `false` once it is revoked or past its time: then its access tokens are worth nothing. */
  isAlive(familyId: string): Promise<boolean>;
  listOf(userId: string): Promise<FamilySummary[]>;
}

interface Family extends Record<string, unknown> {
  id: string;
  user_id: string;
  salt: string;
  counter: number;
  created_at: number;
  rotated_at: number;
  revoked_at: number | null;
}

export function createRefreshTokens(config: Config, database: Database): RefreshTokens {
  const idleMs = config.refreshIdleSeconds * 1000;
  const absoluteMs = config.refreshAbsoluteSeconds * 1000;
  const graceMs = config.refreshGraceSeconds * 1000;

  function derive({ id, salt }: Pick<Family, "id" | "salt">, counter: number): string {
    return createHmac("sha256", config.refreshTokenKey)
      .update(`${id}:${counter}:${salt}`)
      .digest("base64url");
  }

  async function store(
    tx: Queryable,
    familyId: string,
    counter: number,
    token: string,
  ): Promise<void> {
    await tx.query("INSERT INTO refresh_tokens (hash, family_id, counter) VALUES ($1, $2, $3)", [
      hashOf(token),
      familyId,
      counter,
    ]);
  }

  const isLive = "revoked_at IS NULL AND rotated_at > $2 AND created_at > $3";
  const liveSince = () => [config.now() - idleMs, config.now() - absoluteMs];

  async function revoke(tx: Queryable, familyId: string): Promise<void> {
    await tx.query("UPDATE families SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", [
      familyId,
      config.now(),
    ]);
  }

  /** Past the absolute lifetime a token is refused, known or unknown; its row serves nobody. */
  async function forgetEnded(tx: Queryable, userId: string, startedBefore: number): Promise<void> {
    const ended = "SELECT id FROM families WHERE user_id = $1 AND created_at <= $2";
    const parameters = [userId, startedBefore];
    await tx.query(`DELETE FROM refresh_tokens WHERE family_id IN (${ended})`, parameters);
    await tx.query("DELETE FROM families WHERE user_id = $1 AND created_at <= $2", parameters);
  }

  return {
    startFamily(userId, userAgent) {
      return database.transaction(async (tx) => {
        const now = config.now();
        await forgetEnded(tx, userId, now - absoluteMs);
        const family = { id: randomUUID(), salt: randomUUID() };
        await tx.query(
          `INSERT INTO families (id, user_id, salt, counter, user_agent, created_at, rotated_at)
           VALUES ($1, $2, $3, 0, $4, $5, $5)`,
          [family.id, userId, family.salt, userAgent, now],
        );
        const refreshToken = derive(family, 0);
        await store(tx, family.id, 0, refreshToken);
        return { familyId: family.id, refreshToken };
      });
    },

    rotate(refreshToken) {
      return database.transaction(async (tx): Promise<Rotation> => {
        // The lock on the family makes rotation atomic, between processes too.
        const [found] = await tx.query<Family & { presented: number }>(
          `SELECT families.*, refresh_tokens.counter AS presented
           FROM refresh_tokens JOIN families ON families.id = refresh_tokens.family_id
           WHERE refresh_tokens.hash = $1 FOR UPDATE OF families`,
          [hashOf(refreshToken)],
        );
        if (!found) return { verdict: "unknown" };
        const { id: familyId, user_id: userId, counter, presented } = found;
        const now = config.now();
        if (found.revoked_at !== null) return { verdict: "revoked", familyId };
        if (now >= found.rotated_at + idleMs || now >= found.created_at + absoluteMs) {
          return { verdict: "expired", familyId };
        }
        if (presented === counter) {
          const child = derive(found, counter + 1);
          await tx.query("UPDATE families SET counter = $2, rotated_at = $3 WHERE id = $1", [
            familyId,
            counter + 1,
            now,
          ]);
          await store(tx, familyId, counter + 1, child);
          return { verdict: "rotated", familyId, userId, refreshToken: child };
        }
        // The family's counter still names the child, so nobody has used it yet.
        if (presented === counter - 1 && now < found.rotated_at + graceMs) {
          return { verdict: "repeated", familyId, userId, refreshToken: derive(found, counter) };
        }
        await revoke(tx, familyId);
        return { verdict: "reused", familyId };
      });
    },

    async familyOf(refreshToken) {
      const [found] = await database.query<{ family_id: string }>(
        "SELECT family_id FROM refresh_tokens WHERE hash = $1",
        [hashOf(refreshToken)],
      );
      return found?.family_id;
    },

    revoke: (familyId) => revoke(database, familyId),

    async isAlive(familyId) {
      const found = await database.query(`SELECT 1 FROM families WHERE id = $1 AND ${isLive}`, [
        familyId,
        ...liveSince(),
      ]);
      return found.length > 0;
    },

    async listOf(userId) {
      const found = await database.query<Family & { user_agent: string }>(
        `SELECT * FROM families WHERE user_id = $1 AND ${isLive} ORDER BY rotated_at DESC`,
        [userId, ...liveSince()],
      );
      return found.map((family) => ({
        id: family.id,
        userAgent: family.user_agent,
        createdAt: family.created_at,
        lastUsedAt: family.rotated_at,
      }));
    },
  };
}

/** A fast hash is enough for 256 random bits; a slow one is for passwords. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
