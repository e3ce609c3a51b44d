import {
  dehydrate,
  HydrationBoundary,
  keepPreviousData,
  onlineManager,
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
  type UseMutationOptions,
} from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import {
  authedQueryOptions,
  AuthProvider,
  createAuth,
  useApi,
  useAuth,
  useAuthedMutation,
  useAuthedQuery,
} from "react-authed-query";
import { Activity, Suspense, useEffect, useLayoutEffect, useState, type ReactElement } from "react";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { needActivity } from "../support/needReact.js";
import { sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { expectWarning } from "../support/expectWarning.js";
import { recordFrames, renderRecorded } from "../support/frames.js";
import { createOrigin } from "../support/origin.js";
import { bob, ownerOf, serveOwners, signIn, type Owned } from "../support/people.js";
import { pass } from "../support/realTime.js";
import { setup, type Setup, type SetupOptions } from "../support/setup.js";

let server: Setup["server"];
let auth: Setup["auth"];

async function start(options?: SetupOptions): Promise<Setup> {
  const started = await setup(options);
  ({ server, auth } = started);
  serveOwners(server, "/whose/1", "/whose/2");
  return started;
}

/** Another tab of the same app. */
let other: Setup["auth"];

async function startBesideOther(): Promise<void> {
  const origin = createOrigin();
  const { clock } = await start({ platform: origin.tab() });
  other = createAuth(
    { baseURL: server.url, fetch: server.fetch },
    { ...clock.platform, ...origin.tab() },
  );
  onTestFinished(() => other.dispose());
  await other.ready();
}

/** Every way in which a session ends that another user may follow, and what it takes. */
const endings: [string, () => unknown, () => unknown][] = [
  ["logout", () => auth.logout(), start],
  ["a switch of user", () => signIn(bob, auth, server), start],
  ["a logout in another tab", () => other.logout(), startBesideOther],
  ["a login of another user in another tab", () => signIn(bob, other, server), startBesideOther],
  [
    "a refusal, with `forgetOnRefusal`",
    () => {
      expectWarning(/the cookie seems not to arrive/);
      server.revokeSession();
      return auth.getAccessToken({ forceRefresh: true });
    },
    () => start({ forgetOnRefusal: true }),
  ],
];

function Plain(): ReactElement {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ["plain"],
    queryFn: async ({ signal }) => (await api.get<Owned>("/whose", { signal })).data,
  });
  return <p>plain of {data?.owner ?? "nobody"}</p>;
}

function Authed(): ReactElement {
  const { data } = useAuthedQuery<Owned>({ queryKey: ["authed"], request: "/whose" });
  return <p>authed of {data?.owner ?? "nobody"}</p>;
}

function Mutation(): ReactElement {
  const { data, variables, mutate } = useAuthedMutation<Owned, Error, string>({
    request: () => "/whose",
  });
  return (
    <button onClick={() => mutate("Ada's")}>
      mutation of {data?.owner ?? "nobody"} {variables}
    </button>
  );
}

function Paged({ page }: { page: number }): ReactElement {
  const { data } = useAuthedQuery<Owned>({
    queryKey: ["page", page],
    request: `/whose/${page}`,
    placeholderData: keepPreviousData,
  });
  return (
    <p>
      page {page} of {data?.owner ?? "nobody"}
    </p>
  );
}

function Placeholder(): ReactElement {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["details"],
    queryFn: () => new Promise<Owned>(() => {}),
    placeholderData: () => client.getQueryData<Owned>(["authed"]),
  });
  return <p>placeholder of {data?.owner ?? "nobody"}</p>;
}

function Suspended(): ReactElement {
  const { data } = useSuspenseQuery(
    authedQueryOptions<Owned>(auth, { queryKey: ["suspended"], request: "/whose" }),
  );
  return <p>suspended of {data.owner}</p>;
}

function Kept(): ReactElement {
  const { user } = useAuth();
  const [owner] = useState(user?.["name"]);
  return <p>draft of {typeof owner === "string" ? owner : "nobody"}</p>;
}

describe.each(endings)("25: after %s no frame shows the first user's data", (_, end, begin) => {
  beforeEach(async () => void (await begin()));

  test.each([
    ["useQuery", () => <Plain />, "plain of Ada"],
    ["useAuthedQuery", () => <Authed />, "authed of Ada"],
    ["state of a component", () => <Kept />, "draft of Ada"],
  ])("through %s", async (_name, component, shown) => {
    const { frames } = renderRecorded(auth, component());
    await screen.findByText(shown);
    frames.length = 0;
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).toMatch(/nobody|Bob/));
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through the data and variables of a mutation", async () => {
    const { frames } = renderRecorded(auth, <Mutation />);
    act(() => screen.getByRole("button").click());
    await screen.findByText("mutation of Ada Ada's");
    frames.length = 0;
    await act(async () => void (await end()));
    expect(frames.at(-1)).toContain("nobody");
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through keepPreviousData, with the page turned at the same moment", async () => {
    const queryClient = new QueryClient();
    const app = (page: number) => (
      <AuthProvider auth={auth} queryClient={queryClient}>
        <Paged page={page} />
      </AuthProvider>
    );
    const { frames, rerender } = recordFrames(app(1));
    await screen.findByText("page 1 of Ada");
    frames.length = 0;
    await act(async () => {
      const ended = end();
      rerender(app(2));
      await ended;
    });
    // The page may be turned before the other user is here: then it is the first user's own.
    const firstOther = frames.findIndex((frame) => !frame.includes("Ada"));
    await waitFor(() => expect(frames.at(-1)).toMatch(/page 2 of (nobody|Bob)/));
    expect(frames.slice(firstOther).filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through placeholderData from the cache", async () => {
    const { frames } = renderRecorded(
      auth,
      <>
        <Authed />
        <Placeholder />
      </>,
    );
    await screen.findByText("authed of Ada");
    await screen.findByText("placeholder of nobody");
    frames.length = 0;
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).toMatch(/authed of (nobody|Bob)/));
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through Suspense", async () => {
    const { frames } = renderRecorded(
      auth,
      <Suspense fallback="suspended">
        <IfSignedIn>
          <Suspended />
        </IfSignedIn>
      </Suspense>,
    );
    await screen.findByText("suspended of Ada");
    frames.length = 0;
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).toMatch(/nobody|Bob/));
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test.for(["a hidden <Activity> below the provider", "a provider that a hidden <Activity> holds"])(
    "through %s",
    async (place, context) => {
      needActivity(context);
      const queryClient = new QueryClient();
      const provided = (children: ReactElement) => (
        <AuthProvider auth={auth} queryClient={queryClient}>
          {children}
        </AuthProvider>
      );
      // Elements that stay the same are not rendered again only because they are shown again.
      const page = (
        <>
          <Authed />
          <Kept />
        </>
      );
      const providedPage = provided(page);
      const app = (mode: "visible" | "hidden") =>
        place.includes("below") ? (
          provided(<Activity mode={mode}>{page}</Activity>)
        ) : (
          <Activity mode={mode}>{providedPage}</Activity>
        );
      const { frames, rerender } = recordFrames(app("visible"));
      await screen.findByText("authed of Ada");
      rerender(app("hidden"));
      frames.length = 0;
      await act(async () => void (await end()));
      expect(queryClient.getQueryData(["authed"])).not.toMatchObject({ owner: "Ada" });
      rerender(app("visible"));
      await waitFor(() => expect(frames.at(-1)).toMatch(/authed of (nobody|Bob)/));
      expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    },
  );

  test("nor through a query that is observed above the provider", async () => {
    const queryClient = new QueryClient();
    const Above = () => {
      const { data } = useQuery<Owned>({
        queryKey: ["authed"],
        queryFn: () => new Promise(() => {}),
        enabled: false,
      });
      return <p>above: {data?.owner ?? "nobody"}</p>;
    };
    const { frames } = recordFrames(
      <QueryClientProvider client={queryClient}>
        <Above />
        <AuthProvider auth={auth}>
          <Authed />
        </AuthProvider>
      </QueryClientProvider>,
    );
    await screen.findByText("above: Ada");
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).not.toContain("above: Ada"));
  });
});

function IfSignedIn({ children }: { children: ReactElement }): ReactElement {
  return useAuth().isAuthenticated ? children : <p>nobody</p>;
}

function IfAda({ children }: { children: ReactElement }): ReactElement | null {
  return useAuth().user?.["name"] === "Ada" ? children : null;
}

describe("24: after a logout", () => {
  beforeEach(async () => void (await start()));

  test("the caches hold nothing of the user but public queries, and those go on", async () => {
    let prices = 0;
    const Prices = () => {
      const { data, refetch } = useQuery({
        queryKey: ["prices"],
        queryFn: () => Promise.resolve((prices += 1)),
        meta: { public: true },
        staleTime: Infinity,
      });
      return <button onClick={() => void refetch()}>prices {data}</button>;
    };
    const { queryClient } = renderRecorded(
      auth,
      <>
        <Authed />
        <Mutation />
        <Prices />
      </>,
    );
    act(() => screen.getByText(/mutation/).click());
    await screen.findByText("mutation of Ada Ada's");
    await screen.findByText("authed of Ada");
    await screen.findByText("prices 1");
    act(() => void auth.logout());
    expect(
      queryClient
        .getQueryCache()
        .getAll()
        .filter(({ state }) => state.data !== undefined)
        .map(({ queryKey }) => queryKey),
    ).toEqual([["prices"]]);
    expect(queryClient.getMutationCache().getAll()).toEqual([]);
    act(() => screen.getByText("prices 1").click());
    await screen.findByText("prices 2");
  });

  test("a late answer never lands, also one that no abort can stop", async () => {
    const answer = deferred<Owned>();
    const Slow = () => {
      const { data } = useQuery({ queryKey: ["slow"], queryFn: () => answer.promise });
      return <p>slow of {data?.owner ?? "nobody"}</p>;
    };
    const { queryClient, frames } = renderRecorded(
      auth,
      <IfSignedIn>
        <Slow />
      </IfSignedIn>,
    );
    await screen.findByText("slow of nobody");
    await act(() => auth.logout());
    await act(async () => answer.resolve({ owner: "Ada", path: "" }));
    expect(queryClient.getQueryData(["slow"])).toBeUndefined();
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("a query that retries with back-off asks no more", async () => {
    server.on("/whose", (_, response) => sendJSON(response, 500, {}));
    const Retrying = () => {
      const { failureCount } = useAuthedQuery({
        queryKey: ["retrying"],
        request: "/whose",
        retry: true,
        retryDelay: 50,
      });
      return <p>failed {failureCount}</p>;
    };
    renderRecorded(auth, <Retrying />);
    await screen.findByText("failed 1");
    await act(() => auth.logout());
    const before = server.received("/whose");
    await pass(120);
    expect(server.received("/whose")).toBe(before);
  });

  test.each([
    ["succeeds", 200],
    ["fails", 500],
  ])(
    "no callback of a mutation fires that %s late, whatever its hook renders",
    async (_, status) => {
      const fired: string[] = [];
      const answer = deferred();
      // Through the app's own fetch: nothing aborts it.
      let sent = 0;
      const send = () => {
        sent += 1;
        return answer.promise.then(() => (status === 200 ? "Ada's" : Promise.reject(status)));
      };
      const note = (name: string) => () => void fired.push(name);
      const queryClient = new QueryClient();
      const options: UseMutationOptions<unknown, unknown> = {
        mutationFn: send,
        onSuccess: note("onSuccess"),
        onError: note("onError"),
        onSettled: note("onSettled"),
      };
      const Saving = () => {
        const { mutate } = useMutation(options);
        return (
          <button
            onClick={() =>
              mutate(undefined, {
                onSuccess: note("mutate's onSuccess"),
                onError: note("mutate's onError"),
              })
            }
          >
            save
          </button>
        );
      };
      // Above the provider nothing is remounted: this hook renders on, and sets its options again.
      const Above = ({ turn }: { turn: number }) => {
        const { mutate, data } = useMutation({ ...options, meta: { turn } });
        const callbacks = { onSettled: note("mutate's onSettled above") };
        return (
          <button onClick={() => mutate(undefined, callbacks)}>save above {String(data)}</button>
        );
      };
      const app = (turn: number) => (
        <QueryClientProvider client={queryClient}>
          <Above turn={turn} />
          <AuthProvider auth={auth}>
            <Saving />
          </AuthProvider>
        </QueryClientProvider>
      );
      const { rerender, frames } = recordFrames(app(1));
      act(() => screen.getByText("save").click());
      act(() => screen.getByText("save above undefined").click());
      await waitFor(() => expect(sent).toBe(2));
      await act(() => auth.logout());
      rerender(app(2));
      await act(async () => answer.resolve());
      await act(() => pass(20));
      expect(fired).toEqual([]);
      expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    },
  );

  test.each([
    ["has ended: its data goes", () => Promise.resolve("Ada's"), "saved Ada's"],
    ["is under way: nobody waits for it", () => new Promise<string>(() => {}), "saving"],
  ])("a hook above the provider, whose mutation %s", async (_, mutationFn, shown) => {
    const Above = () => {
      const { mutate, data, isPending } = useMutation({ mutationFn });
      const state = isPending ? "saving" : data ? `saved ${data}` : "save";
      return <button onClick={() => mutate()}>{state}</button>;
    };
    const { frames } = recordFrames(
      <QueryClientProvider client={new QueryClient()}>
        <Above />
        <AuthProvider auth={auth} />
      </QueryClientProvider>,
    );
    act(() => screen.getByText("save").click());
    await screen.findByText(shown);
    await act(() => auth.logout());
    await waitFor(() => expect(frames.at(-1)).toBe("save"));
  });

  test("nor one of a mutation whose onSuccess is still at work", async () => {
    const work = deferred();
    const fired: string[] = [];
    const queryClient = new QueryClient();
    const Above = () => {
      const { mutate, data, isPending } = useMutation({
        mutationFn: () => Promise.resolve("Ada's"),
        onSuccess: () => work.promise,
        onSettled: () => void fired.push("onSettled"),
      });
      const callbacks = { onSuccess: () => void fired.push("mutate's onSuccess") };
      return (
        <button onClick={() => mutate(undefined, callbacks)}>
          {isPending ? "saving" : "save"} {data}
        </button>
      );
    };
    const { frames } = recordFrames(
      <QueryClientProvider client={queryClient}>
        <Above />
        <AuthProvider auth={auth}>signed in</AuthProvider>
      </QueryClientProvider>,
    );
    await act(async () => screen.getByText("save").click());
    await screen.findByText("saving");
    await act(() => auth.logout());
    await act(async () => work.resolve());
    await act(() => pass(20));
    expect(fired).toEqual([]);
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("a query that one of its observers does not call public is the user's", async () => {
    const prices = { queryKey: ["prices"], queryFn: () => "Ada's", staleTime: Infinity };
    const Own = () => <>{useQuery(prices).data}</>;
    const Public = () => <>{useQuery({ ...prices, meta: { public: true } }).data}</>;
    const { queryClient } = renderRecorded(
      auth,
      <IfSignedIn>
        <>
          <Own />
          <Public />
        </>
      </IfSignedIn>,
    );
    await screen.findByText("Ada'sAda's");
    await act(() => auth.logout());
    expect(queryClient.getQueryData(["prices"])).toBeUndefined();
  });

  describe("what components write as they are unmounted", () => {
    const Draft = () => {
      const client = useQueryClient();
      useLayoutEffect(() => () => void client.setQueryData(["layout"], "Ada's"), [client]);
      useEffect(() => () => void client.setQueryData(["draft"], "Ada's"), [client]);
      return null;
    };

    test("goes too, and public data stays", async () => {
      const { queryClient } = renderRecorded(
        auth,
        <IfSignedIn>
          <Draft />
        </IfSignedIn>,
      );
      const prices = { queryKey: ["prices"], queryFn: () => 1, meta: { public: true } };
      await queryClient.prefetchQuery(prices);
      await act(() => auth.logout());
      const left = queryClient.getQueryCache().getAll();
      expect(left.map(({ queryKey }) => queryKey)).toEqual([["prices"]]);
    });

    test.each([
      ["below", false],
      ["above", true],
    ])(
      "goes without disturbing what the next user's tree is fetching under a Suspense boundary %s the provider",
      async (_, isAbove) => {
        const asked: unknown[] = [];
        const Asking = () => {
          const owner = useAuth().user?.["name"];
          const { data } = useSuspenseQuery({
            queryKey: ["asking"],
            queryFn: async ({ signal }) => {
              asked.push(owner);
              await auth.api.get("/whose", { signal });
              return `asked for ${String(owner)}`;
            },
            staleTime: Infinity,
          });
          return <p>{data}</p>;
        };
        const suspended = (children: ReactElement) => (
          <Suspense fallback="suspended">{children}</Suspense>
        );
        const provided = (children: ReactElement) => (
          <AuthProvider auth={auth}>{children}</AuthProvider>
        );
        const asking = <Asking />;
        recordFrames(isAbove ? suspended(provided(asking)) : provided(suspended(asking)));
        await screen.findByText("asked for Ada");
        await act(() => signIn(bob, auth, server));
        await screen.findByText("asked for Bob");
        expect(asked).toEqual(["Ada", "Bob"]);
      },
    );

    test("goes also where a Suspense boundary above the provider hides it first", async () => {
      const Asking = () => {
        const owner = String(useAuth().user?.["name"]);
        const { data } = useSuspenseQuery({
          queryKey: ["asking"],
          queryFn: () => pass(10).then(() => owner),
        });
        return <p>{data}</p>;
      };
      const queryClient = new QueryClient();
      recordFrames(
        <Suspense fallback="suspended">
          <AuthProvider auth={auth} queryClient={queryClient}>
            <IfAda>
              <Draft />
            </IfAda>
            <Asking />
          </AuthProvider>
        </Suspense>,
      );
      await screen.findByText("Ada");
      await act(() => signIn(bob, auth, server));
      await screen.findByText("Bob");
      const left = queryClient.getQueryCache().getAll();
      expect(left.map(({ queryKey }) => queryKey)).toEqual([["asking"]]);
    });

    test("goes also from a query that the next user's tree has filled already", async () => {
      const Page = () => {
        const name = String(useAuth().user?.["name"]);
        const client = useQueryClient();
        useState(() => client.setQueryData(["page"], `${name}'s`));
        useEffect(
          () => () => void client.setQueryData(["page"], `${name}'s draft`),
          [client, name],
        );
        return <p>page of {name}</p>;
      };
      const queryClient = new QueryClient();
      render(
        <AuthProvider auth={auth} queryClient={queryClient}>
          <Page />
        </AuthProvider>,
      );
      await act(() => signIn(bob, auth, server));
      await screen.findByText("page of Bob");
      expect(queryClient.getQueryData(["page"])).toBeUndefined();
    });

    test("goes without what the next user's tree has hydrated", async () => {
      const asked: unknown[] = [];
      const Hydrated = () => {
        const { data } = useQuery({
          queryKey: ["hydrated"],
          queryFn: () => asked.push("again"),
          staleTime: Infinity,
        });
        return <p>hydrated for {String(data)}</p>;
      };
      const Page = () => {
        const { user } = useAuth();
        const [state] = useState(() => {
          const loader = new QueryClient();
          loader.setQueryData(["hydrated"], user?.["name"]);
          return dehydrate(loader);
        });
        return (
          <HydrationBoundary state={state}>
            <Hydrated />
          </HydrationBoundary>
        );
      };
      const { frames } = renderRecorded(auth, <Page />);
      await screen.findByText("hydrated for Ada");
      frames.length = 0;
      await act(() => signIn(bob, auth, server));
      await screen.findByText("hydrated for Bob");
      expect(asked).toEqual([]);
      expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    });

    test("goes once: the next user's data stays when an <Activity> hides and shows all", async (context) => {
      needActivity(context);
      const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
      const app = (mode: "visible" | "hidden") => (
        <Activity mode={mode}>
          <AuthProvider auth={auth} queryClient={client}>
            <Authed />
          </AuthProvider>
        </Activity>
      );
      const { rerender } = recordFrames(app("visible"));
      await act(() => signIn(bob, auth, server));
      await screen.findByText("authed of Bob");
      rerender(app("hidden"));
      rerender(app("visible"));
      expect(client.getQueryData(["authed"])).toMatchObject({ owner: "Bob" });
    });
  });

  test("the rollback of an optimistic update does not bring the user's data back", async () => {
    server.on("POST /whose", () => {});
    const Optimistic = () => {
      const client = useQueryClient();
      const { mutate } = useAuthedMutation<Owned, Error, string, { before: unknown }>({
        request: () => ({ url: "/whose", method: "post" }),
        onMutate: (owner) => {
          const before = client.getQueryData(["authed"]);
          client.setQueryData(["authed"], { owner, path: "" });
          return { before };
        },
        onError: (_, __, context) => client.setQueryData(["authed"], context?.before),
      });
      return <button onClick={() => mutate("Ada's wish")}>wish</button>;
    };
    const { queryClient, frames } = renderRecorded(
      auth,
      <>
        <Authed />
        <Optimistic />
      </>,
    );
    await screen.findByText("authed of Ada");
    act(() => screen.getByText("wish").click());
    await screen.findByText("authed of Ada's wish");
    await waitFor(() => expect(server.received("POST /whose")).toBe(1));
    frames.length = 0;
    await act(() => auth.logout());
    await waitFor(() =>
      expect(
        server.requests.find(({ method, path }) => method === "POST" && path === "/whose")?.aborted,
      ).toBe(true),
    );
    await act(() => pass(20));
    expect(queryClient.getQueryData(["authed"])).toBeUndefined();
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });
});

describe("25: a first rendering that is suspended while the user changes", () => {
  beforeEach(async () => void (await start()));

  /** What is rendered in it was not there yet, so nothing of it is unmounted. */
  function renderSuspended(asking: ReactElement) {
    return recordFrames(
      <QueryClientProvider client={new QueryClient()}>
        <Suspense fallback="suspended">
          <AuthProvider auth={auth}>{asking}</AuthProvider>
        </Suspense>
      </QueryClientProvider>,
    );
  }

  test("shows nothing that was asked for before", async () => {
    const answer = deferred<string>();
    const asked: unknown[] = [];
    const Asking = () => {
      const owner = String(useAuth().user?.["name"]);
      const { data } = useSuspenseQuery({
        queryKey: ["asking"],
        queryFn: () => (asked.push(owner) === 1 ? answer.promise : owner),
      });
      return <p>{data}</p>;
    };
    const { frames } = renderSuspended(<Asking />);
    await waitFor(() => expect(asked).toEqual(["Ada"]));
    await act(() => signIn(bob, auth, server));
    await act(async () => answer.resolve("Ada"));
    await screen.findByText("Bob");
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("asks again for the next user, without an error", async () => {
    server.on("/whose", () => {});
    renderSuspended(<Suspended />);
    await waitFor(() => expect(server.received("/whose")).toBe(1));
    serveOwners(server);
    await act(() => signIn(bob, auth, server));
    expect(await screen.findByText("suspended of Bob")).toBeDefined();
  });
});

describe("24: a mutation of the first user never runs with the next one's token", () => {
  beforeEach(async () => void (await start()));

  afterEach(() => onlineManager.setOnline(true));

  /** Who sent a `POST /whose`, by the tokens that the server saw. */
  const senders = () =>
    server.requests
      .filter(({ method, path }) => method === "POST" && path === "/whose")
      .map(({ token }) => token && ownerOf(token));

  const both: [string, () => { mutate: () => void; isPaused: boolean }][] = [
    ["useAuthedMutation", () => useAuthedMutation({ request: () => "/whose" })],
    [
      "useMutation",
      () => {
        const api = useApi();
        return useMutation({ mutationFn: () => api.post("/whose") });
      },
    ],
  ];

  test.each(both)("when it is paused offline (%s)", async (_, useIt) => {
    const Saving = () => {
      const { mutate, isPaused } = useIt();
      return <button onClick={() => mutate()}>{isPaused ? "paused" : "save"}</button>;
    };
    renderRecorded(auth, <Saving />);
    onlineManager.setOnline(false);
    act(() => screen.getByRole("button").click());
    await screen.findByText("paused");
    await act(() => signIn(bob, auth, server));
    await act(async () => onlineManager.setOnline(true));
    await act(() => pass(20));
    expect(senders()).toEqual([]);
  });

  test("when it waits for a retry", async () => {
    server.on("POST /whose", (_, response) => sendJSON(response, 500, {}));
    const Saving = () => {
      const api = useApi();
      const { mutate, failureCount } = useMutation({
        mutationFn: () => api.post("/whose"),
        retry: 3,
        retryDelay: 100,
      });
      return <button onClick={() => mutate()}>failed {failureCount}</button>;
    };
    renderRecorded(auth, <Saving />);
    act(() => screen.getByRole("button").click());
    await screen.findByText("failed 1");
    await act(() => signIn(bob, auth, server));
    await act(() => pass(150));
    expect(senders()).toEqual(["Ada"]);
  });

  test("when its onMutate is still at work", async () => {
    const work = deferred();
    const Saving = () => {
      const api = useApi();
      const { mutate } = useMutation({
        mutationFn: () => api.post("/whose"),
        onMutate: () => work.promise,
      });
      return <button onClick={() => mutate()}>save</button>;
    };
    renderRecorded(auth, <Saving />);
    act(() => screen.getByRole("button").click());
    await act(() => signIn(bob, auth, server));
    await act(async () => work.resolve());
    await act(() => pass(20));
    expect(senders()).toEqual([]);
  });

  describe.each([
    ["useLayoutEffect", useLayoutEffect],
    ["useEffect", useEffect],
  ])("when a component saves as it is unmounted, in its %s", (__, useAnyEffect) => {
    test.each(both)("(%s)", async (_, useIt) => {
      const Autosave = () => {
        const { mutate } = useIt();
        useAnyEffect(() => mutate, [mutate]);
        return null;
      };
      // Without StrictMode, which saves at once.
      render(
        <AuthProvider auth={auth}>
          <Autosave />
        </AuthProvider>,
      );
      await act(() => signIn(bob, auth, server));
      await act(() => pass(20));
      expect(senders()).toEqual([]);
    });
  });

  test.each([
    ["sends nothing", {}],
    ["shows nothing in advance", { onMutate: () => void optimistic.push("Ada's") }],
  ])(
    "when a timer or a closure calls useAuthedMutation late: it %s, and settles session_ended",
    async (_, options) => {
      let saveAsAda: (() => Promise<unknown>) | undefined;
      const Debounced = () => {
        const { mutateAsync } = useAuthedMutation({ request: () => "/whose", ...options });
        saveAsAda ??= mutateAsync;
        return null;
      };
      renderRecorded(auth, <Debounced />);
      await act(() => signIn(bob, auth, server));
      await act(() => expect(saveAsAda?.()).rejects.toMatchObject({ code: "session_ended" }));
      expect([senders(), optimistic]).toEqual([[], []]);
    },
  );

  const optimistic: string[] = [];
});
