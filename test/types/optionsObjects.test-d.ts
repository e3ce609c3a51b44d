import {
  infiniteQueryOptions,
  mutationOptions,
  queryOptions,
  skipToken,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useSuspenseQuery,
  type DataTag,
  type InfiniteData,
  type QueryFunction,
  type QueryKey,
  type SkipToken,
  type UseMutationOptions,
  type UseQueryOptions,
} from "@tanstack/react-query";
import {
  authedInfiniteQueryOptions,
  authedMutationOptions,
  authedQueryOptions,
  createAuth,
  useAuthedMutation,
  useAuthedQuery,
} from "react-authed-query";
import { describe, expectTypeOf, test } from "vitest";

interface Order {
  id: number;
}
interface Page {
  orders: Order[];
  next: number | undefined;
}
interface Booking {
  path: { rideId: number };
}
interface Failure {
  detail: string;
}

declare const getOrders: (signal?: AbortSignal) => Promise<Order[]>;
declare const getPage: (page: number) => Promise<Page>;
declare const book: (booking: Booking) => Promise<Order>;

const auth = createAuth();
const orders = queryOptions({ queryKey: ["orders"], queryFn: ({ signal }) => getOrders(signal) });
const authedOrders = authedQueryOptions<Order[]>(auth, { queryKey: ["o"], request: "/orders" });

describe("useAuthedQuery takes options objects", () => {
  test("of queryOptions(), as they are and with more", () => {
    expectTypeOf(useAuthedQuery(orders).data).toEqualTypeOf<Order[] | undefined>();
    const { data } = useAuthedQuery({ ...orders, select: (all) => all.length, enabled: true });
    expectTypeOf(data).toEqualTypeOf<number | undefined>();
    const { data: key } = useAuthedQuery(
      queryOptions({
        queryKey: ["orders", 1] as const,
        queryFn: ({ queryKey: [, id] }) => Promise.resolve(id),
        enabled: ({ queryKey }) => queryKey[1] > 0,
      }),
    );
    expectTypeOf(key).toEqualTypeOf<1 | undefined>();
  });

  test("of queryOptions() with initialData, which makes the data defined", () => {
    const options = queryOptions({
      queryKey: ["orders"],
      queryFn: () => getOrders(),
      initialData: [],
    });
    expectTypeOf(useAuthedQuery(options).data).toEqualTypeOf<Order[]>();
    const { data } = useAuthedQuery({ ...options, select: (all) => all.length });
    expectTypeOf(data).toEqualTypeOf<number>();
  });

  test("of queryOptions() with a `select`, skipToken, or nothing but the key", () => {
    const ids = queryOptions({
      queryKey: ["orders"],
      queryFn: () => getOrders(),
      select: (all) => all.map(({ id }) => id),
    });
    expectTypeOf(useAuthedQuery(ids).data).toEqualTypeOf<number[] | undefined>();
    const maybe = queryOptions({
      queryKey: ["orders"],
      queryFn: Math.random() > 0.5 ? () => getOrders() : skipToken,
    });
    expectTypeOf(useAuthedQuery(maybe).data).toEqualTypeOf<Order[] | undefined>();
    const byDefault = queryOptions<Order[]>({ queryKey: ["orders"] });
    expectTypeOf(useAuthedQuery(byDefault).data).toEqualTypeOf<Order[] | undefined>();
  });

  test("of authedQueryOptions(), as they are and with more", () => {
    expectTypeOf(useAuthedQuery(authedOrders).data).toEqualTypeOf<Order[] | undefined>();
    const { data } = useAuthedQuery({ ...authedOrders, select: (all) => all.length });
    expectTypeOf(data).toEqualTypeOf<number | undefined>();
    const defined = authedQueryOptions<Order[]>(auth, {
      queryKey: ["orders"],
      request: "/orders",
      initialData: [],
    });
    expectTypeOf(useAuthedQuery(defined).data).toEqualTypeOf<Order[]>();
  });

  test("that a function of the app is given", () => {
    const useOrders = (options: UseQueryOptions<Order[], Failure>) => useAuthedQuery(options);
    expectTypeOf<ReturnType<typeof useOrders>["error"]>().toEqualTypeOf<Failure | null>();
    function useAny<Data>(options: UseQueryOptions<Data>) {
      return useAuthedQuery(options).data;
    }
    expectTypeOf<ReturnType<typeof useAny<Order[]>>>().toEqualTypeOf<Order[] | undefined>();
  });
});

// As the generators write them.
type HeyApiKey = [{ _id: string; baseUrl?: string; query?: { page?: number } }];
declare const heyApiKey: () => HeyApiKey;
const heyApi = queryOptions<Order[], Failure, Order[], ReturnType<typeof heyApiKey>>({
  queryFn: async ({ queryKey: [key], signal }) => getOrders(key.query ? signal : undefined),
  queryKey: heyApiKey(),
});
const heyApiPages = infiniteQueryOptions<
  Page,
  Failure,
  InfiniteData<Page>,
  HeyApiKey,
  number | Pick<HeyApiKey[0], "query">
>(
  // @ts-ignore -- As it is generated: the app adds what is missing.
  { queryFn: async ({ pageParam }) => getPage(Number(pageParam)), queryKey: heyApiKey() },
) as unknown as Omit<
  ReturnType<
    typeof infiniteQueryOptions<
      Page,
      Failure,
      InfiniteData<Page>,
      HeyApiKey,
      number | Pick<HeyApiKey[0], "query">
    >
  >,
  "initialData"
>;
declare const heyApiBooking: () => UseMutationOptions<Order, Failure, Booking>;

declare const orval: <TData = Order[], TError = Failure>() => UseQueryOptions<
  Order[],
  TError,
  TData
> & { queryKey: DataTag<QueryKey, TData, TError> };
declare const olderOrval: () => UseQueryOptions<Order[], Failure> & { queryKey: QueryKey };
declare const orvalBooking: <TContext = unknown>() => UseMutationOptions<
  Order,
  Failure,
  { data: Booking },
  TContext
>;

type OpenapiKey = readonly ["get", "/orders"];
declare const openapi: Omit<UseQueryOptions<Order[], Failure, Order[], OpenapiKey>, "queryFn"> & {
  queryFn: Exclude<
    UseQueryOptions<Order[], Failure, Order[], OpenapiKey>["queryFn"],
    SkipToken | undefined
  >;
};

const plain = {
  queryKey: ["orders"] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => getOrders(signal),
};
const typed: { queryKey: string[]; queryFn: QueryFunction<Order[], string[]> } = {
  queryKey: ["orders"],
  queryFn: () => getOrders(),
};

describe("generated options", () => {
  test("of queries", () => {
    expectTypeOf(useAuthedQuery(heyApi).data).toEqualTypeOf<Order[] | undefined>();
    expectTypeOf(useAuthedQuery(heyApi).error).toEqualTypeOf<Failure | null>();
    expectTypeOf(useAuthedQuery(orval()).data).toEqualTypeOf<Order[] | undefined>();
    expectTypeOf(useAuthedQuery(orval()).error).toEqualTypeOf<Failure | null>();
    expectTypeOf(useAuthedQuery(olderOrval()).data).toEqualTypeOf<Order[] | undefined>();
    expectTypeOf(useAuthedQuery(openapi).data).toEqualTypeOf<Order[] | undefined>();
    expectTypeOf(useAuthedQuery(plain).data).toEqualTypeOf<Order[] | undefined>();
    expectTypeOf(useAuthedQuery(typed).data).toEqualTypeOf<Order[] | undefined>();
  });

  test("of queries, with more", () => {
    const select = (all: Order[]) => all.length;
    expectTypeOf(useAuthedQuery({ ...heyApi, select }).data).toEqualTypeOf<number | undefined>();
    expectTypeOf(useAuthedQuery({ ...openapi, select }).data).toEqualTypeOf<number | undefined>();
    const { data } = useAuthedQuery({ ...orval(), select: (all) => all.length, enabled: false });
    expectTypeOf(data).toEqualTypeOf<number | undefined>();
  });

  test("of queries and infinite queries, for hooks that are not ours", () => {
    expectTypeOf(useSuspenseQuery(authedQueryOptions(auth, heyApi)).data).toEqualTypeOf<Order[]>();
    expectTypeOf(useQuery(authedQueryOptions(auth, orval())).data).toEqualTypeOf<
      Order[] | undefined
    >();
    const pages = authedInfiniteQueryOptions(auth, {
      ...heyApiPages,
      initialPageParam: 1,
      getNextPageParam: ({ next }) => next,
    });
    expectTypeOf(useInfiniteQuery(pages).data).toEqualTypeOf<InfiniteData<Page> | undefined>();
    const own = infiniteQueryOptions({
      queryKey: ["pages"],
      queryFn: ({ pageParam }) => getPage(pageParam),
      initialPageParam: 1,
      getNextPageParam: ({ next }) => next,
    });
    expectTypeOf(useInfiniteQuery(authedInfiniteQueryOptions(auth, own)).data).toEqualTypeOf<
      InfiniteData<Page> | undefined
    >();
  });

  test("of mutations", () => {
    const { data, error, mutate } = useAuthedMutation(heyApiBooking());
    expectTypeOf(data).toEqualTypeOf<Order | undefined>();
    expectTypeOf(error).toEqualTypeOf<Failure | null>();
    expectTypeOf(mutate).parameter(0).toEqualTypeOf<Booking>();
    const { mutate: send } = useAuthedMutation({ ...orvalBooking(), onSuccess: ({ id }) => id });
    expectTypeOf(send).parameter(0).toEqualTypeOf<{ data: Booking }>();
  });
});

describe("useAuthedMutation takes options objects", () => {
  test("of mutationOptions(), as they are and with more", () => {
    const { data, mutate } = useAuthedMutation(mutationOptions({ mutationFn: book }));
    expectTypeOf(data).toEqualTypeOf<Order | undefined>();
    expectTypeOf(mutate).parameter(0).toEqualTypeOf<Booking>();
    const keyed = mutationOptions({ mutationKey: ["book"], mutationFn: book });
    const { mutate: send } = useAuthedMutation({ ...keyed, onSuccess: ({ id }) => id });
    expectTypeOf(send).parameter(0).toEqualTypeOf<Booking>();
  });

  test("of authedMutationOptions()", () => {
    const options = authedMutationOptions(auth, { mutationFn: book });
    expectTypeOf(useAuthedMutation(options).data).toEqualTypeOf<Order | undefined>();
    expectTypeOf(useMutation(options).mutate).parameter(0).toEqualTypeOf<Booking>();
  });
});
