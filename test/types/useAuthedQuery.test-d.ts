import { skipToken } from "@tanstack/react-query";
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

  test("an annotated `select` lets all be inferred", () => {
    const { data } = useAuthedQuery({
      queryKey: ["orders"],
      request: "/orders",
      select: (orders: Order[]) => orders.length,
    });
    expectTypeOf(data).toEqualTypeOf<number | undefined>();
  });

  test("a queryFn's result types the data, and its context has `api`", () => {
    const { data } = useAuthedQuery({
      queryKey: ["orders", 1] as const,
      queryFn: async ({ api, queryKey, signal }) => {
        expectTypeOf(queryKey).toEqualTypeOf<readonly ["orders", 1]>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return (await api.get<Order>("/orders/1")).data;
      },
    });
    expectTypeOf(data).toEqualTypeOf<Order | undefined>();
  });

  test("initialData makes the data defined", () => {
    const { data } = useAuthedQuery<Order[]>({
      queryKey: ["orders"],
      request: "/orders",
      initialData: [],
    });
    expectTypeOf(data).toEqualTypeOf<Order[]>();
  });

  test("request may be a config or skipToken", () => {
    useAuthedQuery({ queryKey: ["a"], request: { url: "/a", params: { page: 1 } } });
    useAuthedQuery({ queryKey: ["a"], request: skipToken });
  });

  test("request and queryFn together, or neither, do not compile", () => {
    // @ts-expect-error both
    useAuthedQuery({ queryKey: ["a"], request: "/a", queryFn: () => 1 });
    // @ts-expect-error neither
    useAuthedQuery({ queryKey: ["a"] });
  });
});

test("useAuth gives the state and the verbs, and no token", () => {
  const auth = useAuth();
  expectTypeOf(auth).toExtend<AuthState>();
  expectTypeOf(auth).not.toHaveProperty("token");
  expectTypeOf(auth.status).toEqualTypeOf<"loading" | "authenticated" | "unauthenticated">();
});
