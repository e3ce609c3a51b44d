import {
  MutationCache,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
} from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { AuthProvider, useApi } from "react-authed-query";
import { beforeEach, describe, expect, test } from "vitest";
import { bob, signIn, type Owned } from "../../support/people.js";
import { pass } from "../../support/realTime.js";
import { auth, server, start } from "../../support/started.js";

let toasts: unknown[];
let client: QueryClient;

beforeEach(async () => {
  await start();
  toasts = [];
  const onError = (error: unknown) => void toasts.push(error);
  client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
  });
});

describe("what a closure of the first user asks too late leaves no trace, and no toast", () => {
  test("a refetch of useQuery through useApi(): the next user's query of the same key is as it was", async () => {
    const late: (() => Promise<unknown>)[] = [];
    const Whose = () => {
      const api = useApi();
      const { data, status, refetch } = useQuery({
        queryKey: ["whose"],
        queryFn: async () => (await api.get<Owned>("/whose")).data,
        retry: false,
      });
      late.push(refetch);
      return <p>{`${status} ${data?.owner}`}</p>;
    };
    render(
      <AuthProvider auth={auth} queryClient={client}>
        <Whose />
      </AuthProvider>,
    );
    await screen.findByText("success Ada");
    await act(() => signIn(bob, auth, server));
    await screen.findByText("success Bob");
    await act(async () => void (await late[0]?.()));
    await act(() => pass(20));
    expect(screen.getByText(/success|error/).textContent).toBe("success Bob");
    expect(toasts).toEqual([]);
  });

  test("a mutation whose function wraps errors", async () => {
    let late: ((text: string) => Promise<unknown>) | undefined;
    const Form = () => {
      const api = useApi();
      const { mutateAsync } = useMutation({
        mutationFn: (text: string) =>
          api.post("/draft", text).catch((cause: unknown) => {
            throw new Error("cannot save", { cause });
          }),
      });
      late ??= mutateAsync;
      return null;
    };
    render(
      <AuthProvider auth={auth} queryClient={client}>
        <Form />
      </AuthProvider>,
    );
    await act(() => signIn(bob, auth, server));
    await act(async () => void (await late?.("Ada's").catch(() => {})));
    await act(() => pass(20));
    expect(toasts).toEqual([]);
    expect(client.getMutationCache().getAll()).toEqual([]);
  });
});
