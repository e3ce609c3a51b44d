import { QueryClient, QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import axios, { type AxiosInstance } from "axios";
import { act, render, screen, waitFor } from "@testing-library/react";
import { AuthProvider, createAuth, useAuth, useAuthedQuery, type Auth } from "react-authed-query";
import { useEffect, type ReactElement } from "react";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { startAuthServer } from "../support/authServer.js";
import { createClock } from "../support/clock.js";
import { expectWarning } from "../support/expectWarning.js";
import { recordFrames } from "../support/frames.js";
import { createOrigin } from "../support/origin.js";
import { bob, serveOwners, signIn, type Owned } from "../support/people.js";
import { setup } from "../support/setup.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

function Whose(): ReactElement {
  const { status } = useAuth();
  const { data } = useAuthedQuery<Owned>({ queryKey: ["whose"], request: "/whose" });
  return (
    <p>
      {data?.owner ?? "nobody"}, {status}
    </p>
  );
}

/** Ada is signed in at one API, Bob at another. */
async function setupTenants() {
  const first = await setup();
  const second = await setup({ signedIn: false });
  serveOwners(first.server);
  serveOwners(second.server);
  await signIn(bob, second.auth, second.server);
  return { first: first.auth, second: second.auth };
}

type Given = (auth: Auth, client: QueryClient) => ReactElement;

describe("a QueryClient goes with its provider to another Auth", () => {
  const ways: [string, Given][] = [
    [
      "the same provider is given another",
      (auth, client) => (
        <AuthProvider auth={auth} queryClient={client}>
          <Whose />
        </AuthProvider>
      ),
    ],
    [
      "another provider takes the place of the first",
      (auth, client) => (
        <AuthProvider key={auth.api.getUri()} auth={auth} queryClient={client}>
          <Whose />
        </AuthProvider>
      ),
    ],
    [
      "the client stands below the provider",
      (auth, client) => (
        <AuthProvider auth={auth}>
          <QueryClientProvider client={client}>
            <Whose />
          </QueryClientProvider>
        </AuthProvider>
      ),
    ],
  ];

  test.each(ways)("with nothing of the first, where %s", async (where, app) => {
    const { first, second } = await setupTenants();
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    if (where.includes("below")) expectWarning(/QueryClientProvider between AuthProvider/);
    const { frames, rerender } = recordFrames(app(first, client));
    await screen.findByText("Ada, authenticated");

    for (const [auth, name, former] of [
      [second, "Bob", "Ada"],
      [first, "Ada", "Bob"],
      [second, "Bob", "Ada"],
    ] as const) {
      frames.length = 0;
      rerender(app(auth, client));
      await screen.findByText(`${name}, authenticated`);
      expect(frames.filter((frame) => frame.includes(former))).toEqual([]);
    }
    await act(() => first.logout());
    expect(client.getQueryData(["whose"])).toMatchObject({ owner: "Bob" });
    await act(() => second.logout());
    expect(client.getQueryData(["whose"])).toBeUndefined();
    expect(screen.getByText("nobody, unauthenticated")).toBeDefined();
  });

  test("without what the first tree saves as it is unmounted", async () => {
    const { first, second } = await setupTenants();
    const client = new QueryClient();
    const Draft = () => {
      const name = useAuth().user?.["name"];
      const shared = useQueryClient();
      useEffect(() => () => void shared.setQueryData(["draft", name], name), [name, shared]);
      return <Whose />;
    };
    const app = (auth: Auth) => (
      <AuthProvider auth={auth} queryClient={client}>
        <Draft />
      </AuthProvider>
    );
    const { rerender } = render(app(first));
    await screen.findByText("Ada, authenticated");
    rerender(app(second));
    await screen.findByText("Bob, authenticated");
    expect(client.getQueryData(["draft", "Ada"])).toBeUndefined();
  });

  test("that is not the first user's any more, whatever becomes of their session", async () => {
    const { first, second } = await setupTenants();
    const client = new QueryClient();
    const app = (auth: Auth) => (
      <AuthProvider auth={auth} queryClient={client}>
        <Whose />
      </AuthProvider>
    );
    const { rerender } = render(app(first));
    await screen.findByText("Ada, authenticated");
    rerender(app(second));
    await screen.findByText("Bob, authenticated");
    first.dispose();
    expect(client.getQueryData(["whose"])).toMatchObject({ owner: "Bob" });
  });
});

test("a client below the providers of two Auths is forgotten by each", async () => {
  const { first, second } = await setupTenants();
  const client = new QueryClient();
  expectWarning(/QueryClientProvider between AuthProvider/);
  render(
    [first, second].map((auth) => (
      <AuthProvider key={auth.api.getUri()} auth={auth}>
        <QueryClientProvider client={client}>
          <Whose />
        </QueryClientProvider>
      </AuthProvider>
    )),
  );
  await waitFor(() => expect(client.getQueryData(["whose"])).toBeDefined());
  for (const auth of [first, second]) {
    client.setQueryData(["by hand"], "somebody's");
    await act(() => auth.logout());
    expect(client.getQueryData(["by hand"])).toBeUndefined();
  }
});

describe("an Auth that Fast Refresh replaces", () => {
  /** What a module of the app makes, each time it is run. */
  async function setupModule() {
    const server = await startAuthServer();
    serveOwners(server);
    const origin = createOrigin();
    const made: Auth[] = [];
    const clocks: ReturnType<typeof createClock>[] = [];
    onTestFinished(async () => {
      for (const auth of made) auth.dispose();
      await server.close();
    });
    function run(baseURL = server.url, given?: AxiosInstance): Auth {
      const clock = createClock(origin.tab());
      clocks.push(clock);
      server.tokens.now = clock.platform.now;
      const options = {
        baseURL,
        ...(given && { axios: given }),
        fetch: server.fetch,
        refreshAhead: { seconds: 60, background: true },
      };
      const auth = createAuth(options, clock.platform);
      made.push(auth);
      return auth;
    }
    const first = run();
    await first.login({ password: "right" });
    return { server, run, first, timers: () => clocks.map((clock) => clock.timers()) };
  }

  const app = (auth: Auth, key = "") => (
    <AuthProvider key={key} auth={auth}>
      <Whose />
    </AuthProvider>
  );

  test.each([
    ["in the same provider", ""],
    ["in one that React mounts anew", "anew"],
  ])("%s falls silent, and leaves its token to the next", async (_, key) => {
    const { server, run, first, timers } = await setupModule();
    const { rerender } = render(app(first));
    await screen.findByText("Ada, authenticated");
    rerender(app(run(), key));
    await screen.findByText("Ada, authenticated");
    await waitFor(() => expect(timers()).toEqual([0, 1]));
    await expect(first.getAccessToken()).rejects.toThrow("disposed");
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("takes no data along from a client below the provider", async () => {
    const { run, first } = await setupModule();
    const client = new QueryClient();
    expectWarning(/QueryClientProvider between AuthProvider/);
    const below = (auth: Auth, key: string) => (
      <AuthProvider key={key} auth={auth}>
        <QueryClientProvider client={client}>
          <Whose />
        </QueryClientProvider>
      </AuthProvider>
    );
    const { rerender } = render(below(first, "first"));
    await screen.findByText("Ada, authenticated");
    rerender(below(run(), "anew"));
    await waitFor(() => expect(first.getAccessToken()).rejects.toThrow("disposed"));
    await screen.findByText("Ada, authenticated");
    expect(client.getQueryData(["whose"])).toMatchObject({ owner: "Ada" });
  });

  test("and whose refresh is on the wire lets it end: the cookie is used once", async () => {
    const { server, run, first } = await setupModule();
    const { rerender } = render(app(first));
    await screen.findByText("Ada, authenticated");
    const [second, third] = [run(), run()];
    let answer = () => {};
    server.on("POST /auth/refresh", () => {
      server.off("POST /auth/refresh");
      return new Promise((resolve) => (answer = () => resolve("default")));
    });
    first.getAccessToken({ forceRefresh: true }).catch(() => {});
    await waitFor(() => expect(server.received("POST /auth/refresh")).toBe(1));
    rerender(app(second));
    rerender(app(third));
    answer();
    await screen.findByText("Ada, authenticated");
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("gives the next the axios instance of another file", async () => {
    const { server, run, first } = await setupModule();
    const instance = axios.create();
    run(server.url, instance).dispose();
    const { rerender } = render(app(first));
    await screen.findByText("Ada, authenticated");
    for (let runs = 0; runs < 2; runs++) {
      const auth = run(server.url, instance);
      // A dev server runs the module in one task, and React renders in a later one.
      await new Promise((resolve) => setTimeout(resolve));
      rerender(app(auth));
      await screen.findByText("Ada, authenticated");
    }
    await expect(instance.get("/me")).resolves.toMatchObject({ status: 200 });
  });

  test.each(["of another app", "that another file makes"])(
    "is none where the next is one %s",
    async (which) => {
      const { server, run, first } = await setupModule();
      const { rerender } = render(app(first));
      await screen.findByText("Ada, authenticated");
      const next = which.includes("app")
        ? run(`${server.url}/other`)
        : (await setup({ signedIn: false, baseURL: server.url })).auth;
      rerender(app(next));
      await act(() => next.ready().catch(() => {}));
      await expect(first.getAccessToken()).resolves.toEqual(expect.any(String));
    },
  );

  test("is none as long as another provider has it", async () => {
    const { run, first } = await setupModule();
    const both = (second: Auth) => (
      <>
        {app(first, "first")}
        {app(second, "second")}
      </>
    );
    const { rerender } = render(both(first));
    await screen.findAllByText("Ada, authenticated");
    rerender(both(run()));
    await waitFor(() => expect(screen.getAllByText("Ada, authenticated")).toHaveLength(2));
    await expect(first.getAccessToken()).resolves.toEqual(expect.any(String));
  });

  test("is none in production", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const { run, first } = await setupModule();
    const { rerender } = render(app(first));
    await screen.findByText("Ada, authenticated");
    rerender(app(run()));
    await screen.findByText("Ada, authenticated");
    await expect(first.getAccessToken()).resolves.toEqual(expect.any(String));
  });
});
