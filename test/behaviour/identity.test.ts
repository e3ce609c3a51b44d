import { AuthError, type CreateAuthOptions, type Identify } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { setup, type Setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

/** What an answer says: the claims of its token (opaque if none) and its user. */
interface Says {
  claims?: Record<string, unknown>;
  user?: Record<string, unknown>;
}

let tokens = 0;

function bodyOf({ claims, user }: Says): object {
  tokens += 1;
  const own = { iat: tokens, exp: tokens + 600, nbf: tokens, jti: `${tokens}`, auth_time: tokens };
  return {
    accessToken: claims ? makeJWT({ ...own, ...claims }) : `opaque-${tokens}`,
    ...(user && { user }),
  };
}

/** Someone is signed in by the first answer; later ones are given by name. */
async function signedIn(first: Says, options: CreateAuthOptions = {}) {
  const world = await setup({
    signedIn: false,
    login: ({ credentials }) => bodyOf(credentials as Says),
    ...options,
  });
  await world.auth.login(first);
  return { ...world, ...ways(world) };
}

/** The ways in which another token comes. */
function ways({ server, auth }: Setup) {
  const answers = (says: Says) => server.on(refreshes, answer(200, bodyOf(says)));
  return {
    login: (says: Says) => auth.login(says),
    refresh: (says: Says) => {
      answers(says);
      return auth.getAccessToken({ forceRefresh: true }).catch(() => null);
    },
    restore: (says: Says) => {
      answers(says);
      return auth.restore();
    },
  };
}

const course = (username: string, roles = [2001]) => ({
  claims: { UserInfo: { username, roles } },
});

/** Two people between whom no field of an id can tell. */
const strangers: [string, Says, Says][] = [
  ["nested claims", course("alice"), course("bob")],
  ["a name in the claims", { claims: { name: "Alice" } }, { claims: { name: "Bob" } }],
  ["a username in the claims", { claims: { username: "alice" } }, { claims: { username: "bob" } }],
  ["opaque tokens", {}, {}],
  ["tokens whose claims tell of nobody", { claims: {} }, { claims: {} }],
  ...[
    { iss: "https://api.example.com", aud: "web" },
    { typ: "Bearer", azp: "web", client_id: "web", scope: "openid", sid: "1", acr: "1" },
    { roles: ["user"] },
    { role: "user", permissions: ["read"], groups: [7] },
    { realm_access: { roles: ["user"] }, "https://example.com/roles": ["user"] },
    { "cognito:groups": ["users"], authorities: ["ROLE_USER"] },
    { access: { role: "user" } },
    { active: true, name: "", tags: [] },
  ].flatMap((says): [string, Says, Says][] => [
    [
      `equal claims that name nobody: ${Object.keys(says).join(", ")}`,
      { claims: says },
      { claims: says },
    ],
    [
      `equal users that name nobody: ${Object.keys(says).join(", ")}`,
      { user: says },
      { user: says },
    ],
  ]),
  [
    "the same name, but another role",
    { claims: { name: "A", role: "admin" } },
    { claims: { name: "A", role: "user" } },
  ],
  ["opaque tokens and an empty user", { user: {} }, { user: {} }],
  ["opaque tokens and users without an id", { user: { name: "A" } }, { user: { name: "B" } }],
  ["an id in the user, then none", { user: { id: 1, name: "A" } }, { user: { name: "A" } }],
  ["a sub, then opaque", { claims: { sub: "1" } }, {}],
  ["a sub, then the id of a user", { claims: { sub: "1" } }, { user: { id: 1 } }],
  [
    "the same claims, but another user",
    { claims: { role: "x" }, user: { name: "A" } },
    { claims: { role: "x" }, user: { name: "B" } },
  ],
  [
    "an address, where one side has an id",
    { user: { email: "a@b" } },
    { claims: { sub: "1" }, user: { email: "a@b" } },
  ],
];

/** The same person, or no evidence that it is another. */
const same: [string, Says, Says][] = [
  ["a sub", { claims: { sub: "1", name: "A" } }, { claims: { sub: "1", name: "B" } }],
  ["a number that was a text", { claims: { sub: "1" } }, { claims: { sub: 1 } }],
  ["an id of the user", { user: { id: 1, name: "A" } }, { user: { id: 1, name: "B" } }],
  ["an address, where nobody has an id", { user: { email: "a@b" } }, { user: { email: "a@b" } }],
  ["nested claims that are equal", course("alice"), course("alice")],
  [
    "fields in another order",
    { claims: { name: "A", at: { x: [1], y: 2 } } },
    { claims: { at: { y: 2, x: [1] }, name: "A" } },
  ],
  [
    "a name beside what names nobody",
    { claims: { iss: "x", roles: ["user"], name: "A" } },
    { claims: { iss: "x", roles: ["user"], name: "A" } },
  ],
  ["a number in the app's own claim", { claims: { employee: 7 } }, { claims: { employee: 7 } }],
  ["users that are equal", { user: { name: "A" } }, { user: { name: "A" } }],
  [
    "another address beside the same sub",
    { claims: { sub: "7", email: "old@b" } },
    { claims: { sub: "7", email: "new@b" } },
  ],
  [
    "another address of a user without an id, beside the same sub",
    { claims: { sub: "7" }, user: { email: "old@b" } },
    { claims: { sub: "7" }, user: { email: "new@b" } },
  ],
];

/** Known on both sides, and different. */
const others: [string, Says, Says][] = [
  ...["sub", "id", "_id", "uuid", "uid", "userId", "user_id", "UserId", "nameid"].map(
    (field): [string, Says, Says] => [
      `another ${field} in the claims`,
      { claims: { [field]: "1" } },
      { claims: { [field]: "2" } },
    ],
  ),
  ["another sub", { claims: { sub: "1" } }, { claims: { sub: "2" } }],
  ["another id of the user", { user: { id: 1 } }, { user: { id: 2 } }],
  ["another address, where nobody has an id", { user: { email: "a" } }, { user: { email: "x" } }],
  [
    "another id of the user beside the same sub",
    { claims: { sub: "1" }, user: { id: 1 } },
    { claims: { sub: "1" }, user: { id: 2 } },
  ],
];

describe.each(["login", "restore"] as const)("a %s over a live session", (way) => {
  test.each([...strangers, ...others])("is a switch: %s", async (_, first, second) => {
    const { logouts, events, [way]: come } = await signedIn(first);
    expect(await come(second)).toMatchObject({ status: "authenticated" });
    expect(logouts).toEqual(["switched"]);
    expect(events.filter(({ type }) => type === "session-started")).toHaveLength(2);
  });

  test.each(same)("goes on as the same person: %s", async (_, first, second) => {
    const { logouts, [way]: come } = await signedIn(first);
    await come(second);
    expect(logouts).toEqual([]);
  });
});

describe.each(["login", "restore"] as const)("a %s over a refused session", (way) => {
  test.each([...strangers, ...others])("ends it for good: %s", async (_, first, second) => {
    const { auth, server, [way]: come, logouts } = await signedIn(first);
    server.on("/slow", () => {});
    const slow = auth.api.get("/slow").catch((error: unknown) => error);
    await expect.poll(() => server.received("/slow")).toBe(1);
    server.on(refreshes, answer(401));
    await auth.getAccessToken({ forceRefresh: true });
    await come(second);
    expect(await slow).toMatchObject({ code: "ERR_CANCELED", cause: { code: "session_ended" } });
    expect(logouts).toEqual(["refused"]);
  });

  test.each(same)("goes on with what is on the wire: %s", async (_, first, second) => {
    const { auth, server, [way]: come } = await signedIn(first);
    const go: (() => void)[] = [];
    server.on("/slow", (__, response) => void go.push(() => response.end("late")));
    const slow = auth.api.get("/slow");
    await expect.poll(() => go.length).toBe(1);
    server.on(refreshes, answer(401));
    await auth.getAccessToken({ forceRefresh: true });
    await come(second);
    go[0]?.();
    expect(await slow).toMatchObject({ data: "late" });
  });
});

describe("a refresh", () => {
  test.each([
    ...strangers.filter(([name]) => !name.startsWith("opaque tokens and users")),
    ...same,
  ])("is no switch without evidence: %s", async (_, first, second) => {
    const { logouts, refresh } = await signedIn(first);
    await refresh(second);
    expect(logouts).toEqual([]);
  });

  test.each(others)("is a switch with evidence: %s", async (_, first, second) => {
    const { logouts, refresh } = await signedIn(first);
    await refresh(second);
    expect(logouts).toEqual(["switched"]);
  });

  test("that is on the wire at a restore() is judged as a sign-in", async () => {
    const { server, auth, logouts } = await signedIn(course("alice"));
    const answered = deferred();
    server.on(refreshes, async (request, response) => {
      await answered.promise;
      await answer(200, bodyOf(course("bob")))(request, response);
    });
    const refreshing = auth.getAccessToken({ forceRefresh: true }).catch(() => null);
    await expect.poll(() => server.received(refreshes)).toBe(1);
    const restored = auth.restore();
    answered.resolve();
    await Promise.all([refreshing, restored]);
    expect(logouts).toEqual(["switched"]);
    expect(auth.getState().user).toMatchObject({ UserInfo: { username: "bob" } });
  });

  test("after a restore() that got no answer is judged as a sign-in", async () => {
    const { server, auth, clock, logouts, refresh } = await signedIn(course("alice"));
    server.on(refreshes, answer(503));
    await auth.restore().catch(() => {});
    await clock.advance(60_000);
    await refresh(course("bob"));
    expect(logouts).toEqual(["switched"]);
    await refresh(course("carol"));
    expect(logouts).toEqual(["switched"]);
  });
});

test("the restoration of a page that loads is no switch, and neither is a first sign-in", async () => {
  const { server, auth, logouts } = await setup({ signedIn: false });
  server.on(refreshes, answer(200, bodyOf(course("alice"))));
  await auth.ready();
  await auth.logout();
  await auth.login({ password: "right" });
  expect(logouts).toEqual(["logout"]);
});

test("after an edit of the profile the same answer is still the same person's", async () => {
  const { auth, logouts, login } = await signedIn({ user: { name: "A" } });
  auth.setUser({ name: "B" });
  await login({ user: { name: "B" } });
  expect(logouts).toEqual([]);
});

describe("`identify`", () => {
  const tenant: Identify = (_, claims) => claims?.["tenant"] as string | undefined;
  const claims = (fields: object) => ({ claims: { ...fields } });

  test("replaces the fields: one text for one person", async () => {
    const { login, logouts } = await signedIn(claims({ sub: "1", tenant: "a" }), {
      identify: tenant,
    });
    await login(claims({ sub: "2", tenant: "a" }));
    expect(logouts).toEqual([]);
    await login(claims({ sub: "2", tenant: "b" }));
    expect(logouts).toEqual(["switched"]);
  });

  test("that gives `undefined` leaves it to whether all is equal", async () => {
    const { login, logouts } = await signedIn(claims({ sub: "1" }), { identify: tenant });
    await login(claims({ sub: "1" }));
    expect(logouts).toEqual([]);
    await login(claims({ sub: "2" }));
    expect(logouts).toEqual(["switched"]);
  });
});

describe("setUser()", () => {
  test.each<[string, Says, object]>([
    ["the address beside a sub", { claims: { sub: "7", email: "a" } }, { email: "x" }],
    [
      "the address of a user without an id",
      { claims: { sub: "7" }, user: { email: "a" } },
      { email: "x" },
    ],
    ["the address beside an id", { user: { id: 1, email: "a" } }, { id: 1, email: "x" }],
    ["a name", { user: { name: "A" } }, { name: "B" }],
  ])("takes an edit of %s", async (_, first, edited) => {
    const { auth, logouts, refresh } = await signedIn(first);
    auth.setUser({ ...edited });
    expect(auth.getState().user).toEqual(edited);
    await refresh({ ...(first.claims && { claims: first.claims }) });
    expect(logouts).toEqual([]);
  });

  test.each<[string, Says, object]>([
    ["id", { user: { id: 1 } }, { id: 2 }],
    ["sub, which only the claims have told", { claims: { sub: "1" } }, { sub: "2" }],
    ["address, where there is no id", { user: { email: "a" } }, { email: "x" }],
  ])("throws for another %s", async (_, first, edited) => {
    const { auth } = await signedIn(first);
    expect(() => auth.setUser({ ...edited })).toThrow(/login\(\)/);
  });
});

describe("identity", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    ["another sub", { sub: "1" }, { sub: "2" }, ["switched"]],
    ["another address", { email: "a@b" }, { email: "c@d" }, ["switched"]],
    ["a number that was a text", { sub: "1" }, { sub: 1 }, []],
    ["nothing known in common", { sub: "1" }, { role: "x" }, ["switched"]],
  ])("%s", async (_, first, second, expected) => {
    const { server, auth, logouts } = await setup({ signedIn: false });
    server.tokens.claims = first;
    await auth.login({ password: "right" });
    server.tokens.claims = second;
    await auth.login({ password: "right" });
    expect(logouts).toEqual(expected);
  });

  test("is what `identify` says, where it says something", async () => {
    const { server, auth, logouts } = await setup({
      identify: (_, claims) =>
        typeof claims?.["tenant"] === "string" ? claims["tenant"] : undefined,
    });
    server.tokens.claims = { sub: "u2", tenant: "a" };
    await auth.login({ password: "right" });
    expect(logouts).toEqual(["switched"]);
    server.tokens.claims = { sub: "u3", tenant: "a" };
    await auth.login({ password: "right" });
    expect(logouts).toEqual(["switched"]);
    logouts.length = 0;
    server.tokens.claims = { sub: "u3", tenant: "b" };
    await auth.login({ password: "right" });
    expect(logouts).toEqual(["switched"]);
  });

  test("setUser() edits the profile, and throws for another user or for nobody", async () => {
    const { auth } = await setup({
      login: () => ({ token: "opaque", user: { id: 1, name: "A" } }),
    });
    auth.setUser({ id: 1, name: "B" });
    expect(auth.getState().user).toEqual({ id: 1, name: "B" });
    expect(() => auth.setUser({ id: 2, name: "C" })).toThrow(/login\(\)/);
    await auth.logout();
    expect(() => auth.setUser({ id: 1, name: "D" })).toThrow(AuthError);
  });
});

test("a login where `identify` answers with a promise is a switch: that names nobody", async () => {
  const identify = () => Promise.resolve("1") as unknown as string;
  const { logouts, login } = await signedIn(course("alice"), { identify });
  await login(course("bob"));
  expect(logouts).toEqual(["switched"]);
});
