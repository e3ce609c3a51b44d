import {
  QueryClient,
  skipToken,
  useInfiniteQuery,
  usePrefetchQuery,
  useQueries,
  useQuery,
  useSuspenseInfiniteQuery,
  useSuspenseQuery,
  type InfiniteData,
} from "@tanstack/react-query";
import type { AxiosInstance } from "axios";
import { authedInfiniteQueryOptions, authedQueryOptions, createAuth } from "react-authed-query";
import { describe, expectTypeOf, test } from "vitest";

interface Order {
  id: number;
}
interface Page {
  orders: Order[];
  next: number | undefined;
}

const auth = createAuth();
const client = new QueryClient();

describe("authedQueryOptions", () => {
  const orders = authedQueryOptions<Order[]>(auth, { queryKey: ["orders"], request: "/orders" });

  test("types the data in every hook, in loaders, and in the cache by its key", async () => {
    expectTypeOf(useQuery(orders).data).toEqualTypeOf<Order[] | undefined>();
    expectTypeOf(useSuspenseQuery(orders).data).toEqualTypeOf<Order[]>();
    const [first] = useQueries({ queries: [orders] });
    expectTypeOf(first.data).toEqualTypeOf<Order[] | undefined>();
    usePrefetchQuery(orders);
    expectTypeOf(await client.fetchQuery(orders)).toEqualTypeOf<Order[]>();
    expectTypeOf(await client.ensureQueryData(orders)).toEqualTypeOf<Order[]>();
    expectTypeOf(client.getQueryData(orders.queryKey)).toEqualTypeOf<Order[] | undefined>();
  });

  test("infers from a queryFn, its key, and `select`", () => {
    const count = authedQueryOptions(auth, {
      queryKey: ["orders", 1] as const,
      queryFn: async ({ api, queryKey }) => {
        expectTypeOf(api).toEqualTypeOf<AxiosInstance>();
        expectTypeOf(queryKey).toEqualTypeOf<readonly ["orders", 1]>();
        return (await api.get<Order[]>("/orders")).data;
      },
      select: (all) => all.length,
    });
    expectTypeOf(useQuery(count).data).toEqualTypeOf<number | undefined>();
    expectTypeOf(useSuspenseQuery(count).data).toEqualTypeOf<number>();
    expectTypeOf(client.getQueryData(count.queryKey)).toEqualTypeOf<Order[] | undefined>();
  });

  test("initialData makes the data defined", () => {
    const options = authedQueryOptions<Order[]>(auth, {
      queryKey: ["orders"],
      request: "/orders",
      initialData: [],
    });
    expectTypeOf(useQuery(options).data).toEqualTypeOf<Order[]>();
  });

  test("skipToken is for useQuery, not for useSuspenseQuery", () => {
    const options = authedQueryOptions<Order>(auth, {
      queryKey: ["order"],
      request: Math.random() > 0.5 ? "/order" : skipToken,
    });
    expectTypeOf(useQuery(options).data).toEqualTypeOf<Order | undefined>();
    // @ts-expect-error a suspended query cannot be skipped
    useSuspenseQuery(options);
  });

  test("what does not fit does not compile", () => {
    // @ts-expect-error request and queryFn
    authedQueryOptions(auth, { queryKey: ["a"], request: "/a", queryFn: () => 1 });
    // @ts-expect-error neither
    authedQueryOptions(auth, { queryKey: ["a"] });
    // @ts-expect-error no Auth
    authedQueryOptions({ queryKey: ["a"], request: "/a" });
  });
});

describe("authedInfiniteQueryOptions", () => {
  test("the page parameter and the page type all", async () => {
    const pages = authedInfiniteQueryOptions(auth, {
      queryKey: ["pages"],
      request: (page: number) => ({ url: "/orders", params: { page } }),
      initialPageParam: 1,
      getNextPageParam: (last: Page) => last.next,
    });
    expectTypeOf(useInfiniteQuery(pages).data).toEqualTypeOf<InfiniteData<Page> | undefined>();
    expectTypeOf(useSuspenseInfiniteQuery(pages).data).toEqualTypeOf<InfiniteData<Page>>();
    expectTypeOf((await client.fetchInfiniteQuery(pages)).pages).toEqualTypeOf<Page[]>();
    expectTypeOf(client.getQueryData(pages.queryKey)?.pages).toEqualTypeOf<Page[] | undefined>();
  });

  test("a queryFn is given the page parameter, typed", () => {
    const pages = authedInfiniteQueryOptions(auth, {
      queryKey: ["pages"],
      queryFn: async ({ api, pageParam }) => {
        expectTypeOf(pageParam).toEqualTypeOf<number>();
        return (await api.get<Page>(`/orders?page=${pageParam}`)).data;
      },
      initialPageParam: 1,
      getNextPageParam: (last) => last.next,
      select: ({ pages: all }) => all.flatMap(({ orders }) => orders),
    });
    expectTypeOf(useInfiniteQuery(pages).data).toEqualTypeOf<Order[] | undefined>();
  });

  test("what does not fit does not compile", () => {
    authedInfiniteQueryOptions(auth, {
      queryKey: ["pages"],
      // @ts-expect-error every page needs its own request
      request: "/orders",
      initialPageParam: 1,
      getNextPageParam: () => null,
    });
    // @ts-expect-error no page to start with
    authedInfiniteQueryOptions(auth, {
      queryKey: ["pages"],
      request: (page: number) => `/orders/${page}`,
      getNextPageParam: () => null,
    });
  });
});
