import { describe, expect, test } from "vitest";
import { internalsOf } from "../../src/authInternals.js";
import { after, answer } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

/** What an answer says: the claims of its token (opaque if none) and its user. */
interface Says {
  claims?: Record<string, unknown>;
  user?: Record<string, unknown>;
}

const body = ({ claims, user }: Says, token = "opaque") => ({
  accessToken: claims ? makeJWT(claims) : token,
  ...(user && { user }),
});

/** Signs in by the first answer, refreshes by the others; tells the reasons of onLogout. */
async function reasonsOf(first: Says, ...others: Says[]): Promise<string[]> {
  const { server, auth, logouts } = await setup({ signedIn: false, login: () => body(first) });
  await auth.login({});
  for (const [index, says] of others.entries()) {
    server.on(refreshes, answer(200, body(says, `opaque-${index}`)));
    await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
  }
  return logouts;
}

describe.each(clients)("%s, 20: a refresh that comes back for another user", (client) => {
  test("lets no late answer of the first user's land", async () => {
    const { server, auth, send } = await client.setup();
    const go = deferred();
    server.on("/slow", after(go.promise));
    const slow = send("/slow");
    await expect.poll(() => server.received("/slow")).toBe(1);
    server.tokens.claims = { sub: "u2" };
    await failure(auth.getAccessToken({ forceRefresh: true }));
    go.resolve();
    expect(await slow).toMatchObject({ code: "session_ended" });
  });

  test.each([
    ["the same user", "u1"],
    ["another", "u2"],
  ])(
    "with `forgetOnRefusal` %s who signs in finds nothing left, as after a logout",
    async (_, sub) => {
      const { server, auth, send } = await client.setup({ forgetOnRefusal: true });
      const go = deferred();
      server.on("/slow", after(go.promise));
      const slow = send("/slow");
      await expect.poll(() => server.received("/slow")).toBe(1);
      server.revokeSession();
      await auth.getAccessToken({ forceRefresh: true });
      const { userKey } = internalsOf(auth);
      const whose = userKey();
      server.tokens.claims = { sub };
      await auth.login({ password: "right" });
      go.resolve();
      expect(await slow).toMatchObject({ code: "session_ended" });
      // Forgotten once already: nothing is remounted again.
      expect(userKey()).toBe(whose);
    },
  );

  test("lets the requests that come after it carry the second user's token", async () => {
    const { server, auth, get } = await client.setup();
    server.tokens.claims = { sub: "u2" };
    await failure(auth.getAccessToken({ forceRefresh: true }));
    await get("/me");
    expect(server.requests.at(-1)?.token).toBe(await auth.getAccessToken());
  });
});

test("with `forgetOnRefusal` a logout after the refusal has nothing left to forget", async () => {
  const { server, auth } = await setup({ forgetOnRefusal: true });
  server.revokeSession();
  await auth.getAccessToken({ forceRefresh: true });
  const { userKey } = internalsOf(auth);
  const whose = userKey();
  await auth.logout();
  expect(userKey()).toBe(whose);
});

describe("a refresh that comes back for another user", () => {
  test("in the background is a switch, told once", async () => {
    const { server, auth, clock, logouts } = await setup();
    server.tokens.claims = { sub: "u2", name: "Grace" };
    await clock.advance(550_000);
    await auth.getAccessToken();
    await expect.poll(() => auth.getState().user).toMatchObject({ name: "Grace" });
    expect(logouts).toEqual(["switched"]);
    expect(auth.getState().status).toBe("authenticated");
  });
});

test.each(clients)(
  "%s, 20: a refresh that waits its turn behind the login of another user is not sent",
  async (client) => {
    const { server, auth, get } = await client.setup();
    const go = deferred();
    server.on("POST /auth/login", after(go.promise));
    server.tokens.claims = { sub: "u2" };
    const login = auth.login({ password: "right" });
    await expect.poll(() => server.received("POST /auth/login")).toBe(2);
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    go.resolve();
    await login;
    expect(await waiting).toMatchObject({ code: "session_ended" });
    await get("/me");
    expect(server.received(refreshes)).toBe(0);
  },
);

describe("identity: another user is one who differs in a field that both answers have", () => {
  test.each<[string, Says, Says]>([
    ["claims.sub", { claims: { sub: "1" } }, { claims: { sub: "2" } }],
    ["claims.email", { claims: { email: "a@b.c" } }, { claims: { email: "x@b.c" } }],
    ["user.id, with opaque tokens", { user: { id: 1 } }, { user: { id: 2 } }],
    ["user._id", { user: { _id: "a" } }, { user: { _id: "b" } }],
    ["user.uuid", { user: { uuid: "a" } }, { user: { uuid: "b" } }],
    ["user.email, where there is no id", { user: { email: "a@b" } }, { user: { email: "x@b" } }],
    [
      "the sub, though the user names no id",
      { claims: { sub: "1" }, user: { name: "A" } },
      { claims: { sub: "2" }, user: { name: "A" } },
    ],
  ])("%s", async (_, first, second) => {
    expect(await reasonsOf(first, second)).toEqual(["switched"]);
  });

  test.each<[string, Says, Says]>([
    [
      "an edited address beside the same id",
      { user: { id: 1, email: "a@b" } },
      { user: { id: 1, email: "x@b" } },
    ],
    ["an edited name", { user: { id: 1, name: "A" } }, { user: { id: 1, name: "B" } }],
    ["an id of the user beside a sub of the token", { user: { id: 7 } }, { claims: { sub: "u1" } }],
    ["a number here and a text there", { user: { id: 7 } }, { user: { id: "7" } }],
    ["opaque tokens and no user", {}, {}],
  ])("and not: %s", async (_, first, second) => {
    expect(await reasonsOf(first, second)).toEqual([]);
  });

  test("what later answers add to it counts too", async () => {
    const seven = { user: { id: 7 } };
    const eight = { user: { id: 8 } };
    expect(await reasonsOf(seven, { claims: { sub: "u1" } }, eight)).toEqual(["switched"]);
  });
});

test("an `identify` that returns a promise, against its type, makes no refresh a switch", async () => {
  const identify: unknown = async () => "u1";
  const { auth, logouts } = await setup({ identify: identify as () => string });
  await auth.getAccessToken({ forceRefresh: true });
  expect(logouts).toEqual([]);
});

describe("the user", () => {
  test("of an opaque token without a user is null, though somebody is signed in", async () => {
    const { auth } = await setup({ login: () => ({ token: "opaque" }) });
    expect(auth.getState()).toMatchObject({ status: "authenticated", user: null });
  });

  test("named by the claims alone follows them, without those that tell of the token", async () => {
    const { server, auth } = await setup();
    server.tokens.claims = { sub: "u1", name: "Ada L.", nbf: 1, auth_time: 2, role: "admin" };
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState().user).toEqual({ sub: "u1", name: "Ada L.", role: "admin" });
  });

  test("of the answer comes before the claims", async () => {
    const { auth } = await setup({ login: () => body({ claims: { sub: "1" }, user: { id: 1 } }) });
    expect(auth.getState().user).toEqual({ id: 1 });
  });
});

describe("setUser()", () => {
  const login = () => body({ user: { id: 1, name: "A" } });

  test("shows the edited profile, which a refresh without a user keeps", async () => {
    const { server, auth, logouts } = await setup({ login });
    server.on(refreshes, answer(200, body({ claims: { sub: "u1", name: "old" } })));
    auth.setUser({ id: 1, name: "B" });
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState().user).toEqual({ id: 1, name: "B" });
    expect(logouts).toEqual([]);
  });

  test("tells subscribers once, and not at all if nothing changed", async () => {
    const { auth } = await setup({ login });
    let told = 0;
    auth.subscribe(() => (told += 1));
    auth.setUser({ id: 1, name: "A" });
    expect(told).toBe(0);
    auth.setUser({ id: 1, name: "B" });
    expect(told).toBe(1);
  });

  test("throws for another user, and changes nothing", async () => {
    const { auth } = await setup({ login });
    const before = auth.getState();
    expect(() => auth.setUser({ id: 2, name: "A" })).toThrow(/login\(\)/);
    expect(auth.getState()).toBe(before);
  });

  test("tells who it is, where that was not known", async () => {
    const { server, auth, logouts } = await setup({ login: () => body({}) });
    auth.setUser({ id: 1 });
    server.on(refreshes, answer(200, body({ user: { id: 2 } })));
    await failure(auth.getAccessToken({ forceRefresh: true }));
    expect(logouts).toEqual(["switched"]);
  });

  test("throws for another user also where the claims alone named the present one", async () => {
    const { auth } = await setup();
    expect(() => auth.setUser({ sub: "u2", name: "Eve" })).toThrow(/login\(\)/);
    expect(auth.getState().user).toMatchObject({ sub: "u1" });
  });
});

describe("a refresh that comes back", () => {
  test("for another user is a switch", async () => {
    const { server, auth, logouts } = await setup();
    server.tokens.claims = { sub: "u2" };
    const failing = auth.getAccessToken({ forceRefresh: true });
    await expect(failing).rejects.toMatchObject({ code: "session_ended" });
    expect(logouts).toEqual(["switched"]);
    expect(auth.getState().user).toEqual({ sub: "u2" });
  });

  test("for another user: a request that waited for it is never sent with that token", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    server.tokens.claims = { sub: "u2" };
    await expect(auth.api.get("/me")).rejects.toMatchObject({
      code: "ERR_CANCELED",
      cause: { code: "session_ended" },
    });
    expect(server.received("/me")).toBe(1);
  });

  test("without a user keeps the one that the login named", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.tokens.body = { user: { id: 7, name: "Ada" } };
    await auth.login({ password: "right" });
    server.tokens.body = {};
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState().user).toEqual({ id: 7, name: "Ada" });
  });

  test("with a deeply equal user notifies nobody", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.tokens.body = { user: { id: 7, roles: ["a"] } };
    await auth.login({ password: "right" });
    const before = auth.getState();
    let notified = 0;
    auth.subscribe(() => (notified += 1));
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState()).toBe(before);
    expect(notified).toBe(0);
  });

  test("with an edited user shows it", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.tokens.body = { user: { id: 7, roles: ["a"] } };
    await auth.login({ password: "right" });
    server.tokens.body = { user: { id: 7, roles: ["a", "b"] } };
    await auth.getAccessToken({ forceRefresh: true });
    expect(auth.getState().user).toEqual({ id: 7, roles: ["a", "b"] });
  });
});
