import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
  skipToken,
  useQuery,
} from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { AuthProvider } from "react-authed-query";
import { afterEach, expect, test, vi } from "vitest";
import { serveOwners } from "../support/people.js";
import { markup, pageOf } from "../support/renderedPage.js";
import { setup } from "../support/setup.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ["the session is still to be restored", false],
  ["someone is signed in already", true],
])("the first render equals the server's markup, when %s", async (_, signedIn) => {
  const { server, auth } = await setup({ signedIn });
  serveOwners(server);
  if (!signedIn) server.signInBefore();
  const mismatches: unknown[] = [];
  vi.spyOn(console, "error").mockImplementation((...text) => void mismatches.push(text));
  const container = document.createElement("div");
  document.body.append(container);
  container.innerHTML = markup;
  const served = container.querySelector("p");
  render(pageOf(auth), {
    container,
    hydrate: true,
    onRecoverableError: (error) => void mismatches.push(error),
  });
  await screen.findByText("welcome");
  expect(await screen.findByText("authenticated Ada false")).toBe(served);
  expect(mismatches).toEqual([]);
});

test("what was hydrated for a user goes when they sign out before the session is restored", async () => {
  const { server, auth } = await setup({ signedIn: false });
  server.signInBefore();
  server.on("POST /auth/refresh", () => {});
  const rendering = new QueryClient();
  rendering.setQueryData(["whose"], "Ada's");
  const state = dehydrate(rendering);
  const Whose = () => <p>{useQuery<string>({ queryKey: ["whose"], queryFn: skipToken }).data}</p>;
  const queryClient = new QueryClient();
  render(
    <QueryClientProvider client={queryClient}>
      <HydrationBoundary state={state}>
        <AuthProvider auth={auth}>
          <Whose />
        </AuthProvider>
      </HydrationBoundary>
    </QueryClientProvider>,
  );
  await screen.findByText("Ada's");
  act(() => void auth.logout());
  expect(screen.queryByText("Ada's")).toBeNull();
  expect(queryClient.getQueryData(["whose"])).toBeUndefined();
});
