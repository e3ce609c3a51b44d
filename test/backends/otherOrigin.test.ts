import axios from "axios";
import type { Auth, CreateAuthOptions } from "react-authed-query";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { failure } from "../support/failure.js";
import { startBackend, type Call, type Reply } from "./support/backend.js";
import { crossOrigin } from "./support/crossOrigin.js";
import { openBrowser } from "./support/page.js";
import { createVault } from "./support/vault.js";

vi.mock(import("react-authed-query"), async (original) => ({
  ...(await original()),
  createAuth: (options) => ({ options }) as unknown as Auth,
}));
const { createAuth } =
  await vi.importActual<typeof import("react-authed-query")>("react-authed-query");

// The files of one worker share their modules: what was loaded with this package must not stay.
beforeAll(() => void vi.resetModules());
afterAll(() => void vi.resetModules());

const page = "https://app.example.com";

/** As the document says: what each of the two servers allows a page of another origin. */
const accountsAllow = {
  "access-control-allow-origin": page,
  "access-control-allow-credentials": "true",
  "access-control-allow-headers": "content-type",
  "access-control-expose-headers": "date, retry-after",
};
const apiAllows = {
  "access-control-allow-origin": page,
  "access-control-allow-headers": "authorization, content-type",
  "access-control-expose-headers": "www-authenticate",
};

/** The documented lines, on two servers and in a browser that asks each what a page may. */
async function open({ accounts = {}, api = {} }: { accounts?: object; api?: object } = {}) {
  const browser = openBrowser();
  const { now } = browser.clock.platform;
  const vault = createVault(now);
  const calls: { call: Call; to: "accounts" | "api" }[] = [];
  const route =
    (to: "accounts" | "api", allowed: object, reply: (call: Call) => Reply = () => ({})) =>
    (call: Call): Reply => {
      calls.push({ call, to });
      const { headers, ...rest } = reply(call);
      return { ...rest, headers: { ...headers, ...allowed } };
    };
  const routes = (to: "accounts" | "api", allowed: object, own: Record<string, typeof grant>) =>
    Object.fromEntries(
      Object.entries(own).flatMap(([name, reply]) => [
        [name, route(to, allowed, reply)],
        [`OPTIONS ${name.split(" ")[1]}`, route(to, allowed, () => ({ status: 204 }))],
      ]),
    );

  const grant = ({ cookies }: Call): Reply => {
    const refresh = cookies["refresh"] ? vault.rotate(cookies["refresh"]) : vault.begin();
    if (!refresh) return { status: 401 };
    return {
      body: { accessToken: vault.issue(), user: { id: "u1" } },
      cookies: [`refresh=${refresh}; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=604800`],
    };
  };
  const accountsServer = await startBackend(
    routes(
      "accounts",
      { ...accountsAllow, ...accounts },
      {
        "POST /login": grant,
        "POST /refresh": (call) => (call.cookies["refresh"] ? grant(call) : { status: 401 }),
        "POST /logout": ({ cookies }) => {
          vault.end(cookies["refresh"]);
          return { status: 204, cookies: ["refresh=; Path=/; Max-Age=0"] };
        },
      },
    ),
    now,
  );
  const apiServer = await startBackend(
    routes(
      "api",
      { ...apiAllows, ...api },
      {
        "GET /orders": ({ bearer }) =>
          vault.isGood(bearer) ? { body: ["one", "two"] } : { status: 401, body: {} },
      },
    ),
    now,
  );

  // The names of the document, on this machine.
  const places = new Map([
    ["https://accounts.example.com", accountsServer.url],
    ["https://api.example.com", apiServer.url],
  ]);
  const onTheWire = (input: RequestInfo | URL, init: RequestInit = {}) => {
    const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
    return browser.fetch(`${places.get(origin)}${pathname}`, init);
  };
  const fetch = crossOrigin(onTheWire, page);
  const { auth: lines } = await import("./configs/otherOrigin.js");
  const { options } = lines as unknown as { options: CreateAuthOptions };
  const auth = createAuth(
    { ...options, fetch, axios: axios.create({ adapter: "fetch", env: { fetch } }) },
    browser.clock.platform,
  );
  onTestFinished(async () => {
    auth.dispose();
    await Promise.all([accountsServer.close(), apiServer.close()]);
  });
  return { auth, vault, calls };
}

test("an API on another origin than the auth endpoints: the API gets the token, they get the cookie", async () => {
  const { auth, vault, calls } = await open();
  await auth.login({ email: "ada@example.com", password: "right" });
  vault.expireTokens();
  expect((await auth.api.get("/orders")).data).toEqual(["one", "two"]);
  expect(await (await auth.fetch("https://api.example.com/orders")).json()).toEqual(["one", "two"]);
  expect(await auth.logout()).toEqual({ serverTold: true });

  const sent = calls.filter(({ call }) => call.method !== "OPTIONS");
  const seen = sent.map(({ to, call: { cookies, bearer } }) => [
    to,
    ...(cookies["refresh"] ? ["cookie"] : []),
    ...(bearer ? ["token"] : []),
  ]);
  expect(seen).toEqual([
    ["accounts"],
    ["api", "token"],
    ["accounts", "cookie"],
    ["api", "token"],
    ["api", "token"],
    ["accounts", "cookie"],
  ]);
});

test.each([
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "access-control-allow-headers",
])("without %s of the auth endpoints nobody can sign in", async (header) => {
  const { auth } = await open({ accounts: { [header]: "" } });
  const error = await failure(auth.login({ email: "ada@example.com", password: "right" }));
  expect(error).toMatchObject({ code: "unavailable" });
});

test.each(["access-control-allow-origin", "access-control-allow-headers"])(
  "without %s of the API nothing can be asked of it",
  async (header) => {
    const { auth } = await open({ api: { [header]: "" } });
    await auth.login({ email: "ada@example.com", password: "right" });
    expect(await failure(auth.api.get("/orders"))).toMatchObject({ code: "ERR_NETWORK" });
  },
);
