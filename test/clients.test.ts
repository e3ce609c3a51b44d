import { readFileSync } from "node:fs";
import * as library from "react-authed-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answer, hang } from "./support/answers.js";
import type { AuthServer, Handler, ReceivedRequest } from "./support/authServer.js";
import type { ClientUse } from "./support/clientUse.js";
import { failure } from "./support/failure.js";
import { bob, signIn } from "./support/people.js";
import { run } from "./support/run.js";
import { setup, type Setup, type SetupOptions } from "./support/setup.js";

const page = readFileSync("docs/clients.md", "utf8");
const refreshes = "POST /auth/refresh";

/** By the names that the page gives them. */
const names = [
  ...["axios", "openapi-fetch", "openapi-react-query", "hey-api", "orval", "graphql-request"],
  ...["urql", "Apollo Client", "RTK Query", "tRPC", "ky", "ofetch"],
];

/** What the folder exports, for the types to be checked where nothing is installed. */
interface Fixture {
  uses: Record<string, () => Promise<ClientUse>>;
  serve(server: AuthServer): void;
  answerGraphQL(server: AuthServer, status: number): Handler;
  refreshOn: library.RefreshOn;
}

async function load<Name extends keyof Fixture>(file: string, name: Name): Promise<Fixture[Name]> {
  const module: Fixture = await import(/* @vite-ignore */ `./clients/${file}`);
  return module[name];
}

interface ClientSetup extends Setup {
  client: ClientUse;
}

/** The documented lines, run with an `auth` of this test. */
async function start(name: string, options?: SetupOptions): Promise<ClientSetup> {
  const made = await setup(options);
  vi.spyOn(made.auth, "fetch");
  vi.resetModules();
  vi.doMock("react-authed-query", () => library);
  vi.doMock("./clients/clients/auth", () => ({ auth: made.auth, baseURL: made.server.url }));
  (await load("server/serve", "serve"))(made.server);
  const uses = await load("uses", "uses");
  const client = await uses[name]?.();
  if (!client) throw new Error(`No ${name} in test/clients/uses.ts`);
  return { ...made, client };
}

const ordersOf = (client: ClientUse) => [
  ...["1", "2", "3", "4"].map((id) => client.order(id)),
  client.addOrder("tea ☕"),
];

const orders = [1, 2, 3, 4].map((id) => ({ id: String(id), item: `item ${id}` }));
const answers = [...orders, { id: "5", item: "tea ☕" }];

const asSent = ({ method, path, search, headers, body }: ReceivedRequest) =>
  `${method} ${path}${search} ${headers["content-type"]} ${body.toString("latin1")}`;

// RTK Query times its checks of development, and warns on a busy machine.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));

afterEach(() => {
  vi.useRealTimers();
});

test("the lines of the page compile", async () => {
  const tsc = "node_modules/.bin/tsc";
  await expect(run(tsc, ["-p", "test/clients"], { cwd: "." })).resolves.toBe("");
});

describe.each(names)("%s", (name) => {
  test("five calls at expiry make one refresh, and each is sent again with the same bytes", async () => {
    const { server, client, auth } = await start(name);
    const token = await auth.getAccessToken();
    server.expireTokens();
    const isAdding = ({ body }: ReceivedRequest) => body.toString().includes("tea ☕");
    server.on(refreshes, async () => {
      await expect.poll(() => server.requests.some(isAdding)).toBe(true);
      return "default" as const;
    });

    const made = await Promise.all(ordersOf(client));
    expect(made).toEqual(answers.map((order) => expect.objectContaining(order)));
    expect(server.received(refreshes)).toBe(1);
    const calls = server.requests.filter((request) => request.token !== undefined);
    const rejected = calls.filter((request) => request.token === token);
    const replayed = calls.filter((request) => request.token !== token).map(asSent);
    expect(rejected.filter(isAdding)).toHaveLength(1);
    expect(replayed).toEqual(expect.arrayContaining(rejected.map(asSent)));
    expect(replayed).toHaveLength(new Set(replayed).size);
  });

  test("a refusal ends the session once, and the error is where the page says", async () => {
    const { server, client, logouts } = await start(name);
    server.revokeSession();
    const ends = await Promise.all(ordersOf(client).map(failure));
    expect(logouts).toEqual(["refused"]);
    expect(server.received(refreshes)).toBe(1);
    expect(ends[0]).toMatchObject(shown(name, 0));
    const sent = server.requests.map(asSent);
    expect(sent).toHaveLength(new Set(sent).size);
  });

  test("what is not sent, for the auth server is down, tells so where the page says", async () => {
    const { server, client, auth, clock } = await start(name);
    server.on(refreshes, answer(503));
    await clock.advance(700_000);
    const sent = server.received();
    const ends = await Promise.all(ordersOf(client).map(failure));
    for (const end of ends) expect(end).toMatchObject(shown(name, 1));
    expect(server.received(refreshes)).toBe(1);
    expect(server.received()).toBe(sent + 1);
    // Nor did the client try again by itself.
    expect(vi.mocked(auth.fetch).mock.calls.length).toBeLessThanOrEqual(ends.length);
  });

  test("what a switch of user interrupts is not sent again as the next user", async () => {
    const { server, client, auth } = await start(name);
    for (const path of ["GET /orders/1", "/graphql", "/trpc/order"]) server.on(path, hang);
    const order = failure(client.order("1"));
    await expect.poll(() => server.received()).toBe(2);
    (await load("server/serve", "serve"))(server);
    await signIn(bob, auth, server);
    await order;
    const token = await auth.getAccessToken();
    expect(server.requests.filter((request) => request.token === token)).toEqual([]);
  });
});

/** What the page says of a failure: `error.cause.code` is `"unavailable"`, say. */
function shown(name: string, column: 0 | 1): object {
  const row = new RegExp(`^\\| ${name} +\\|(.*)`, "m").exec(page)?.[1] ?? "";
  const cells = [...row.matchAll(/`(?:error|result)\.([\w.]+)` is `(.*?)`/g)];
  const [, path = "nowhere", value = "null"] = cells[column] ?? [];
  return path.split(".").reduceRight<object>(
    (inner, key, index, { length }) => ({
      [key]: index + 1 === length ? JSON.parse(value) : inner,
    }),
    {},
  );
}

describe.each(["graphql-request", "urql", "Apollo Client"])("%s", (name) => {
  test("an expired token that is answered 200 is refreshed with the page's `refreshOn`", async () => {
    const refreshOn = await load("clients/refreshOnGraphQL", "refreshOn");
    const { server, client } = await start(name, { refreshOn });
    server.on("/graphql", (await load("server/serve", "answerGraphQL"))(server, 200));
    server.expireTokens();
    expect(await client.order("1")).toMatchObject({ id: "1" });
    expect(server.received(refreshes)).toBe(1);
    expect(server.received("/graphql")).toBe(2);
  });
});

describe("a batch of tRPC with a call that needs no token", () => {
  test("is answered 207, which is no 401", async () => {
    const { server, client } = await start("tRPC, mixed");
    server.expireTokens();
    expect(await failure(client.order("1"))).toMatchObject({ data: { code: "UNAUTHORIZED" } });
    expect(server.received(refreshes)).toBe(0);
  });

  test("is sent again, the whole of it, with the page's `refreshOn`", async () => {
    const refreshOn = await load("clients/refreshOnTRPC", "refreshOn");
    const { server, client } = await start("tRPC, mixed", { refreshOn });
    server.expireTokens();
    expect(await client.order("1")).toEqual(orders[0]);
    expect(server.received(refreshes)).toBe(1);
    expect(server.received("/trpc/prices,order")).toBe(2);
  });
});

describe.each(["urql", "Apollo Client", "RTK Query"])("the cache of %s", (name) => {
  test("is empty after a logout", async () => {
    const { server, client, auth } = await start(name);
    await client.order("1");
    const sent = server.received();
    await client.order("1");
    expect(server.received()).toBe(sent);
    await auth.logout();
    await signIn(bob, auth, server);
    await client.order("1");
    expect(server.requests.at(-1)?.token).toBe(await auth.getAccessToken());
  });
});
