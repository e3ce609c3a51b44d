import { QueryClient, useQuery } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { AuthProvider, useAuth } from "react-authed-query";
import { createBrowserRouter, RouterProvider, useLoaderData } from "react-router";
import { describe, expect, test } from "vitest";
import { sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { ada, bob, serveOwners, signIn, type Owned } from "../support/people.js";
import { setup } from "../support/setup.js";

// What docs/how-it-works.md says that the library does not do. If it does one day, the page has to change.

describe("a router loader that returns a user's data", () => {
  async function open() {
    const { server, auth } = await setup({ signedIn: false });
    serveOwners(server, "/whose/1");
    await signIn(ada, auth, server);
    const loader = async () => (await auth.api.get<Owned>("/whose")).data.owner;
    function Page() {
      return <p>Of {String(useLoaderData())}</p>;
    }
    window.history.replaceState(null, "", "/");
    const router = createBrowserRouter([
      { path: "/", loader, element: <Page />, hydrateFallbackElement: <p>One moment …</p> },
    ]);
    return { server, auth, router };
  }

  test("keeps it over a switch of user", async () => {
    const { server, auth, router } = await open();
    render(
      <AuthProvider auth={auth}>
        <RouterProvider router={router} />
      </AuthProvider>,
    );
    await screen.findByText("Of Ada");
    await act(() => signIn(bob, auth, server));
    // A loader that ran again would have asked before this, and its answer be shown.
    await act(() => auth.api.get("/whose/1"));
    expect(server.received("/whose")).toBe(1);
    expect(screen.getByText("Of Ada")).toBeDefined();
  });

  test("has the next user's once onLogout has asked for it", async () => {
    const { server, auth, router } = await open();
    render(
      <AuthProvider auth={auth} onLogout={() => void router.revalidate()}>
        <RouterProvider router={router} />
      </AuthProvider>,
    );
    await screen.findByText("Of Ada");
    await act(() => signIn(bob, auth, server));
    expect(await screen.findByText("Of Bob")).toBeDefined();
  });
});

test("a plain useQuery asks where nobody is signed in, and stays failed when someone signs in", async () => {
  const { server, auth } = await setup({ signedIn: false });
  serveOwners(server);
  const queryClient = new QueryClient({ defaultOptions: { queries: { retryDelay: 0 } } });
  function Page() {
    const { status } = useAuth();
    const query = useQuery({ queryKey: ["whose"], queryFn: () => auth.api.get("/whose") });
    return <p>{`${status}, ${query.status}`}</p>;
  }
  render(
    <AuthProvider auth={auth} queryClient={queryClient}>
      <Page />
    </AuthProvider>,
  );
  await screen.findByText("unauthenticated, error");
  expect(server.received("/whose")).toBe(4);
  await act(() => signIn(bob, auth, server));
  expect(screen.getByText("authenticated, error")).toBeDefined();
  expect(server.received("/whose")).toBe(4);
});

test("after an await, what a hook gave is refused, and the rest goes on", async () => {
  const { server, auth } = await setup({ signedIn: false });
  serveOwners(server);
  await signIn(ada, auth, server);
  const queryClient = new QueryClient();
  const { promise, resolve } = deferred();
  let outcome: Promise<unknown[]> | undefined;
  function Page() {
    const { api } = useAuth();
    async function work(): Promise<unknown[]> {
      const { data } = await api.get<Owned>("/whose");
      await promise;
      queryClient.setQueryData(["whose"], data);
      const [bound, own] = await Promise.allSettled([
        api.get<Owned>("/whose"),
        auth.api.get<Owned>("/whose"),
      ]);
      return [
        bound.status === "rejected" && bound.reason,
        own.status === "fulfilled" && own.value.data,
      ];
    }
    return <button onClick={() => void (outcome = work())}>Work</button>;
  }
  render(
    <AuthProvider auth={auth} queryClient={queryClient}>
      <Page />
    </AuthProvider>,
  );
  screen.getByText("Work").click();
  await waitFor(() => expect(server.received("/whose")).toBe(1));
  await act(() => auth.api.get("/whose"));
  await act(() => signIn(bob, auth, server));
  resolve();
  const [bound, own] = (await outcome) ?? [];
  expect(bound).toMatchObject({ code: "ERR_CANCELED", cause: { code: "session_ended" } });
  expect(own).toMatchObject({ owner: "Bob" });
  expect(queryClient.getQueryData(["whose"])).toMatchObject({ owner: "Ada" });
});

test("nobody's request by `auth.api` is sent without a token", async () => {
  const { server, auth } = await setup();
  server.on("/orders", ({ token }, response) => sendJSON(response, 200, { token }));
  await auth.logout();
  expect((await auth.api.get("/orders")).data).not.toHaveProperty("token");
});
