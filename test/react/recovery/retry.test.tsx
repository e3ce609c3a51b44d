import { QueryClient, useInfiniteQuery } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { authedInfiniteQueryOptions, useAuthedMutation, useAuthedQuery } from "react-authed-query";
import { describe, expect, test, vi } from "vitest";
import { expectWarning } from "../../support/expectWarning.js";
import { failure } from "../../support/failure.js";
import {
  auth,
  breakDown,
  clock,
  codeOf,
  options,
  Orders,
  passSeconds,
  prepareOutage,
  server,
  show,
  type Reply,
  refreshes,
} from "../../support/outage.js";
import { pass } from "../../support/realTime.js";
import { renderWithAuth } from "../../support/renderWithAuth.js";

prepareOutage();

describe("a query whose refresh is unavailable", () => {
  test("is tried again at `retryAt`, as often as `retry` says, and never in between", async () => {
    breakDown();
    renderWithAuth(auth, <Orders />);
    for (let tries = 1; tries <= 4; tries += 1) {
      await waitFor(() => expect(server.received("/orders")).toBe(tries));
      await waitFor(() => expect(server.received(refreshes)).toBe(tries));
      if (tries === 4) break;
      await passSeconds(11.9);
      expect(screen.getByText(`pending fetching ${tries}`)).toBeDefined();
      expect(server.received("/orders")).toBe(tries);
      await passSeconds(0.1);
    }
    expect(await screen.findByText("error idle 4 unavailable")).toBeDefined();
  });

  test("waits for a longer `retryDelay` of the user's", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
    try {
      breakDown(1);
      const Slow = () => (
        <p>
          {show(
            useAuthedQuery<Reply>({ queryKey: ["orders"], request: "/orders", retryDelay: 60_000 }),
          )}
        </p>
      );
      renderWithAuth(auth, <Slow />);
      await screen.findByText("pending fetching 1");
      await passSeconds(1);
      expect(server.received("/orders")).toBe(1);
      await act(() => vi.advanceTimersByTimeAsync(60_000));
      await waitFor(() => expect(server.received("/orders")).toBe(2));
    } finally {
      vi.useRealTimers();
    }
  });

  test("goes on at once when another request brings the token back before", async () => {
    breakDown(300);
    renderWithAuth(auth, <Orders />);
    await screen.findByText("pending fetching 1");
    server.off(refreshes);
    await act(() => auth.login({ password: "right" }));
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  test("goes on at once when the network is back before", async () => {
    server.expireTokens();
    server.on(refreshes, (_, response) => void response.destroy());
    expectWarning(/gave no answer that scripts may see/);
    renderWithAuth(auth, <Orders retry />);
    await screen.findByText("pending fetching 1");
    server.off(refreshes);
    await act(async () => clock.wake());
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
  });

  test("waits also if it is kept under a hash of the user's", async () => {
    breakDown();
    const Hashed = () => {
      const queryKeyHashFn = () => "hashed";
      const request = "/orders";
      return (
        <p>
          {show(
            useAuthedQuery<Reply>({ queryKey: ["orders"], queryKeyHashFn, request, retry: true }),
          )}
        </p>
      );
    };
    renderWithAuth(auth, <Hashed />);
    await screen.findByText("pending fetching 1");
    await act(() => pass(30));
    expect(server.received("/orders")).toBe(1);
  });

  test("sends nothing more once it is unmounted", async () => {
    breakDown();
    const { unmount } = renderWithAuth(auth, <Orders />);
    await screen.findByText("pending fetching 1");
    unmount();
    await passSeconds(60);
    expect(server.received("/orders")).toBe(1);
    expect(server.received(refreshes)).toBe(1);
  });

  test("in a loader waits too", async () => {
    breakDown();
    const loaded = new QueryClient().fetchQuery({ ...options(1), retryDelay: 0 });
    await waitFor(() => expect(server.received(refreshes)).toBe(1));
    await pass(30);
    expect(server.received("/orders")).toBe(1);
    server.off(refreshes);
    await clock.advance(12_000);
    expect(await loaded).toMatchObject({ path: "/orders" });
  });

  test("in a loader fails at once without `retry`", async () => {
    breakDown();
    expect(codeOf(await failure(new QueryClient().fetchQuery(options())))).toBe("unavailable");
  });

  test("page by page: an infinite query waits too", async () => {
    breakDown();
    const Pages = () => {
      const pages = useInfiniteQuery(
        authedInfiniteQueryOptions<Reply>(auth, {
          queryKey: ["pages"],
          request: (page) => `/pages/${String(page)}`,
          initialPageParam: 1,
          getNextPageParam: () => null,
        }),
      );
      return <p>{show({ ...pages, data: pages.data?.pages[0] })}</p>;
    };
    renderWithAuth(auth, <Pages />);
    await screen.findByText("pending fetching 1");
    await act(() => pass(30));
    expect(server.received("/pages/1")).toBe(1);
    server.off(refreshes);
    await passSeconds(12);
    expect(await screen.findByText("success idle 0 /pages/1")).toBeDefined();
  });

  test("a mutation is retried only as its `retry` says, and waits too", async () => {
    breakDown();
    const Booking = () => {
      const book = useAuthedMutation<Reply>({
        request: () => "/bookings",
        retry: 1,
        retryDelay: 0,
      });
      return (
        <button onClick={() => book.mutate()}>
          {book.status} {book.failureCount} {codeOf(book.error)}
        </button>
      );
    };
    renderWithAuth(auth, <Booking />);
    act(() => screen.getByRole("button").click());
    await screen.findByText("pending 1");
    await act(() => pass(30));
    expect(server.received("/bookings")).toBe(1);
    await passSeconds(12);
    expect(await screen.findByText("error 2 unavailable")).toBeDefined();
    expect(server.received("/bookings")).toBe(2);
    server.off(refreshes);
    await act(() => auth.login({ password: "right" }));
    await passSeconds(60);
    expect(server.received("/bookings")).toBe(2);
  });
});
