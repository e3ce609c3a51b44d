import { afterAll, expect, test } from "vitest";
import {
  createSessions,
  memoryStore,
  type Sessions,
  type SessionOptions,
  type SessionStore,
} from "../session/index.js";
import { redisStore } from "../sessionStores/redisStore.js";
import { startTemporaryRedis } from "./temporaryRedis.js";

const key = (kid: string) => ({ kid, secret: `${kid} 0123456789 abcdefghijklmnopqrstuvwxyz` });
const redis = await startTemporaryRedis();

afterAll(() => redis?.stop());

function sessionsOn(options: Partial<SessionOptions<{ id: string }>>): Sessions {
  return createSessions({
    store: memoryStore(),
    accessKeys: [key("access")],
    refreshKeys: [key("refresh")],
    login: async () => "ada",
    loadUser: async (id) => ({ id }),
    ...options,
  });
}

/** A store as many write one: its methods need their `this`. */
class StoreOfMyOwn implements SessionStore {
  readonly #sessions = memoryStore();
  insert = (...given: Parameters<SessionStore["insert"]>) => this.#sessions.insert(...given);
  async find(id: string) {
    return this.#sessions.find(id);
  }
  async rotate(id: string, counter: number, keyId: string) {
    return this.#sessions.rotate(id, counter, keyId);
  }
  async markSeen(id: string, counter: number) {
    return this.#sessions.markSeen(id, counter);
  }
  async countRepeat(id: string) {
    return this.#sessions.countRepeat(id);
  }
  async revoke(id: string) {
    return this.#sessions.revoke(id);
  }
  async revokeAll(userId: string, except?: string) {
    return this.#sessions.revokeAll(userId, except);
  }
  async list(...given: Parameters<SessionStore["list"]>) {
    return this.#sessions.list(...given);
  }
  async sweep(...given: Parameters<SessionStore["sweep"]>) {
    return this.#sessions.sweep(...given);
  }
}

test.each([
  ["an object", memoryStore],
  ["a class", () => new StoreOfMyOwn()],
])(
  "sessions in a store that is %s are revoked, also by a method that stands alone",
  async (_, make) => {
    const { start, list, revoke, revokeAll } = sessionsOn({ store: make() });
    for (let tab = 0; tab < 3; tab += 1) await start("ada", new Request("https://app.example/"));
    const [first, second] = await list("ada");
    await revoke(first?.id ?? "");
    expect(await list("ada")).toHaveLength(2);
    await revokeAll("ada", second?.id);
    expect(await list("ada")).toEqual([second]);
  },
);

test("one secret for access and refresh tokens is refused", () => {
  const shared = { ...key("access"), kid: "another name" };
  const keys = { accessKeys: [key("new"), key("access")], refreshKeys: [key("refresh"), shared] };
  expect(() => sessionsOn(keys)).toThrow(/^refreshKeys: .*"another name" is in accessKeys/);
});

test.skipIf(!redis)("a login leaves no ended session of the user in Redis", async () => {
  const send = redis?.send ?? (async () => null);
  const started = { userId: "ada", salt: "", keyId: "1", userAgent: "" };
  const short = redisStore(send, 40);
  await short.insert({ ...started, id: "one" });
  await short.insert({ ...started, id: "two" });
  await expect.poll(() => short.find("two")).toBeUndefined();
  const store = redisStore(send, 60_000);
  await store.insert({ ...started, id: "three" });
  await store.insert({ ...started, id: "four" });
  expect(new Set((await send(["SMEMBERS", "sessions:ada"])) as string[])).toEqual(
    new Set(["three", "four"]),
  );
});
