import { expect, test } from "vitest";
import { createSessions, memoryStore, problem } from "../session/index.js";

const key = { kid: "1", secret: "0123456789 abcdefghijklmnopqrstuvwxyz" };
const gone = new Error("The store is away.");

/** Sessions with somebody signed in, whose store has gone away then. */
async function withoutStore(onError?: (error: unknown) => Response) {
  const store = memoryStore();
  const sessions = createSessions({
    store,
    accessKeys: [key],
    refreshKeys: [key],
    login: async () => "ada",
    loadUser: async (id) => ({ id }),
    ownOrigin: () => "https://app.example",
    ...(onError && { onError }),
  });
  const headers = { origin: "https://app.example", "x-requested-with": "app" };
  const url = "https://app.example/";
  const login = await sessions.login(new Request(url, { method: "POST", headers }));
  const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
  // The folder's own answer.
  const { accessToken } = (await login.json()) as { accessToken: string };
  store.find = () => Promise.reject(gone);
  return {
    refresh: () =>
      sessions.refresh(new Request(url, { method: "POST", headers: { ...headers, cookie } })),
    verify: () =>
      sessions.verify(new Request(url, { headers: { authorization: `Bearer ${accessToken}` } })),
  };
}

test("a store that cannot be asked is answered by the server's own words, not by a 401", async () => {
  const errors: unknown[] = [];
  const { refresh, verify } = await withoutStore((error) => {
    errors.push(error);
    return problem(503, "unavailable", "Try again in a moment.", { "retry-after": "5" });
  });
  expect(await refresh()).toMatchObject({ status: 503 });
  expect(await verify()).toMatchObject({ status: 503 });
  expect(errors).toEqual([gone, gone]);
});

test("a store that cannot be asked throws where the server has no words for it", async () => {
  const { refresh, verify } = await withoutStore();
  await expect(refresh()).rejects.toBe(gone);
  await expect(verify()).rejects.toBe(gone);
});
