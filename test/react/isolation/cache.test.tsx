import {
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  type UseMutationOptions,
} from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { AuthProvider, useAuthedQuery } from "react-authed-query";
import { beforeEach, describe, expect, test } from "vitest";
import { sendJSON } from "../../support/authServer.js";
import { deferred } from "../../support/deferred.js";
import { recordFrames, renderRecorded } from "../../support/frames.js";
import { Authed, IfSignedIn, Mutation } from "../../support/ownedData.js";
import type { Owned } from "../../support/people.js";
import { pass } from "../../support/realTime.js";
import { auth, server, start } from "../../support/started.js";

describe("after a logout", () => {
  beforeEach(() => start());

  test("the caches hold nothing of the user but public queries, and those go on", async () => {
    let prices = 0;
    const Prices = () => {
      const { data, refetch } = useQuery({
        queryKey: ["prices"],
        queryFn: () => Promise.resolve((prices += 1)),
        meta: { public: true },
        staleTime: Infinity,
      });
      return <button onClick={() => void refetch()}>prices {data}</button>;
    };
    const { queryClient } = renderRecorded(
      auth,
      <>
        <Authed />
        <Mutation />
        <Prices />
      </>,
    );
    act(() => screen.getByText(/mutation/).click());
    await screen.findByText("mutation of Ada Ada's");
    await screen.findByText("authed of Ada");
    await screen.findByText("prices 1");
    act(() => void auth.logout());
    expect(
      queryClient
        .getQueryCache()
        .getAll()
        .filter(({ state }) => state.data !== undefined)
        .map(({ queryKey }) => queryKey),
    ).toEqual([["prices"]]);
    expect(queryClient.getMutationCache().getAll()).toEqual([]);
    act(() => screen.getByText("prices 1").click());
    await screen.findByText("prices 2");
  });

  test("a late answer never lands, also one that no abort can stop", async () => {
    const answer = deferred<Owned>();
    const Slow = () => {
      const { data } = useQuery({ queryKey: ["slow"], queryFn: () => answer.promise });
      return <p>slow of {data?.owner ?? "nobody"}</p>;
    };
    const { queryClient, frames } = renderRecorded(
      auth,
      <IfSignedIn>
        <Slow />
      </IfSignedIn>,
    );
    await screen.findByText("slow of nobody");
    await act(() => auth.logout());
    await act(async () => answer.resolve({ owner: "Ada", path: "" }));
    expect(queryClient.getQueryData(["slow"])).toBeUndefined();
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("a query that retries with back-off asks no more", async () => {
    server.on("/whose", (_, response) => sendJSON(response, 500, {}));
    const Retrying = () => {
      const { failureCount } = useAuthedQuery({
        queryKey: ["retrying"],
        request: "/whose",
        retry: true,
        retryDelay: 50,
      });
      return <p>failed {failureCount}</p>;
    };
    renderRecorded(auth, <Retrying />);
    await screen.findByText("failed 1");
    await act(() => auth.logout());
    const before = server.received("/whose");
    await pass(120);
    expect(server.received("/whose")).toBe(before);
  });

  test.each([
    ["succeeds", 200],
    ["fails", 500],
  ])(
    "no callback of a mutation fires that %s late, whatever its hook renders",
    async (_, status) => {
      const fired: string[] = [];
      const answer = deferred();
      // Through the app's own fetch: nothing aborts it.
      let sent = 0;
      const send = () => {
        sent += 1;
        return answer.promise.then(() => (status === 200 ? "Ada's" : Promise.reject(status)));
      };
      const note = (name: string) => () => void fired.push(name);
      const queryClient = new QueryClient();
      const options: UseMutationOptions<unknown, unknown> = {
        mutationFn: send,
        onSuccess: note("onSuccess"),
        onError: note("onError"),
        onSettled: note("onSettled"),
      };
      const Saving = () => {
        const { mutate } = useMutation(options);
        return (
          <button
            onClick={() =>
              mutate(undefined, {
                onSuccess: note("mutate's onSuccess"),
                onError: note("mutate's onError"),
              })
            }
          >
            save
          </button>
        );
      };
      // Above the provider nothing is remounted: this hook renders on, and sets its options again.
      const Above = ({ turn }: { turn: number }) => {
        const { mutate, data } = useMutation({ ...options, meta: { turn } });
        const callbacks = { onSettled: note("mutate's onSettled above") };
        return (
          <button onClick={() => mutate(undefined, callbacks)}>save above {String(data)}</button>
        );
      };
      const app = (turn: number) => (
        <QueryClientProvider client={queryClient}>
          <Above turn={turn} />
          <AuthProvider auth={auth}>
            <Saving />
          </AuthProvider>
        </QueryClientProvider>
      );
      const { rerender, frames } = recordFrames(app(1));
      act(() => screen.getByText("save").click());
      act(() => screen.getByText("save above undefined").click());
      await waitFor(() => expect(sent).toBe(2));
      await act(() => auth.logout());
      rerender(app(2));
      await act(async () => answer.resolve());
      await act(() => pass(20));
      expect(fired).toEqual([]);
      expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    },
  );

  test.each([
    ["has ended: its data goes", () => Promise.resolve("Ada's"), "saved Ada's"],
    ["is under way: nobody waits for it", () => new Promise<string>(() => {}), "saving"],
  ])("a hook above the provider, whose mutation %s", async (_, mutationFn, shown) => {
    const Above = () => {
      const { mutate, data, isPending } = useMutation({ mutationFn });
      const state = isPending ? "saving" : data ? `saved ${data}` : "save";
      return <button onClick={() => mutate()}>{state}</button>;
    };
    const { frames } = recordFrames(
      <QueryClientProvider client={new QueryClient()}>
        <Above />
        <AuthProvider auth={auth} />
      </QueryClientProvider>,
    );
    act(() => screen.getByText("save").click());
    await screen.findByText(shown);
    await act(() => auth.logout());
    await waitFor(() => expect(frames.at(-1)).toBe("save"));
  });

  test("nor one of a mutation whose onSuccess is still at work", async () => {
    const work = deferred();
    const fired: string[] = [];
    const queryClient = new QueryClient();
    const Above = () => {
      const { mutate, data, isPending } = useMutation({
        mutationFn: () => Promise.resolve("Ada's"),
        onSuccess: () => work.promise,
        onSettled: () => void fired.push("onSettled"),
      });
      const callbacks = { onSuccess: () => void fired.push("mutate's onSuccess") };
      return (
        <button onClick={() => mutate(undefined, callbacks)}>
          {isPending ? "saving" : "save"} {data}
        </button>
      );
    };
    const { frames } = recordFrames(
      <QueryClientProvider client={queryClient}>
        <Above />
        <AuthProvider auth={auth}>signed in</AuthProvider>
      </QueryClientProvider>,
    );
    await act(async () => screen.getByText("save").click());
    await screen.findByText("saving");
    await act(() => auth.logout());
    await act(async () => work.resolve());
    await act(() => pass(20));
    expect(fired).toEqual([]);
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("a query that one of its observers does not call public is the user's", async () => {
    const prices = { queryKey: ["prices"], queryFn: () => "Ada's", staleTime: Infinity };
    const Own = () => <>{useQuery(prices).data}</>;
    const Public = () => <>{useQuery({ ...prices, meta: { public: true } }).data}</>;
    const { queryClient } = renderRecorded(
      auth,
      <IfSignedIn>
        <>
          <Own />
          <Public />
        </>
      </IfSignedIn>,
    );
    await screen.findByText("Ada'sAda's");
    await act(() => auth.logout());
    expect(queryClient.getQueryData(["prices"])).toBeUndefined();
  });
});
