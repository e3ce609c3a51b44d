import {
  QueryClient,
  skipToken,
  useInfiniteQuery,
  useSuspenseQuery,
  type InfiniteData,
} from "@tanstack/react-query";
import {
  authedInfiniteQueryOptions,
  authedMutationOptions,
  authedQueryOptions,
  createAuth,
  useAuthedMutation,
  useAuthedQuery,
  type Parse,
  type StandardSchema,
} from "react-authed-query";
import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";

const Order = z.object({ id: z.number(), placed: z.string().transform((text) => new Date(text)) });
type Order = z.infer<typeof Order>;
const Orders = z.array(Order);
const isOrder = (body: unknown): Order => Order.parse(body);

const auth = createAuth();

describe("`parse` types the data", () => {
  test("of a query, by a schema", () => {
    const { data } = useAuthedQuery({ queryKey: ["o"], request: "/orders", parse: Orders });
    expectTypeOf(data).toEqualTypeOf<Order[] | undefined>();
    const { data: count } = useAuthedQuery({
      queryKey: ["orders"],
      request: Math.random() > 0.5 ? "/orders" : skipToken,
      parse: Orders,
      select: (orders) => orders.length,
    });
    expectTypeOf(count).toEqualTypeOf<number | undefined>();
  });

  test("of a query, by a function, which may be asynchronous", () => {
    const { data } = useAuthedQuery({ queryKey: ["o"], request: "/orders/1", parse: isOrder });
    expectTypeOf(data).toEqualTypeOf<Order | undefined>();
    const { data: late } = useAuthedQuery({
      queryKey: ["orders", 1],
      request: "/orders/1",
      parse: async (body) => {
        expectTypeOf(body).toEqualTypeOf<unknown>();
        return isOrder(body).id;
      },
      placeholderData: 0,
    });
    expectTypeOf(late).toEqualTypeOf<number | undefined>();
  });

  test("of a query with initialData", () => {
    const { data } = useAuthedQuery({
      queryKey: ["orders"],
      request: "/orders",
      parse: Orders,
      initialData: [],
    });
    expectTypeOf(data).toEqualTypeOf<Order[]>();
  });

  test("of options, in hooks and in the cache", () => {
    const options = authedQueryOptions(auth, {
      queryKey: ["orders"],
      request: "/orders",
      parse: Orders,
    });
    expectTypeOf(useSuspenseQuery(options).data).toEqualTypeOf<Order[]>();
    expectTypeOf(new QueryClient().getQueryData(options.queryKey)).toEqualTypeOf<
      Order[] | undefined
    >();
  });

  test("of the pages of an infinite query", () => {
    const pages = authedInfiniteQueryOptions(auth, {
      queryKey: ["pages"],
      request: (page: number) => `/orders?page=${page}`,
      parse: Orders,
      initialPageParam: 1,
      getNextPageParam: (last, all) => (last.length > 0 ? all.length + 1 : null),
    });
    expectTypeOf(useInfiniteQuery(pages).data).toEqualTypeOf<InfiniteData<Order[]> | undefined>();
  });

  test("of a mutation, whose variables `request` types: no generic is needed", () => {
    const { data, mutate } = useAuthedMutation({
      request: (id: number) => `/orders/${id}`,
      parse: Order,
      onMutate: (id) => `order ${id}`,
      onSuccess: (order, id, before) => {
        expectTypeOf(order).toEqualTypeOf<Order>();
        expectTypeOf(id).toEqualTypeOf<number>();
        expectTypeOf(before).toEqualTypeOf<string>();
      },
    });
    expectTypeOf(data).toEqualTypeOf<Order | undefined>();
    expectTypeOf(mutate).parameter(0).toEqualTypeOf<number>();
    const { data: own } = useAuthedMutation({ request: () => "/orders", parse: isOrder });
    expectTypeOf(own).toEqualTypeOf<Order | undefined>();
  });

  test("of the options of a mutation", () => {
    const options = authedMutationOptions(auth, {
      mutationKey: ["order"],
      request: (id: number) => `/orders/${id}`,
      parse: Order,
    });
    const client = new QueryClient();
    client.setMutationDefaults(options.mutationKey, options);
    expectTypeOf(useAuthedMutation(options).data).toEqualTypeOf<Order | undefined>();
    const unnamed = authedMutationOptions(auth, { request: () => "/orders", parse: Order });
    expectTypeOf(useAuthedMutation(unnamed).data).toEqualTypeOf<Order | undefined>();
  });

  test("to what the one generic says, or does not compile", () => {
    useAuthedQuery<Order[]>({ queryKey: ["orders"], request: "/orders", parse: Orders });
    // @ts-expect-error of another type
    useAuthedQuery<number>({ queryKey: ["orders"], request: "/orders", parse: Orders });
    // @ts-expect-error neither a function nor a schema
    useAuthedQuery({ queryKey: ["orders"], request: "/orders", parse: {} });
  });
});

test("a schema is a StandardSchema, and either is a Parse", () => {
  expectTypeOf(Orders).toExtend<StandardSchema<Order[]>>();
  expectTypeOf(Orders).toExtend<Parse<Order[]>>();
  expectTypeOf(isOrder).toExtend<Parse<Order>>();
});
