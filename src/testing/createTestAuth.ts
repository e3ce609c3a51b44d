import axios from "axios";
import { createAuth, type Auth, type CreateAuthOptions } from "../index.js";
import { addAnswer, type Script } from "./answers.js";
import { assertTestOptions } from "./misuse.js";
import { settle } from "./settle.js";
import type { TestAuth, TestControls } from "./testAuth.js";
import { createTestNetwork } from "./testNetwork.js";
import type { TestAuthOptions } from "./testOptions.js";
import { createTestServer, type TestServer } from "./testServer.js";
import { createTestWorld, type TestWorld } from "./testWorld.js";

/** The parts that the tabs of one browser share. */
interface Browser {
  readonly world: TestWorld;
  readonly server: TestServer;
  readonly script: Script;
  /** Tells it from other browsers of the same page. */
  readonly name: string;
}

const browsers = new WeakMap<Auth, Browser>();

/**
 * Makes an `Auth` for tests and stories: the real library on a scripted platform. It uses no network
 * and no timers, and shares nothing with another one. Its status is `loading` for a moment, as after a
 * reload: `await auth.ready()` waits for that.
 *
 * ```tsx
 * const auth = createTestAuth({ user: ada, answers: { "GET /orders": ["boots"] } });
 * render(<TestAuthProvider auth={auth}><Orders /></TestAuthProvider>);
 * ```
 *
 * @throws TypeError for a wrong option, with the remedy.
 */
export function createTestAuth(options: TestAuthOptions = {}): TestAuth {
  if (process.env.NODE_ENV !== "production") assertTestOptions({ ...options });
  const { status, user, answers: _, tabOf, ...own } = options;
  const browser = (tabOf && browsers.get(tabOf)) ?? createBrowser(options);
  const isVisitor = !tabOf && (status ?? user ?? "unauthenticated") === "unauthenticated";
  const session = user && !isVisitor ? browser.server.signIn(user) : undefined;
  const auth = createScriptedAuth(own, browser, {
    restore: isVisitor ? "never" : "always",
    firstAnswer: status === "loading" ? undefined : session,
  });
  browsers.set(auth, browser);
  void auth.ready();
  // The same object: the library knows its own by that.
  return Object.assign(auth, { test: createControls(auth, browser) });
}

function createBrowser({ answers = {}, user, status }: TestAuthOptions): Browser {
  const script: Script = new Map();
  // Nobody answers.
  if (status === "loading") script.set("POST /auth/refresh", () => new Promise(() => {}));
  const isBesideNetwork = answers === "network";
  for (const [key, answer] of Object.entries(isBesideNetwork ? {} : answers)) {
    addAnswer(script, key, answer);
  }
  const server = createTestServer({ script, user, isBesideNetwork });
  return { world: createTestWorld(), server, script, name: `${Math.random()}` };
}

/** How an `Auth` starts. */
interface Start {
  restore: "always" | "never";
  /** Of the refresh that restores the session: what it brings is there from the start. */
  firstAnswer: unknown;
}

function createScriptedAuth(
  options: Pick<CreateAuthOptions, "axios" | "baseURL" | "header">,
  { world, server, name }: Browser,
  { restore, firstAnswer }: Start,
): Auth {
  const { axios: api = axios.create(), header = "Authorization" } = options;
  const { defaults } = api;
  const { adapter } = defaults;
  const baseURL = options.baseURL ?? defaults.baseURL ?? "/";
  const page = typeof document === "undefined" ? "" : document.baseURI;
  const home = new URL(baseURL, page.startsWith("http") ? page : "http://localhost").href;
  const network = createTestNetwork({ server, world, baseURL: home, header });
  const first = [firstAnswer];
  const auth = createAuth(
    {
      ...options,
      axios: api,
      baseURL,
      refresh: (context) => first.pop() ?? context.fetch("/auth/refresh", { method: "POST" }),
      restore,
      tabs: { name },
    },
    network.platform,
  );
  defaults.adapter = network.adapter;
  const { dispose } = auth;
  return Object.assign(auth, {
    dispose() {
      dispose();
      Object.assign(defaults, { adapter });
    },
  });
}

function createControls(auth: Auth, { world, server, script }: Browser): TestControls {
  return {
    expireToken: server.expireToken,
    refuse() {
      server.refuse();
      const learn = () => auth.getAccessToken({ forceRefresh: true });
      auth
        .ready()
        .then(learn)
        .catch(() => {});
    },
    goOffline() {
      server.isOffline = true;
    },
    goOnline() {
      server.isOffline = false;
      world.wake();
    },
    switchTo(user) {
      auth.login(() => server.signIn(user)).catch(() => {});
    },
    answer: (key, answer) => addAnswer(script, key, answer),
    advance: world.advance,
    get requests() {
      return [...server.requests];
    },
    settled: () => settle(server.activity),
  };
}
