import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { AuthProvider, useAuth, useAuthedMutation } from "react-authed-query";
import { Activity, Suspense, useEffect, useLayoutEffect, useState, type ReactElement } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { recordFrames, renderRecorded } from "../../support/frames.js";
import { needActivity } from "../../support/needReact.js";
import { Authed, IfSignedIn } from "../../support/ownedData.js";
import { bob, signIn, type Owned } from "../../support/people.js";
import { pass } from "../../support/realTime.js";
import { auth, server, start } from "../../support/started.js";

function IfAda({ children }: { children: ReactElement }): ReactElement | null {
  return useAuth().user?.["name"] === "Ada" ? children : null;
}

describe("after a logout", () => {
  beforeEach(() => start());

  describe("what components write as they are unmounted", () => {
    const Draft = () => {
      const client = useQueryClient();
      useLayoutEffect(() => () => void client.setQueryData(["layout"], "Ada's"), [client]);
      useEffect(() => () => void client.setQueryData(["draft"], "Ada's"), [client]);
      return null;
    };

    test("goes too, and public data stays", async () => {
      const { queryClient } = renderRecorded(
        auth,
        <IfSignedIn>
          <Draft />
        </IfSignedIn>,
      );
      const prices = { queryKey: ["prices"], queryFn: () => 1, meta: { public: true } };
      await queryClient.prefetchQuery(prices);
      await act(() => auth.logout());
      const left = queryClient.getQueryCache().getAll();
      expect(left.map(({ queryKey }) => queryKey)).toEqual([["prices"]]);
    });

    test.each([
      ["below", false],
      ["above", true],
    ])(
      "goes without disturbing what the next user's tree is fetching under a Suspense boundary %s the provider",
      async (_, isAbove) => {
        const asked: unknown[] = [];
        const Asking = () => {
          const owner = useAuth().user?.["name"];
          const { data } = useSuspenseQuery({
            queryKey: ["asking"],
            queryFn: async ({ signal }) => {
              asked.push(owner);
              await auth.api.get("/whose", { signal });
              return `asked for ${String(owner)}`;
            },
            staleTime: Infinity,
          });
          return <p>{data}</p>;
        };
        const suspended = (children: ReactElement) => (
          <Suspense fallback="suspended">{children}</Suspense>
        );
        const provided = (children: ReactElement) => (
          <AuthProvider auth={auth}>{children}</AuthProvider>
        );
        const asking = <Asking />;
        recordFrames(isAbove ? suspended(provided(asking)) : provided(suspended(asking)));
        await screen.findByText("asked for Ada");
        await act(() => signIn(bob, auth, server));
        await screen.findByText("asked for Bob");
        expect(asked).toEqual(["Ada", "Bob"]);
      },
    );

    test("goes also where a Suspense boundary above the provider hides it first", async () => {
      const Asking = () => {
        const owner = String(useAuth().user?.["name"]);
        const { data } = useSuspenseQuery({
          queryKey: ["asking"],
          queryFn: () => pass(10).then(() => owner),
        });
        return <p>{data}</p>;
      };
      const queryClient = new QueryClient();
      recordFrames(
        <Suspense fallback="suspended">
          <AuthProvider auth={auth} queryClient={queryClient}>
            <IfAda>
              <Draft />
            </IfAda>
            <Asking />
          </AuthProvider>
        </Suspense>,
      );
      await screen.findByText("Ada");
      await act(() => signIn(bob, auth, server));
      await screen.findByText("Bob");
      const left = queryClient.getQueryCache().getAll();
      expect(left.map(({ queryKey }) => queryKey)).toEqual([["asking"]]);
    });

    test("goes also from a query that the next user's tree has filled already", async () => {
      const Page = () => {
        const name = String(useAuth().user?.["name"]);
        const client = useQueryClient();
        useState(() => client.setQueryData(["page"], `${name}'s`));
        useEffect(
          () => () => void client.setQueryData(["page"], `${name}'s draft`),
          [client, name],
        );
        return <p>page of {name}</p>;
      };
      const queryClient = new QueryClient();
      render(
        <AuthProvider auth={auth} queryClient={queryClient}>
          <Page />
        </AuthProvider>,
      );
      await act(() => signIn(bob, auth, server));
      await screen.findByText("page of Bob");
      expect(queryClient.getQueryData(["page"])).toBeUndefined();
    });

    test("goes without what the next user's tree has hydrated", async () => {
      const asked: unknown[] = [];
      const Hydrated = () => {
        const { data } = useQuery({
          queryKey: ["hydrated"],
          queryFn: () => asked.push("again"),
          staleTime: Infinity,
        });
        return <p>hydrated for {String(data)}</p>;
      };
      const Page = () => {
        const { user } = useAuth();
        const [state] = useState(() => {
          const loader = new QueryClient();
          loader.setQueryData(["hydrated"], user?.["name"]);
          return dehydrate(loader);
        });
        return (
          <HydrationBoundary state={state}>
            <Hydrated />
          </HydrationBoundary>
        );
      };
      const { frames } = renderRecorded(auth, <Page />);
      await screen.findByText("hydrated for Ada");
      frames.length = 0;
      await act(() => signIn(bob, auth, server));
      await screen.findByText("hydrated for Bob");
      expect(asked).toEqual([]);
      expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    });

    test("goes once: the next user's data stays when an <Activity> hides and shows all", async (context) => {
      needActivity(context);
      const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
      const app = (mode: "visible" | "hidden") => (
        <Activity mode={mode}>
          <AuthProvider auth={auth} queryClient={client}>
            <Authed />
          </AuthProvider>
        </Activity>
      );
      const { rerender } = recordFrames(app("visible"));
      await act(() => signIn(bob, auth, server));
      await screen.findByText("authed of Bob");
      rerender(app("hidden"));
      rerender(app("visible"));
      expect(client.getQueryData(["authed"])).toMatchObject({ owner: "Bob" });
    });
  });

  test("the rollback of an optimistic update does not bring the user's data back", async () => {
    server.on("POST /whose", () => {});
    const Optimistic = () => {
      const client = useQueryClient();
      const { mutate } = useAuthedMutation<Owned, Error, string, { before: unknown }>({
        request: () => ({ url: "/whose", method: "post" }),
        onMutate: (owner) => {
          const before = client.getQueryData(["authed"]);
          client.setQueryData(["authed"], { owner, path: "" });
          return { before };
        },
        onError: (_, __, context) => client.setQueryData(["authed"], context?.before),
      });
      return <button onClick={() => mutate("Ada's wish")}>wish</button>;
    };
    const { queryClient, frames } = renderRecorded(
      auth,
      <>
        <Authed />
        <Optimistic />
      </>,
    );
    await screen.findByText("authed of Ada");
    act(() => screen.getByText("wish").click());
    await screen.findByText("authed of Ada's wish");
    await waitFor(() => expect(server.received("POST /whose")).toBe(1));
    frames.length = 0;
    await act(() => auth.logout());
    await waitFor(() =>
      expect(
        server.requests.find(({ method, path }) => method === "POST" && path === "/whose")?.aborted,
      ).toBe(true),
    );
    await act(() => pass(20));
    expect(queryClient.getQueryData(["authed"])).toBeUndefined();
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });
});
