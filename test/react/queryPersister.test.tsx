import { experimental_createQueryPersister } from "@tanstack/query-persist-client-core";
import { QueryClient, QueryClientProvider, QueryObserver, useQuery } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import {
  authedInfiniteQueryOptions,
  authedQueryOptions,
  AuthProvider,
  useApi,
  useAuthedQuery,
  type Auth,
} from "react-authed-query";
import type { ReactElement } from "react";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { ignoreRenderErrors } from "../support/expectWarning.js";
import { recordFrames } from "../support/frames.js";
import { ada, bob, serveOwners, signIn, type Owned } from "../support/people.js";
import { setup, type Setup } from "../support/setup.js";

let server: Setup["server"];
let auth: Auth;
let disk: Map<string, string>;
let client: QueryClient;

beforeEach(async () => {
  ({ server, auth } = await setup());
  serveOwners(server);
  disk = new Map();
  client = new QueryClient();
  ignoreRenderErrors();
});

/** TanStack's, on this disk. */
function createPersister() {
  return experimental_createQueryPersister({
    storage: {
      getItem: (key) => disk.get(key),
      setItem: (key, value) => void disk.set(key, value),
      removeItem: (key) => void disk.delete(key),
    },
  }).persisterFn;
}

const key = ["whose"];
const remedy = /authedPersister\(auth, persister\)/;

function Authed(): ReactElement {
  const { data } = useAuthedQuery<Owned>({
    queryKey: key,
    request: "/whose",
    persister: createPersister(),
  });
  return <p>{data?.owner}</p>;
}

function Bare(): ReactElement {
  const { data } = useAuthedQuery<Owned>({ queryKey: key, request: "/whose" });
  return <p>{data?.owner}</p>;
}

function Plain(): ReactElement {
  const api = useApi();
  const { data } = useQuery({
    queryKey: key,
    queryFn: async () => (await api.get<Owned>("/whose")).data,
    persister: createPersister(),
  });
  return <p>{data?.owner}</p>;
}

const provided = (children: ReactElement) => (
  <AuthProvider auth={auth} queryClient={client}>
    {children}
  </AuthProvider>
);

describe("a per-query persister is refused at once, with the remedy", () => {
  test.each<[string, () => unknown]>([
    ["useAuthedQuery", () => render(provided(<Authed />))],
    ["a plain useQuery below the provider", () => render(provided(<Plain />))],
    [
      "the client's defaults",
      () => {
        client.setDefaultOptions({ queries: { persister: createPersister() } });
        render(provided(<Bare />));
      },
    ],
    [
      "the client's defaults for a key",
      () => {
        client.setQueryDefaults(key, { persister: createPersister() });
        render(provided(<Bare />));
      },
    ],
    [
      "a query that is there already",
      () => {
        client.setQueryData(key, { owner: "Ada", path: "" });
        render(provided(<Plain />));
      },
    ],
    [
      "a client below the provider",
      () =>
        render(
          <AuthProvider auth={auth}>
            <QueryClientProvider client={client}>
              <Authed />
            </QueryClientProvider>
          </AuthProvider>,
        ),
    ],
    [
      "authedQueryOptions",
      () =>
        authedQueryOptions(auth, {
          queryKey: key,
          request: "/whose",
          persister: createPersister(),
        }),
    ],
    [
      "authedInfiniteQueryOptions",
      () =>
        authedInfiniteQueryOptions(auth, {
          queryKey: key,
          request: () => "/whose",
          initialPageParam: 1,
          getNextPageParam: () => 2,
          // TanStack types its persister for queries without pages.
          persister: createPersister() as never,
        }),
    ],
    [
      "a loader",
      () => {
        render(provided(<p />));
        // And for observers, whose page parameter may be missing.
        const persister = createPersister() as never;
        return client.fetchQuery({ queryKey: key, queryFn: () => 1, persister });
      },
    ],
  ])("of %s", async (_, use) => {
    expect(use).toThrow(TypeError);
    cleanup();
    client.clear();
    expect(use).toThrow(remedy);
    expect([...disk.values()]).toEqual([]);
  });

  test("and in production with its code", () => {
    vi.stubEnv("NODE_ENV", "production");
    expect(() => render(provided(<Plain />))).toThrow("query_persister");
    vi.unstubAllEnvs();
  });
});

describe("a query that is there already is refused a persister that it is given later", () => {
  const load = async () => (await auth.api.get<Owned>("/whose")).data;
  // TanStack types the same option for fetching and for observing in two ways.
  const given = () => ({ queryKey: key, queryFn: load, persister: createPersister() as never });
  const setDefaults = () => client.setQueryDefaults(key, { persister: createPersister() });

  test.each<[string, () => unknown]>([
    ["fetchQuery", () => client.fetchQuery(given())],
    ["ensureQueryData", () => client.ensureQueryData(given())],
    [
      "the defaults for its key",
      () => {
        setDefaults();
        return client.fetchQuery({ queryKey: key, queryFn: load });
      },
    ],
    [
      "the defaults for its key, with authedQueryOptions",
      () => {
        setDefaults();
        return client.fetchQuery(authedQueryOptions(auth, { queryKey: key, request: "/whose" }));
      },
    ],
    [
      "a refetch that takes the place of one under way",
      () => {
        const observer = new QueryObserver(client, { queryKey: key, queryFn: load });
        onTestFinished(observer.subscribe(() => {}));
        client.setQueryData(key, { owner: "seed", path: "" });
        void observer.refetch();
        observer.setOptions(given());
      },
    ],
  ])("by %s", async (_, use) => {
    const Waiting = () => {
      const { data } = useAuthedQuery<Owned>({ queryKey: key, request: "/whose", enabled: false });
      return <p>owner {data?.owner}</p>;
    };
    render(provided(<Waiting />));
    for (const person of [ada, bob]) {
      await act(() => signIn(person, auth, server));
      await act(() => expect((async () => use())()).rejects.toThrow(remedy));
      client.setQueryDefaults(key, {});
      expect([...disk.values()]).toEqual([]);
      await act(() => auth.logout());
    }
    expect(document.body.textContent).toBe("owner ");
  });

  test("by a plain useQuery that gains it after it was mounted", async () => {
    const Gaining = ({ persister }: { persister?: ReturnType<typeof createPersister> }) => {
      const { data } = useQuery<Owned>({
        queryKey: key,
        queryFn: load,
        ...(persister && { persister }),
      });
      return <p>{data?.owner}</p>;
    };
    const { rerender } = render(provided(<Gaining />));
    await screen.findByText("Ada");
    expect(() => rerender(provided(<Gaining persister={createPersister()} />))).toThrow(remedy);
    expect([...disk.values()]).toEqual([]);
  });

  test("by whoever made it before the provider was there", () => {
    void client.prefetchQuery(given());
    client
      .getQueryCache()
      .findAll()
      .forEach((query) => void query.cancel());
    expect(() => render(provided(<p />))).toThrow(remedy);
  });
});

test("a public query keeps its persister, and shows nobody's data but its own", async () => {
  const Prices = () => {
    const { data } = useAuthedQuery<number>({
      queryKey: ["prices"],
      queryFn: async ({ api }) => (await api.get<number>("/prices", { skipAuth: true })).data,
      persister: createPersister(),
      meta: { public: true },
      staleTime: Infinity,
    });
    return <p>prices {data}</p>;
  };
  server.on("/prices", (_, response) => void response.end("7"));
  const { frames } = recordFrames(
    provided(
      <>
        <Prices />
        <Bare />
      </>,
    ),
  );
  await screen.findByText("prices 7");
  await screen.findByText("Ada");
  await waitFor(() => expect([...disk.values()].join()).toContain('"data":7'));
  frames.length = 0;
  await act(() => signIn(bob, auth, server));
  await screen.findByText("Bob");
  expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  expect([...disk.keys()]).toEqual(['tanstack-query-["prices"]']);
  expect([...disk.values()].join()).not.toContain("Ada");
});
