import {
  dehydrate,
  hydrate,
  MutationCache,
  onlineManager,
  QueryClient,
  type DehydratedState,
} from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import {
  authedMutationOptions,
  AuthProvider,
  useAuthedMutation,
  type Auth,
} from "react-authed-query";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ada, bob, ownerOf, signIn } from "../support/people.js";
import { pass } from "../support/realTime.js";
import { setup, type Setup } from "../support/setup.js";

afterEach(() => {
  onlineManager.setOnline(true);
});

const booking = (by: Auth) =>
  authedMutationOptions(by, {
    mutationKey: ["book"],
    request: (id: number) => ({ url: `/bookings/${id}`, data: { id } }),
  });

describe("a mutation that was paused offline and stored is resumed", () => {
  let stored: DehydratedState;

  /** A page of the app, on which nobody is signed in yet. */
  function openPage(page: Auth): QueryClient {
    const client = new QueryClient({
      mutationCache: new MutationCache({ onError: (error) => void heard.push(error) }),
    });
    const options = booking(page);
    client.setMutationDefaults(options.mutationKey, options);
    const Book = () => {
      const { mutate, isPaused } = useAuthedMutation(booking(page));
      return <button onClick={() => mutate(7)}>{isPaused && "paused"}</button>;
    };
    render(
      <AuthProvider auth={page} queryClient={client}>
        <Book />
      </AuthProvider>,
    );
    return client;
  }

  let heard: unknown[];
  let later: Setup;

  beforeEach(async () => {
    heard = [];
    const { auth, server } = await setup({ signedIn: false });
    await signIn(ada, auth, server);
    const client = openPage(auth);
    onlineManager.setOnline(false);
    act(() => screen.getByRole("button").click());
    await screen.findByText("paused");
    // As JSON, as a store has it.
    stored = JSON.parse(JSON.stringify(dehydrate(client))) as DehydratedState;
    onlineManager.setOnline(true);
    document.body.innerHTML = "";
    later = await setup({ signedIn: false });
  });

  /** What the server of the later page received, by whom. */
  const booked = () =>
    later.server.requests
      .filter(({ path }) => path === "/bookings/7")
      .map(({ token }) => ownerOf(token ?? ""));

  async function resume(): Promise<QueryClient> {
    const client = openPage(later.auth);
    hydrate(client, stored);
    await act(() => client.resumePausedMutations());
    return client;
  }

  test("for the same user", async () => {
    await signIn(ada, later.auth, later.server);
    await resume();
    expect(booked()).toEqual(["Ada"]);
  });

  test("for the same user, once the session is restored", async () => {
    later.server.signInBefore();
    await resume();
    expect(booked()).toEqual(["Ada"]);
  });

  test.each<[string, () => unknown]>([
    ["another user", () => signIn(bob, later.auth, later.server)],
    [
      "another user whose session is being restored",
      () => {
        later.server.tokens.claims = bob;
        later.server.signInBefore();
      },
    ],
    ["a visitor", () => later.auth.ready()],
  ])("and for %s it ends, and nobody hears of it", async (_, arrive) => {
    await arrive();
    const client = await resume();
    await act(() => pass(20));
    expect(booked()).toEqual([]);
    expect(client.getMutationCache().getAll()).toEqual([]);
    expect(heard).toEqual([]);
  });
});
