import { isOver, type Lifetimes, type Session, type SessionStore } from "../session/store.js";

/**
 * Sends one command: `(command) => client.sendCommand(command)` with node-redis,
 * `([name, ...rest]) => redis.call(name, ...rest)` with ioredis.
 */
export type SendCommand = (command: [string, ...string[]]) => Promise<unknown>;

/** Redis runs a script as one step. `now` is its own clock, unless a test gives another. */
const clock = `
  local now = ARGV[1]
  if now == "" then
    local time = redis.call("TIME")
    now = string.format("%.0f", time[1] * 1000 + math.floor(time[2] / 1000))
  end`;

const prefix = "session:";

const scripts = {
  insert: `
    redis.call("HSET", KEYS[1], "startedAt", now, "rotatedAt", now, "id", unpack(ARGV, 3))
    redis.call("PEXPIRE", KEYS[1], ARGV[2])
    for _, id in ipairs(redis.call("SMEMBERS", KEYS[2])) do
      if redis.call("EXISTS", "${prefix}" .. id) == 0 then redis.call("SREM", KEYS[2], id) end
    end
    redis.call("SADD", KEYS[2], ARGV[3])
    return now`,
  find: `
    return { now, unpack(redis.call("HGETALL", KEYS[1])) }`,
  rotate: `
    if redis.call("HGET", KEYS[1], "counter") ~= ARGV[3] then return 0 end
    if redis.call("HEXISTS", KEYS[1], "revokedAt") == 1 then return 0 end
    redis.call("HSET", KEYS[1], "counter", ARGV[3] + 1, "keyId", ARGV[4], "rotatedAt", now)
    redis.call("PEXPIRE", KEYS[1], ARGV[2])
    return 1`,
  markSeen: `
    local seen = redis.call("HGET", KEYS[1], "seenCounter")
    if seen and tonumber(seen) < tonumber(ARGV[2]) then
      redis.call("HSET", KEYS[1], "seenCounter", ARGV[2])
    end`,
  countRepeat: `
    if redis.call("EXISTS", KEYS[1]) == 0 then return 0 end
    return redis.call("HINCRBY", KEYS[1], "repeats", 1)`,
  revoke: `
    if redis.call("EXISTS", KEYS[1]) == 1 then redis.call("HSETNX", KEYS[1], "revokedAt", now) end`,
};

/**
 * Keeps sessions in Redis: a hash for each, and a set of ids for each user. Ended ones expire by
 * themselves, and their ids leave the set at the user's next login, so there is nothing to sweep. For one Redis server or one with replicas, not for a
 * cluster, which has no scripts over keys of several nodes.
 *
 * @param idleMs - As long as `idleSeconds`, in milliseconds: how long Redis keeps a session after its
 * latest refresh.
 * @param now - Milliseconds since the epoch; the clock of Redis if omitted.
 */
export function redisStore(send: SendCommand, idleMs: number, now?: () => number): SessionStore {
  const keyOf = (id: string) => prefix + id;
  const setOf = (userId: string) => `sessions:${userId}`;

  function run(script: keyof typeof scripts, id: string, ...values: string[]): Promise<unknown> {
    return runWith(script, [keyOf(id)], ...values);
  }

  function runWith(
    script: keyof typeof scripts,
    keys: readonly string[],
    ...values: string[]
  ): Promise<unknown> {
    const text = clock + scripts[script];
    return send(["EVAL", text, String(keys.length), ...keys, String(now?.() ?? ""), ...values]);
  }

  async function find(id: string): Promise<{ session: Session; now: number } | undefined> {
    // The script returns the time, then names and values in turn.
    const [time, ...fields] = (await run("find", id)) as string[];
    return fields.length > 0 ? { session: toSession(fields), now: Number(time) } : undefined;
  }

  async function idsOf(userId: string): Promise<string[]> {
    // Redis answers SMEMBERS with a list of texts.
    return (await send(["SMEMBERS", setOf(userId)])) as string[];
  }

  async function revoke(id: string): Promise<void> {
    await run("revoke", id);
  }

  return {
    async insert({ id, ...known }) {
      const fields = { ...known, counter: "0", seenCounter: "-1", repeats: "0" };
      // Both at once: a session that is in no set could not be revoked with the others.
      const keys = [keyOf(id), setOf(known.userId)];
      const values = [String(idleMs), id, ...Object.entries(fields).flat()];
      return Number(await runWith("insert", keys, ...values));
    },
    find,
    async rotate(id, counter, keyId) {
      return (await run("rotate", id, String(idleMs), String(counter), keyId)) === 1;
    },
    async markSeen(id, counter) {
      await run("markSeen", id, String(counter));
    },
    countRepeat: async (id) => Number(await run("countRepeat", id)),
    revoke,
    async revokeAll(userId, except) {
      const others = (await idsOf(userId)).filter((id) => id !== except);
      await Promise.all(others.map(revoke));
    },
    async list(userId, lifetimes) {
      const found = await Promise.all(
        (await idsOf(userId)).map(async (id) => {
          const known = await find(id);
          if (!known) await send(["SREM", setOf(userId), id]);
          return known && isAlive(known.session, known.now, lifetimes) ? [known.session] : [];
        }),
      );
      // oxlint-disable-next-line unicorn/no-array-sort -- Who copies this may compile for ES2022.
      return found.flat().sort((one, other) => other.rotatedAt - one.rotatedAt);
    },
    sweep: async () => 0,
  };
}

function isAlive(session: Session, now: number, lifetimes: Lifetimes): boolean {
  return session.revokedAt === null && !isOver(session, now, lifetimes);
}

/** @param fields - names and values in turn. */
function toSession(fields: readonly string[]): Session {
  const values = new Map<string, string>();
  for (let at = 0; at < fields.length; at += 2) values.set(fields[at] ?? "", fields[at + 1] ?? "");
  const text = (name: string) => values.get(name) ?? "";
  const number = (name: string) => Number(text(name));
  return {
    id: text("id"),
    userId: text("userId"),
    salt: text("salt"),
    counter: number("counter"),
    keyId: text("keyId"),
    seenCounter: number("seenCounter"),
    repeats: number("repeats"),
    userAgent: text("userAgent"),
    startedAt: number("startedAt"),
    rotatedAt: number("rotatedAt"),
    revokedAt: values.has("revokedAt") ? number("revokedAt") : null,
  };
}
