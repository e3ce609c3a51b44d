import { expect, test } from "vitest";
import { createSessions, memoryStore, problem } from "../session/index.js";

const key = (kid: string) => ({ kid, secret: `${kid} 0123456789 abcdefghijklmnopqrstuvwxyz` });
const gone = new Error("The store is away.");

/** Sessions with somebody signed in, before anything goes away. */
async function signIn(onError?: (error: unknown) => Response) {
  let now = Date.UTC(2026, 5, 1);
  const store = memoryStore(() => now);
  const database = { loadUser: async (id: string) => ({ id }) };
  const sessions = createSessions({
    store,
    accessKeys: [key("access")],
    refreshKeys: [key("refresh")],
    login: async () => "ada",
    loadUser: (id) => database.loadUser(id),
    ownOrigin: () => "https://app.example",
    ...(onError && { onError }),
  });
  const headers = { origin: "https://app.example", "x-requested-with": "app" };
  const url = "https://app.example/";
  const login = await sessions.login(new Request(url, { method: "POST", headers }));
  const first = cookieOf(login);
  // The folder's own answer.
  const { accessToken } = (await login.json()) as { accessToken: string };
  return {
    store,
    database,
    advance: (seconds: number) => (now += seconds * 1000),
    refresh: (cookie = first) =>
      sessions.refresh(new Request(url, { method: "POST", headers: { ...headers, cookie } })),
    verify: () =>
      sessions.verify(new Request(url, { headers: { authorization: `Bearer ${accessToken}` } })),
  };
}

const cookieOf = ({ headers }: Response) => headers.get("set-cookie")?.split(";")[0] ?? "";

/** The store has gone away then. */
async function withoutStore(onError?: (error: unknown) => Response) {
  const signedIn = await signIn(onError);
  signedIn.store.find = () => Promise.reject(gone);
  return signedIn;
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

test("an outage in which the user could not be loaded costs nobody the session", async () => {
  const { refresh, database, advance } = await signIn(() => problem(503, "unavailable", "Later."));
  const { loadUser } = database;
  database.loadUser = () => Promise.reject(gone);
  expect((await refresh()).status).toBe(503);
  advance(60);
  database.loadUser = loadUser;
  expect((await refresh()).status).toBe(200);
});

test("a refresh that two others overtake while its user is loaded is no theft", async () => {
  const { refresh, database } = await signIn();
  const { loadUser } = database;
  let answer = () => {};
  const isAsked = new Promise<void>((asked) => {
    database.loadUser = (id) =>
      new Promise((resolve) => {
        answer = () => resolve({ id });
        asked();
      });
  });
  const slow = refresh();
  await isAsked;
  database.loadUser = loadUser;
  const second = await refresh();
  const third = await refresh(cookieOf(second));
  answer();
  expect((await slow).status).toBe(409);
  expect((await refresh(cookieOf(third))).status).toBe(200);
});

test("a store that neither rotates nor says why is asked twice, not for ever", async () => {
  const { refresh, store } = await signIn();
  const { find } = store;
  let asked = 0;
  store.rotate = async () => false;
  store.find = async (id) => {
    asked += 1;
    if (asked > 100) throw new Error("Asked for ever.");
    return find(id);
  };
  await expect(refresh()).rejects.toThrow(/neither rotates/);
  expect(asked).toBe(2);
});
