import { QueryClient, type UseMutationResult } from "@tanstack/react-query";
import type { AxiosInstance } from "axios";
import { useAuthedMutation } from "react-authed-query";
import { describe, expectTypeOf, test } from "vitest";

interface Receipt {
  id: number;
}

describe("useAuthedMutation", () => {
  test("generics type the data and the variables", () => {
    const { data, mutate, error } = useAuthedMutation<Receipt, Error, string>({
      request: (ride) => {
        expectTypeOf(ride).toEqualTypeOf<string>();
        return { url: "/bookings", data: { ride } };
      },
    });
    expectTypeOf(data).toEqualTypeOf<Receipt | undefined>();
    expectTypeOf(error).toEqualTypeOf<Error | null>();
    expectTypeOf(mutate).parameter(0).toEqualTypeOf<string>();
  });

  test("an annotated variable is inferred", () => {
    const { mutate, data } = useAuthedMutation({ request: (id: number) => `/touch/${id}` });
    expectTypeOf(mutate).parameter(0).toEqualTypeOf<number>();
    expectTypeOf(data).toEqualTypeOf<unknown>();
  });

  test("an annotated onSuccess lets the data be inferred", () => {
    const { data } = useAuthedMutation({
      request: (id: number) => `/touch/${id}`,
      onSuccess: (receipt: Receipt) => receipt.id,
    });
    expectTypeOf(data).toEqualTypeOf<Receipt | undefined>();
  });

  test("a mutationFn types all, and its context has `api`", () => {
    const result = useAuthedMutation({
      mutationFn: async (id: number, { api, client, meta }) => {
        expectTypeOf(api).toEqualTypeOf<AxiosInstance>();
        expectTypeOf(client).toEqualTypeOf<QueryClient>();
        expectTypeOf(meta).toEqualTypeOf<Record<string, unknown> | undefined>();
        return (await api.post<Receipt>("/bookings", { id })).data;
      },
      onMutate: () => ({ before: 1 }),
      onError: (_error, id, context) => {
        expectTypeOf(id).toEqualTypeOf<number>();
        expectTypeOf(context).toEqualTypeOf<{ before: number } | undefined>();
      },
    });
    expectTypeOf(result).toEqualTypeOf<
      UseMutationResult<Receipt, Error, number, { before: number }>
    >();
  });

  test("without variables mutate() takes none", () => {
    const { mutate } = useAuthedMutation({ request: () => "/touch" });
    mutate();
    // @ts-expect-error none is taken
    mutate(1);
  });

  test("takes a query client as useMutation does", () => {
    useAuthedMutation({ request: () => "/touch" }, new QueryClient());
  });

  test("what does not fit does not compile", () => {
    // @ts-expect-error request and mutationFn
    useAuthedMutation({ request: () => "/a", mutationFn: () => Promise.resolve(1) });
    // @ts-expect-error neither
    useAuthedMutation({});
    // @ts-expect-error a request is a function
    useAuthedMutation({ request: "/a" });
    // @ts-expect-error a misspelt option
    useAuthedMutation({ request: () => "/a", onSucces: () => {} });
  });
});
