import * as tanStack from "@tanstack/react-query";
import { QueryClient, queryOptions, useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import {
  authedMutationOptions,
  authedQueryOptions,
  AuthProvider,
  createAuth,
  useAuthedMutation,
  useAuthedQuery,
  type Auth,
} from "react-authed-query";
import { type ReactElement } from "react";
import { describe, expect, onTestFinished, test } from "vitest";
import { sendJSON, startAuthServer } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { recordFrames, renderRecorded } from "../support/frames.js";
import { setup } from "../support/setup.js";

// TanStack Query has it since 5.82. Before, an app writes the same object by hand.
const mutationOptions: typeof tanStack.mutationOptions =
  "mutationOptions" in tanStack ? tanStack.mutationOptions : (options: object) => options as never;

interface Reply {
  path: string;
}

/** The same query, as it may be given. */
const objects: [string, (auth: Auth) => UseQueryOptions<Reply, Error, string, string[]>][] = [
  [
    "queryOptions()",
    (auth) =>
      queryOptions({
        queryKey: ["orders"],
        queryFn: async ({ signal }) => (await auth.api.get<Reply>("/orders", { signal })).data,
        select: ({ path }) => path,
      }),
  ],
  [
    "authedQueryOptions()",
    (auth) => ({
      ...authedQueryOptions<Reply, Error, Reply, string[]>(auth, {
        queryKey: ["orders"],
        request: "/orders",
      }),
      select: ({ path }) => path,
    }),
  ],
];

const Show = ({ options }: { options: UseQueryOptions<Reply, Error, string, string[]> }) => {
  const { data, status, fetchStatus } = useAuthedQuery(options);
  return (
    <p>
      {data} {status} {fetchStatus}
    </p>
  );
};

describe.each(objects)("useAuthedQuery given %s", (_, optionsOf) => {
  test("waits while the session is loading, and asks once", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    renderRecorded(auth, <Show options={optionsOf(auth)} />);
    expect(await screen.findByText("/orders success idle")).toBeDefined();
    expect(server.received("/orders")).toBe(1);
  });

  test("asks nothing while nobody is signed in", async () => {
    const { server, auth } = await setup({ signedIn: false });
    await auth.ready();
    renderRecorded(auth, <Show options={optionsOf(auth)} />);
    expect(screen.getByText("pending idle")).toBeDefined();
    expect(server.received("/orders")).toBe(0);
  });

  test("refreshes once for an expired token", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    renderRecorded(auth, <Show options={optionsOf(auth)} />);
    expect(await screen.findByText("/orders success idle")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test.each([
    ["the options'", { retry: 2 }, undefined, 3],
    ["the client's default", {}, 1, 2],
    ["three", {}, undefined, 4],
  ])("retries as often as %s `retry` says", async (__, more, retry, times) => {
    const { server, auth } = await setup();
    server.on("/orders", (___, response) => sendJSON(response, 500, {}));
    const client = new QueryClient({
      defaultOptions: { queries: { retryDelay: 0, ...(retry !== undefined && { retry }) } },
    });
    recordFrames(
      <AuthProvider auth={auth} queryClient={client}>
        <Show options={{ ...optionsOf(auth), ...more }} />
      </AuthProvider>,
    );
    expect(await screen.findByText("error idle")).toBeDefined();
    expect(server.received("/orders")).toBe(times);
  });

  test("never retries a 401 that stays", async () => {
    const { server, auth } = await setup();
    server.on("/orders", (__, response) => sendJSON(response, 401, {}));
    renderRecorded(auth, <Show options={optionsOf(auth)} />);
    expect(await screen.findByText("error idle")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });
});

test("the client's `retry` counts for a query whose gate fails before anything was sent", async () => {
  const { server, auth, clock } = await setup({ signedIn: false });
  server.signInBefore();
  server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const options = authedQueryOptions(auth, { queryKey: ["orders"], request: "/orders" });
  const Probe = () => {
    const { status, refetch } = useAuthedQuery(options);
    return <button onClick={() => void refetch()}>{status}</button>;
  };
  recordFrames(
    <AuthProvider auth={auth} queryClient={client}>
      <Probe />
    </AuthProvider>,
  );
  await waitFor(() => expect(auth.getState().error).not.toBeNull());
  act(() => screen.getByRole("button").click());
  await act(() => clock.advance(5000));
  expect(await screen.findByText("error")).toBeDefined();
});

test("options of another Auth stay with it", async () => {
  const { server, auth } = await setup();
  const other = await startAuthServer();
  const otherAuth = createAuth({ baseURL: other.url, fetch: other.fetch, tabs: { name: "other" } });
  onTestFinished(async () => {
    otherAuth.dispose();
    await other.close();
  });
  await otherAuth.login({ password: "right" });
  renderRecorded(
    auth,
    <Show
      options={{
        ...authedQueryOptions<Reply, Error, Reply, string[]>(otherAuth, {
          queryKey: ["orders"],
          request: "/orders",
        }),
        select: ({ path }) => path,
      }}
    />,
  );
  expect(await screen.findByText("/orders success idle")).toBeDefined();
  expect(other.received("/orders")).toBe(1);
  expect(server.received("/orders")).toBe(0);
});

test("useAuthedMutation takes mutationOptions() and authedMutationOptions()", async () => {
  const { server, auth } = await setup({ signedIn: false });
  server.signInBefore();
  server.on("/bookings/8", (_, response) => sendJSON(response, 500, {}));
  const plain = mutationOptions({
    mutationFn: async (id: number) => (await auth.api.post<Reply>(`/bookings/${id}`)).data,
  });
  const authed = authedMutationOptions(auth, { request: (id: number) => `/bookings/${id}` });
  const Book = () => {
    const first = useAuthedMutation(plain);
    const second = useAuthedMutation({ ...authed, retry: 2, retryDelay: 0 });
    return (
      <button
        onClick={() => {
          first.mutate(7);
          second.mutate(8);
        }}
      >
        {first.data?.path} {second.status}
      </button>
    );
  };
  renderRecorded(auth, <Book />);
  act(() => screen.getByRole("button").click());
  expect(await screen.findByText("/bookings/7 error")).toBeDefined();
  expect(server.received("/bookings/8")).toBe(3);
});

describe("without `request` and function", () => {
  test("the client's default queryFn runs through the session, and is given `api`", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    const client = new QueryClient({
      defaultOptions: {
        queries: {
          queryFn: async (context) => {
            const { api } = context as unknown as Pick<Auth, "api">;
            return (await api.get<Reply>(`/${String(context.queryKey[0])}`)).data;
          },
        },
      },
    });
    const options = queryOptions<Reply>({ queryKey: ["orders"] });
    const Probe = () => <p>{useAuthedQuery(options).data?.path}</p>;
    recordFrames(
      <AuthProvider auth={auth} queryClient={client}>
        <Probe />
      </AuthProvider>,
    );
    expect(await screen.findByText("/orders")).toBeDefined();
    expect(server.requests.map(({ path }) => path)).toEqual(["/auth/refresh", "/orders"]);
    expect(await client.fetchQuery(authedQueryOptions(auth, options))).toMatchObject({
      path: "/orders",
    });
  });

  test("the default mutationFn of the key runs, and is given `api`", async () => {
    const { auth } = await setup();
    const client = new QueryClient();
    client.setMutationDefaults(["book"], {
      mutationFn: async (id, context) => {
        const { api } = context as unknown as Pick<Auth, "api">;
        return (await api.post<Reply>(`/bookings/${String(id)}`)).data.path;
      },
    });
    const Book = () => {
      const { mutate, data } = useAuthedMutation(
        mutationOptions<string, Error, number>({ mutationKey: ["book"] }),
      );
      return <button onClick={() => mutate(7)}>{data}</button>;
    };
    recordFrames(
      <AuthProvider auth={auth} queryClient={client}>
        <Book />
      </AuthProvider>,
    );
    act(() => screen.getByRole("button").click());
    expect(await screen.findByText("/bookings/7")).toBeDefined();
  });

  test("and without a default one, it fails at once with the remedy, and sends nothing", async () => {
    const { server, auth } = await setup();
    const sent = server.received();
    const neither = authedQueryOptions(auth, queryOptions({ queryKey: ["orders", 7] }));
    const remedy = /Give \["orders",7\] either `request`/;
    expect(await failure(new QueryClient().fetchQuery(neither))).toMatchObject({
      message: expect.stringMatching(remedy),
    });
    const empty = mutationOptions({});
    const Both = () => {
      const query = useAuthedQuery(queryOptions({ queryKey: ["orders", 7] }));
      const { mutate, error } = useAuthedMutation(empty);
      return (
        <button onClick={() => mutate()}>
          {query.error?.message} {error?.message}
        </button>
      );
    };
    renderRecorded(auth, <Both />);
    expect(await screen.findByText(remedy)).toBeDefined();
    act(() => screen.getByRole("button").click());
    expect(await screen.findByText(/Give a mutation either `request`/)).toBeDefined();
    expect(server.received()).toBe(sent);
  });
});

describe("with `request` or `parse` beside a function", () => {
  test("options fail at once with the remedy, and send nothing", async () => {
    const { server, auth } = await setup();
    const sent = server.received();
    const client = new QueryClient();
    const remedy = { message: expect.stringMatching(/Give \["orders"\] either `request`/) };
    const both = { queryKey: ["orders"], request: "/orders", queryFn: () => 1 };
    // @ts-expect-error not both
    const options: UseQueryOptions = authedQueryOptions(auth, both);
    expect(await failure(client.fetchQuery(options))).toMatchObject(remedy);
    const parsed = { queryKey: ["orders"], queryFn: () => 1, parse: () => 1 };
    // @ts-expect-error not both
    const others: UseQueryOptions = authedQueryOptions(auth, parsed);
    expect(await failure(client.fetchQuery(others))).toMatchObject(remedy);
    expect(server.received()).toBe(sent);
  });

  test("hooks fail at once with the remedy, and send nothing", async () => {
    const { server, auth } = await setup();
    const sent = server.received();
    const queryFn = () => Promise.resolve(1);
    const Both = () => {
      // @ts-expect-error not both
      const query = useAuthedQuery({ queryKey: ["orders"], request: "/orders", queryFn });
      // @ts-expect-error not both
      const { mutate, error } = useAuthedMutation({ request: () => "/a", mutationFn: queryFn });
      return (
        <button onClick={() => mutate()}>
          {query.error?.message} {error?.message}
        </button>
      );
    };
    renderRecorded(auth, <Both />);
    expect(await screen.findByText(/Give \["orders"\] either `request`/)).toBeDefined();
    act(() => screen.getByRole("button").click());
    expect(await screen.findByText(/Give a mutation either `request`/)).toBeDefined();
    expect(server.received()).toBe(sent);
  });
});

test("a plain useQuery runs them too", async () => {
  const { auth } = await setup();
  const Probe = (): ReactElement => (
    <p>
      {useQuery(authedQueryOptions<Reply>(auth, { queryKey: ["a"], request: "/a" })).data?.path}
    </p>
  );
  renderRecorded(auth, <Probe />);
  expect(await screen.findByText("/a")).toBeDefined();
});
