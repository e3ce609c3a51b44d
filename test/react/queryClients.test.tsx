import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  QueryClient,
  QueryClientProvider,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import {
  authedQueryOptions,
  AuthProvider,
  createAuth,
  useAuth,
  useAuthedMutation,
  useAuthedQuery,
  type Auth,
} from "react-authed-query";
import { Activity, Suspense, useEffect } from "react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Whose } from "../support/Whose.js";
import { ignoreRenderErrors } from "../support/expectWarning.js";
import { recordFrames } from "../support/frames.js";
import { needActivity } from "../support/needReact.js";
import { ada, bob, serveOwners, signIn, type Owned } from "../support/people.js";
import { pass } from "../support/realTime.js";
import { setup } from "../support/setup.js";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a provider that is given no client, and finds none above", () => {
  function Asking({ auth }: { auth: Auth }) {
    const { data } = useSuspenseQuery(
      authedQueryOptions<Owned>(auth, { queryKey: ["asking"], request: "/whose" }),
    );
    return <p>asked by {data.owner}</p>;
  }

  test("asks once, though its first rendering is suspended", async () => {
    const { auth, server } = await setup();
    serveOwners(server);
    recordFrames(
      <Suspense fallback="suspended">
        <AuthProvider auth={auth}>
          <Asking auth={auth} />
        </AuthProvider>
      </Suspense>,
    );
    await screen.findByText("asked by Ada");
    expect(server.received("/whose")).toBe(1);
  });

  test("takes another when it is given another Auth", async () => {
    const { auth, server } = await setup();
    const { auth: next } = await setup({ signedIn: false });
    serveOwners(server);
    const app = (given: Auth) => (
      <AuthProvider auth={given}>
        <Whose label="now" />
      </AuthProvider>
    );
    const { frames, rerender } = recordFrames(app(auth));
    await screen.findByText("now: Ada, authenticated");
    frames.length = 0;
    rerender(app(next));
    await screen.findByText("now: nobody, unauthenticated");
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });
});

describe("an Auth does not keep alive the client of a provider that is gone", () => {
  test.each([
    ["its own", false],
    ["one that was given", true],
  ])("%s", async (_, isGiven) => {
    const clients: WeakRef<QueryClient>[] = [];
    const Probe = () => {
      const client = useQueryClient();
      useEffect(() => void clients.push(new WeakRef(client)), [client]);
      return null;
    };
    const { auth } = await setup();
    for (let turn = 0; turn < 5; turn += 1) {
      const given = isGiven ? { queryClient: new QueryClient() } : {};
      render(
        <AuthProvider auth={auth} {...given}>
          <Probe />
        </AuthProvider>,
      ).unmount();
    }
    cleanup();
    await collectGarbage();
    const alive = new Set(clients.map((ref) => ref.deref()).filter((client) => client));
    // React itself may hold on to the last.
    expect(alive.size).toBeLessThanOrEqual(1);
  });

  async function collectGarbage() {
    setFlagsFromString("--expose-gc");
    const collect: unknown = runInNewContext("gc");
    if (typeof collect !== "function") throw new Error("There is no garbage collector to call.");
    // What a WeakRef gave out lives to the end of the turn.
    await pass(10);
    collect();
  }
});

describe("a QueryClientProvider below the provider", () => {
  function Saving() {
    const { data, mutate } = useAuthedMutation<Owned>({ request: () => "/whose" });
    return <button onClick={() => mutate()}>saved by {data?.owner ?? "nobody"}</button>;
  }

  test.each([
    ["useAuthedQuery", <Whose key="1" label="below" />, "below: Ada, authenticated"],
    ["useAuthedMutation", <Saving key="2" />, "saved by Ada"],
  ])("is noticed by %s, forgotten too, and named once", async (hook, component, shown) => {
    const { auth, server } = await setup();
    serveOwners(server);
    const below = new QueryClient();
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const { frames } = recordFrames(
      <AuthProvider auth={auth}>
        <QueryClientProvider client={below}>
          {component}
          {component.type === Saving ? <Saving /> : <Whose label="again" />}
        </QueryClientProvider>
      </AuthProvider>,
    );
    for (const button of screen.queryAllByRole("button")) act(() => button.click());
    await screen.findAllByText(shown);
    below.setQueryData(["by hand"], "Ada's");
    frames.length = 0;
    await act(() => auth.logout());
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    expect(below.getQueryData(["by hand"])).toBeUndefined();
    expect(below.getMutationCache().getAll()).toEqual([]);
    const named = warn.mock.calls.filter(([text]) => String(text).includes("QueryClientProvider"));
    expect(named).toEqual([
      [expect.stringContaining("QueryClientProvider between AuthProvider"), hook],
    ]);
  });

  test("a client given to a hook is forgotten too", async () => {
    const { auth, server } = await setup();
    serveOwners(server);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const given = new QueryClient();
    const Probe = () => {
      const { data } = useAuthedQuery<Owned>({ queryKey: ["given"], request: "/whose" }, given);
      return <p>{data?.owner ?? "nobody"}</p>;
    };
    recordFrames(
      <AuthProvider auth={auth}>
        <Probe />
      </AuthProvider>,
    );
    await screen.findByText("Ada");
    expect(given.getQueryData(["given"])).toMatchObject({ owner: "Ada" });
    await act(() => auth.logout());
    expect(given.getQueryData(["given"])).toBeUndefined();
  });

  test("is forgotten too where the hook that notices it is still hidden", async (context) => {
    needActivity(context);
    const { auth, server } = await setup();
    serveOwners(server);
    const below = new QueryClient();
    below.setQueryData(["by hand"], "Ada's");
    recordFrames(
      <AuthProvider auth={auth}>
        <QueryClientProvider client={below}>
          <Activity mode="hidden">
            <Whose label="hidden" />
          </Activity>
        </QueryClientProvider>
      </AuthProvider>,
    );
    await screen.findByText(/hidden: nobody/);
    await act(() => signIn(bob, auth, server));
    expect(below.getQueryData(["by hand"])).toBeUndefined();
  });

  test("keeps nothing that components write into it as they are unmounted", async () => {
    const { auth, server } = await setup();
    serveOwners(server);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const below = new QueryClient();
    const Draft = () => {
      const { user } = useAuth();
      useEffect(() => () => void below.setQueryData(["draft"], user?.["name"]), [user]);
      return <Whose label="below" />;
    };
    render(
      <AuthProvider auth={auth}>
        <QueryClientProvider client={below}>
          <Draft />
        </QueryClientProvider>
      </AuthProvider>,
    );
    await screen.findByText("below: Ada, authenticated");
    await act(() => signIn(bob, auth, server));
    await screen.findByText("below: Bob, authenticated");
    expect(below.getQueryData(["draft"])).toBeUndefined();
  });

  test("above the provider it is not named", async () => {
    const { auth, server } = await setup();
    serveOwners(server);
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    recordFrames(
      <QueryClientProvider client={new QueryClient()}>
        <AuthProvider auth={auth}>
          <Whose label="above" />
        </AuthProvider>
      </QueryClientProvider>,
    );
    await screen.findByText("above: Ada, authenticated");
    expect(warn).not.toHaveBeenCalled();
  });
});

test("an Auth that is given instead of another remounts what is below, with nothing of the first", async () => {
  const { auth, server } = await setup();
  const { auth: next } = await setup({ signedIn: false });
  serveOwners(server);
  const app = (given: Auth) => (
    <AuthProvider auth={given} queryClient={given === auth ? clients[0] : clients[1]}>
      <Whose label="now" />
    </AuthProvider>
  );
  const clients = [new QueryClient(), new QueryClient()];
  clients[1]?.setQueryData(["prefetched"], "by a loader");
  const { frames, rerender } = recordFrames(app(auth));
  await screen.findByText("now: Ada, authenticated");
  frames.length = 0;
  rerender(app(next));
  await waitFor(() => expect(frames.at(-1)).toBe("now: nobody, unauthenticated"));
  expect(clients[1]?.getQueryData(["prefetched"])).toBe("by a loader");
  expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
});

test("a provider that is given anything but an Auth throws, and says the remedy", () => {
  ignoreRenderErrors();
  const { api, ...rest } = createAuth();
  // A copy has the members, but not what createAuth() keeps beside them.
  expect(() => render(<AuthProvider auth={{ api, ...rest }} />)).toThrow("what createAuth()");
});

test("what a cache's subscriber throws does not keep anything from being forgotten", async () => {
  const { auth } = await setup();
  const reported = vi.fn<typeof reportError>();
  vi.stubGlobal("reportError", reported);
  const client = new QueryClient();
  const Probe = () => <p>{String(useQueryClient() === client)}</p>;
  render(
    <AuthProvider auth={auth} queryClient={client}>
      <Probe />
    </AuthProvider>,
  );
  client.setQueryData(["one"], ada);
  client.setQueryData(["two"], ada);
  client.getQueryCache().subscribe(() => {
    throw new Error("of the app");
  });
  act(() => void auth.logout());
  expect(client.getQueryCache().getAll()).toEqual([]);
  expect(reported).toHaveBeenCalled();
  vi.unstubAllGlobals();
});
