import { keepPreviousData, QueryClient, skipToken, type Query } from "@tanstack/react-query";
import type { AxiosInstance } from "axios";
import { useAuth, useAuthedQuery, type AuthState } from "react-authed-query";
import { describe, expectTypeOf, test } from "vitest";

interface Order {
  id: number;
}

describe("useAuthedQuery", () => {
  test("the one generic types the data", () => {
    const { data } = useAuthedQuery<Order[]>({ queryKey: ["orders"], request: "/orders" });
    expectTypeOf(data).toEqualTypeOf<Order[] | undefined>();
  });

  test("without one the data is unknown", () => {
    const { data } = useAuthedQuery({ queryKey: ["orders"], request: "/orders" });
    expectTypeOf(data).toEqualTypeOf<unknown>();
  });

  test("an annotated `select` lets all be inferred", () => {
    const { data } = useAuthedQuery({
      queryKey: ["orders"],
      request: "/orders",
      select: (orders: Order[]) => orders.length,
    });
    expectTypeOf(data).toEqualTypeOf<number | undefined>();
  });

  test("`select` after a queryFn needs no annotation", () => {
    const { data } = useAuthedQuery({
      queryKey: ["orders"],
      queryFn: async ({ api }) => (await api.get<Order[]>("/orders")).data,
      select: (orders) => orders.map(({ id }) => id),
    });
    expectTypeOf(data).toEqualTypeOf<number[] | undefined>();
  });

  test("a queryFn's result types the data, and its context has `api`", () => {
    const { data } = useAuthedQuery({
      queryKey: ["orders", 1] as const,
      queryFn: async ({ api, queryKey, signal, meta, client }) => {
        expectTypeOf(api).toEqualTypeOf<AxiosInstance>();
        expectTypeOf(queryKey).toEqualTypeOf<readonly ["orders", 1]>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(meta).toEqualTypeOf<Record<string, unknown> | undefined>();
        expectTypeOf(client).toEqualTypeOf<QueryClient>();
        return (await api.get<Order>("/orders/1")).data;
      },
    });
    expectTypeOf(data).toEqualTypeOf<Order | undefined>();
  });

  test("initialData makes the data defined, a function too", () => {
    const { data } = useAuthedQuery<Order[]>({
      queryKey: ["orders"],
      request: "/orders",
      initialData: [],
    });
    expectTypeOf(data).toEqualTypeOf<Order[]>();
    const { data: count } = useAuthedQuery({
      queryKey: ["orders"],
      queryFn: async ({ api }) => (await api.get<Order[]>("/orders")).data,
      initialData: () => [{ id: 1 }],
      select: (orders) => orders.length,
    });
    expectTypeOf(count).toEqualTypeOf<number>();
  });

  test("initialData that may be undefined does not", () => {
    const cached = (): Order[] | undefined => undefined;
    const { data } = useAuthedQuery<Order[]>({
      queryKey: ["orders"],
      request: "/orders",
      initialData: cached,
    });
    expectTypeOf(data).toEqualTypeOf<Order[] | undefined>();
  });

  test("`status` narrows the data", () => {
    const orders = useAuthedQuery<Order[]>({ queryKey: ["orders"], request: "/orders" });
    if (orders.isSuccess) expectTypeOf(orders.data).toEqualTypeOf<Order[]>();
  });

  test("request may be a config or skipToken, also one of the two", () => {
    useAuthedQuery({ queryKey: ["a"], request: { url: "/a", params: { page: 1 } } });
    useAuthedQuery({ queryKey: ["a"], request: skipToken });
    const { data } = useAuthedQuery<Order>({
      queryKey: ["a"],
      request: Math.random() > 0.5 ? "/a" : skipToken,
    });
    expectTypeOf(data).toEqualTypeOf<Order | undefined>();
    const maybe = useAuthedQuery({
      queryKey: ["a"],
      queryFn: Math.random() > 0.5 ? () => Promise.resolve({ id: 1 }) : skipToken,
    });
    expectTypeOf(maybe.data).toEqualTypeOf<Order | undefined>();
  });

  test("takes the other options of useQuery, typed", () => {
    useAuthedQuery<Order[]>({
      queryKey: ["orders"],
      request: "/orders",
      enabled: (query) => {
        expectTypeOf(query).toExtend<Query<Order[], Error, Order[]>>();
        return query.state.data === undefined;
      },
      placeholderData: keepPreviousData,
      throwOnError: (error, query) => {
        expectTypeOf(error).toEqualTypeOf<Error>();
        expectTypeOf(query.state.data).toEqualTypeOf<Order[] | undefined>();
        return false;
      },
      retry: (failureCount, error) => failureCount < 2 && error.message !== "",
      refetchInterval: (query) => (query.state.data?.length ? 1000 : false),
      meta: { public: true },
      staleTime: "static",
      notifyOnChangeProps: ["data"],
      structuralSharing: false,
      subscribed: true,
    });
    useAuthedQuery<Order[]>({
      queryKey: ["orders"],
      request: "/orders",
      placeholderData: (previous) => {
        expectTypeOf(previous).toEqualTypeOf<Order[] | undefined>();
        return previous;
      },
    });
  });

  test("the error may be another type", () => {
    const { error } = useAuthedQuery<Order[], TypeError>({ queryKey: ["a"], request: "/a" });
    expectTypeOf(error).toEqualTypeOf<TypeError | null>();
  });

  test("takes a query client as useQuery does", () => {
    useAuthedQuery({ queryKey: ["a"], request: "/a" }, new QueryClient());
  });

  test("what does not fit does not compile", () => {
    // @ts-expect-error request and queryFn
    useAuthedQuery({ queryKey: ["a"], request: "/a", queryFn: () => 1 });
    // @ts-expect-error neither
    useAuthedQuery({ queryKey: ["a"] });
    // @ts-expect-error no key
    useAuthedQuery({ request: "/a" });
    // @ts-expect-error a misspelt option
    useAuthedQuery({ queryKey: ["a"], request: "/a", enable: true });
    // @ts-expect-error a request config that is none
    useAuthedQuery({ queryKey: ["a"], request: { path: "/a" } });
    // @ts-expect-error placeholderData of another type
    useAuthedQuery<Order[]>({ queryKey: ["a"], request: "/a", placeholderData: "none" });
    // @ts-expect-error initialData of another type
    useAuthedQuery<Order[]>({ queryKey: ["a"], request: "/a", initialData: "none" });
    // @ts-expect-error `suspense` is useSuspenseQuery's
    useAuthedQuery({ queryKey: ["a"], request: "/a", suspense: true });
  });
});

test("useAuth gives the state and the verbs, and no token", () => {
  const auth = useAuth();
  expectTypeOf(auth).toExtend<AuthState>();
  expectTypeOf(auth).not.toHaveProperty("token");
  expectTypeOf(auth.status).toEqualTypeOf<"loading" | "authenticated" | "unauthenticated">();
});
