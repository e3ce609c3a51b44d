import {
  QueryClient,
  skipToken,
  useInfiniteQuery,
  useIsFetching,
  usePrefetchQuery,
  useQueries,
  useQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import {
  authedInfiniteQueryOptions,
  authedQueryOptions,
  AuthError,
  useAuth,
  type Auth,
} from "react-authed-query";
import { Component, Suspense, type ReactNode } from "react";
import { describe, expect, test } from "vitest";
import { sendJSON } from "../support/authServer.js";
import { expectWarning, ignoreRenderErrors } from "../support/expectWarning.js";
import { failure } from "../support/failure.js";
import { renderRecorded } from "../support/frames.js";
import { setup } from "../support/setup.js";

interface Reply {
  path: string;
}

const orders = (auth: Auth) =>
  authedQueryOptions<Reply>(auth, { queryKey: ["orders"], request: "/orders" });

const pages = (auth: Auth) =>
  authedInfiniteQueryOptions(auth, {
    queryKey: ["pages"],
    request: (page: number) => ({ url: `/pages/${page}` }),
    initialPageParam: 1,
    getNextPageParam: (_: Reply, all: Reply[]) => (all.length < 2 ? all.length + 1 : undefined),
  });

describe("outside React", () => {
  test("a loader gets the response body", async () => {
    const { auth } = await setup();
    expect(await new QueryClient().fetchQuery(orders(auth))).toMatchObject({ path: "/orders" });
  });

  test("a loader waits while the session is loading", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    const client = new QueryClient();
    expect(await client.ensureQueryData(orders(auth))).toMatchObject({ path: "/orders" });
    expect(server.requests.map(({ path }) => path)).toEqual(["/auth/refresh", "/orders"]);
  });

  test("signed out it rejects signed_out at once, and sends nothing", async () => {
    const { server, auth } = await setup({ signedIn: false });
    const error = await failure(new QueryClient().fetchQuery(orders(auth)));
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ code: "signed_out" });
    expect(server.received("/orders")).toBe(0);
  });

  test("a prefetch that is cancelled aborts the request on the wire", async () => {
    const { server, auth } = await setup();
    server.on("/orders", () => {});
    const client = new QueryClient();
    void client.prefetchQuery(orders(auth));
    await waitFor(() => expect(server.received("/orders")).toBe(1));
    await client.cancelQueries();
    await waitFor(() => expect(server.requests.at(-1)?.aborted).toBe(true));
  });

  test.each([
    ["the options'", { retry: 1 }, {}, 2],
    ["the client's default", {}, { retry: 2 }, 3],
    ["the client's default for the key", {}, { retry: 2, forKey: 0 }, 1],
    ["three", {}, {}, 4],
  ])(
    "retries as often as %s `retry` says",
    async (_, given, { retry, forKey }: Defaults, times) => {
      const { server, auth } = await setup();
      server.on("/orders", (__, response) => sendJSON(response, 500, {}));
      const client = new QueryClient({
        defaultOptions: { queries: { retryDelay: 0, ...(retry !== undefined && { retry }) } },
      });
      if (forKey !== undefined) client.setQueryDefaults(["orders"], { retry: forKey });
      const options = { queryKey: ["orders"], request: "/orders", ...given };
      await failure(client.fetchQuery(authedQueryOptions(auth, options)));
      expect(server.received("/orders")).toBe(times);
    },
  );

  interface Defaults {
    retry?: number;
    forKey?: number;
  }

  test("skipToken stays", async () => {
    const { auth } = await setup();
    const { queryFn } = authedQueryOptions(auth, { queryKey: ["a"], request: skipToken });
    expect(queryFn).toBe(skipToken);
  });

  test("the query key is exactly the user's", async () => {
    const { auth } = await setup();
    const queryKey = ["orders", { page: 1 }] as const;
    expect(authedQueryOptions(auth, { queryKey, request: "/orders" }).queryKey).toBe(queryKey);
  });
});

describe("in components", () => {
  test("useSuspenseQuery suspends while the session is loading, then shows the data", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    const Orders = () => <p>{useSuspenseQuery(orders(auth)).data.path}</p>;
    const { frames } = renderRecorded(
      auth,
      <Suspense fallback="one moment">
        <Orders />
      </Suspense>,
    );
    expect(await screen.findByText("/orders")).toBeDefined();
    expect([...new Set(frames)]).toEqual(["one moment", "/orders"]);
    expect(server.received("/orders")).toBe(1);
  });

  test("useSuspenseQuery of a visitor reaches the error boundary at once with signed_out", async () => {
    ignoreRenderErrors();
    const { server, auth } = await setup({ signedIn: false });
    const Orders = () => <p>{useSuspenseQuery(orders(auth)).data.path}</p>;
    renderRecorded(
      auth,
      <Boundary>
        <Suspense fallback="one moment">
          <Orders />
        </Suspense>
      </Boundary>,
    );
    expect(await screen.findByText("signed_out")).toBeDefined();
    expect(server.received("/orders")).toBe(0);
  });

  test("useInfiniteQuery asks page after page", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    const Pages = () => {
      const { data, fetchNextPage } = useInfiniteQuery(pages(auth));
      return (
        <button onClick={() => void fetchNextPage()}>
          {data?.pages.map(({ path }) => path).join(" ") ?? "none"}
        </button>
      );
    };
    renderRecorded(auth, <Pages />);
    act(() => {});
    const button = await screen.findByText("/pages/1");
    act(() => button.click());
    expect(await screen.findByText("/pages/1 /pages/2")).toBeDefined();
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("an infinite queryFn is given the page parameter and the axios instance", async () => {
    const { auth } = await setup();
    const options = authedInfiniteQueryOptions(auth, {
      queryKey: ["letters"],
      queryFn: async ({ api, pageParam, signal }) =>
        (await api.get<Reply>(`/letters/${pageParam}`, { signal })).data.path,
      initialPageParam: "a",
      getNextPageParam: () => null,
    });
    const data = await new QueryClient().fetchInfiniteQuery(options);
    expect(data.pages).toEqual(["/letters/a"]);
  });

  test("useQueries and usePrefetchQuery take them", async () => {
    const { server, auth } = await setup();
    const Both = () => {
      usePrefetchQuery(authedQueryOptions<Reply>(auth, { queryKey: ["ahead"], request: "/ahead" }));
      const [first, second] = useQueries({
        queries: [
          orders(auth),
          authedQueryOptions(auth, {
            queryKey: ["second"],
            queryFn: async ({ api }) => (await api.get<Reply>("/second")).data,
            select: ({ path }) => path.length,
          }),
        ],
      });
      return (
        <p>
          {first.data?.path} {second.data}
        </p>
      );
    };
    renderRecorded(auth, <Both />);
    expect(await screen.findByText("/orders 7")).toBeDefined();
    expect(server.received("/ahead")).toBe(1);
  });

  test("after a refusal they keep their data, and are asked again for the same user", async () => {
    const { server, auth } = await setup();
    const Orders = () => {
      const { data, status } = useQuery(orders(auth));
      const { isAuthenticated } = useAuth();
      return (
        <p>
          {data?.path} {status} {String(isAuthenticated)} {useIsFetching()}
        </p>
      );
    };
    renderRecorded(auth, <Orders />);
    await screen.findByText("/orders success true 0");
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    await act(() => auth.getAccessToken({ forceRefresh: true }));
    expect(screen.getByText("/orders success false 0")).toBeDefined();
    const before = server.received("/orders");
    await act(() => auth.login({ password: "right" }));
    expect(await screen.findByText("/orders success true 0")).toBeDefined();
    expect(server.received("/orders")).toBe(before + 1);
  });
});

class Boundary extends Component<{ children: ReactNode }> {
  static getDerivedStateFromError(error: unknown): { code: string } {
    return { code: error instanceof AuthError ? error.code : String(error) };
  }
  override state: { code?: string } = {};
  override render(): ReactNode {
    return this.state.code ?? this.props.children;
  }
}
