import {
  QueryClient,
  QueryErrorResetBoundary,
  useInfiniteQuery,
  useQuery,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import type { AxiosInstance } from "axios";
import {
  authedInfiniteQueryOptions,
  authedQueryOptions,
  AuthError,
  AuthProvider,
  useAuthedMutation,
  useAuthedQuery,
  type Auth,
} from "react-authed-query";
import { Component, Suspense, useState, type ReactElement, type ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { answer, hang } from "../support/answers.js";
import { deferred } from "../support/deferred.js";
import { expectWarning } from "../support/expectWarning.js";
import { failure } from "../support/failure.js";
import { renderWithAuth } from "../support/renderWithAuth.js";
import { pass } from "../support/realTime.js";
import { setup, type Setup } from "../support/setup.js";
import { twoSignedIn } from "../support/tabbedBrowser.js";

afterEach(() => {
  vi.restoreAllMocks();
});

let server: Setup["server"];
let auth: Setup["auth"];
let clock: Setup["clock"];

beforeEach(async () => {
  ({ server, auth, clock } = await setup({ refreshTimeoutMs: 1000 }));
});

const refreshes = "POST /auth/refresh";

interface Reply {
  path: string;
}

interface Shown {
  data?: Reply | undefined;
  error: unknown;
  failureCount: number;
  fetchStatus: string;
  status: string;
}

const show = ({ data, error, failureCount, fetchStatus, status }: Shown) =>
  `${status} ${fetchStatus} ${failureCount} ${data?.path ?? codeOf(error) ?? ""}`;

function codeOf(error: unknown): string | undefined {
  const reason = error instanceof AuthError ? error : Object(error).cause;
  return reason instanceof AuthError ? reason.code : undefined;
}

function Orders({ retry }: { retry?: number | boolean }): ReactElement {
  const orders = useAuthedQuery<Reply>({
    queryKey: ["orders"],
    request: "/orders",
    ...(retry !== undefined && { retry }),
  });
  return <p>{show(orders)}</p>;
}

const options = (retry: number | boolean = false) =>
  authedQueryOptions<Reply>(auth, { queryKey: ["orders"], request: "/orders", retry });

/** The API knows no token any more, and the auth server is out of order. */
function breakDown(retryAfterSeconds = 12): void {
  server.expireTokens();
  server.on(refreshes, answer(503, {}, { "retry-after": `${retryAfterSeconds}` }));
}

/** Time in which anything could happen that is going to. */
async function passSeconds(seconds: number): Promise<void> {
  await act(() => clock.advance(seconds * 1000));
  await act(() => pass(30));
}

describe("27: a query whose refresh is unavailable", () => {
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

describe("27: a query that has failed because of the auth server", () => {
  const Plain = ({ enabled = true }: { enabled?: boolean }) => (
    <p>{show(useQuery({ ...options(), enabled }))}</p>
  );

  test.each([
    ["unavailable", "useAuthedQuery", () => breakDown(), () => <Orders retry={false} />],
    ["unavailable", "authedQueryOptions", () => breakDown(), () => <Plain />],
    [
      "timeout",
      "useAuthedQuery",
      () => {
        server.expireTokens();
        server.on(refreshes, hang);
      },
      () => <Orders retry={false} />,
    ],
  ])("as %s, made by %s, runs again after the next refresh", async (code, _, fail, query) => {
    fail();
    renderWithAuth(auth, query());
    await waitFor(() => expect(server.received(refreshes)).toBe(1));
    await passSeconds(1);
    await screen.findByText(`error idle 1 ${code}`);
    server.off(refreshes);
    await passSeconds(12);
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  test("runs again when another request has brought the token back", async () => {
    breakDown(1);
    renderWithAuth(auth, <Orders retry={false} />);
    await screen.findByText("error idle 1 unavailable");
    server.off(refreshes);
    clock.setWallClock(clock.platform.now() + 1000);
    await act(() => auth.api.get("/me"));
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  describe.each(["an interceptor", "its queryFn"])("where %s holds the error back", (holder) => {
    function renderHeld() {
      const [failed, held] = [deferred(), deferred()];
      async function holdBack(error: unknown): Promise<never> {
        failed.resolve();
        await held.promise;
        throw error;
      }
      if (holder === "an interceptor") {
        auth.api.interceptors.response.use(undefined, (error: unknown) => holdBack(error));
      }
      const ask = async (api: AxiosInstance) => (await api.get<Reply>("/orders")).data;
      const Held = () => {
        const queryFn = ({ api }: { api: AxiosInstance }) =>
          holder === "an interceptor" ? ask(api) : ask(api).catch(holdBack);
        return <p>{show(useAuthedQuery({ queryKey: ["orders"], queryFn, retry: false }))}</p>;
      };
      renderWithAuth(auth, <Held />);
      return { failed, held };
    }

    test("until a refresh has succeeded, runs again", async () => {
      breakDown(1);
      const { failed, held } = renderHeld();
      await act(() => failed.promise);
      server.off(refreshes);
      await passSeconds(1);
      await act(() => auth.getAccessToken({ forceRefresh: true }));
      expect(auth.getState().error).toBeNull();
      await act(async () => held.resolve());
      expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
      expect(server.received("/orders")).toBe(2);
    });

    test("until the pause is over, runs again after one refresh", async () => {
      breakDown(1);
      const { failed, held } = renderHeld();
      await act(() => failed.promise);
      server.off(refreshes);
      await passSeconds(60);
      expect(server.received(refreshes)).toBe(1);
      await act(async () => held.resolve());
      expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
      expect([server.received("/orders"), server.received(refreshes)]).toEqual([2, 2]);
    });
  });

  test("fails again and again for itself: runs no more than twice after one refresh", async () => {
    breakDown(1);
    let runs = 0;
    const Broken = () => {
      const { status } = useAuthedQuery({
        queryKey: ["broken"],
        queryFn() {
          runs += 1;
          throw new AuthError("unavailable");
        },
        retry: false,
      });
      return <p>{status}</p>;
    };
    render(
      <AuthProvider auth={auth}>
        <Broken />
      </AuthProvider>,
    );
    await screen.findByText("error");
    await failure(auth.api.get("/me"));
    server.off(refreshes);
    const before = runs;
    await passSeconds(60);
    expect(auth.getState().error).toBeNull();
    await passSeconds(60);
    expect(screen.getByText("error")).toBeDefined();
    expect(runs - before).toBe(2);
    expect(server.received(refreshes)).toBe(2);
  });

  test("keeps its data, and loses the error, if it had some", async () => {
    const { queryClient } = renderWithAuth(auth, <Orders retry={false} />);
    await screen.findByText("success idle 0 /orders");
    breakDown();
    await act(() => queryClient.refetchQueries());
    await screen.findByText("error idle 1 /orders");
    server.off(refreshes);
    await passSeconds(12);
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(server.received("/orders")).toBe(3);
  });

  test("asks for nothing but one refresh at the end of each pause, for all of them together", async () => {
    breakDown();
    const Many = () => (
      <>
        <Orders retry={false} />
        {["a", "b", "c"].map((name) => (
          <Named key={name} name={name} />
        ))}
      </>
    );
    renderWithAuth(auth, <Many />);
    await waitFor(() => expect(screen.getAllByText("error idle 1 unavailable")).toHaveLength(4));
    expect(server.received(refreshes)).toBe(1);
    const before = server.received();
    for (let pauses = 1; pauses <= 3; pauses += 1) {
      await passSeconds(11.9);
      expect(server.received()).toBe(before + pauses - 1);
      await passSeconds(0.1);
      expect(server.received()).toBe(before + pauses);
    }
    server.off(refreshes);
    await passSeconds(12);
    await waitFor(() => expect(screen.getAllByText(/success/)).toHaveLength(4));
    expect(server.received()).toBe(before + 4 + 4);
    await passSeconds(60);
    expect(server.received()).toBe(before + 4 + 4);
  });

  function Named({ name }: { name: string }): ReactElement {
    const request = `/${name}`;
    return <p>{show(useAuthedQuery<Reply>({ queryKey: [name], request, retry: false }))}</p>;
  }

  test("no refresh is tried where no query has failed", async () => {
    const Nothing = () => <p>nothing</p>;
    renderWithAuth(auth, <Nothing />);
    breakDown();
    await failure(auth.api.get("/me"));
    await passSeconds(60);
    expect(server.received(refreshes)).toBe(1);
  });

  test("nor for a query that the API itself failed", async () => {
    server.on("/orders", answer(500, {}));
    renderWithAuth(auth, <Orders retry={false} />);
    await screen.findByText("error idle 1");
    breakDown();
    await failure(auth.api.get("/me"));
    server.off(refreshes);
    await passSeconds(60);
    await act(() => auth.api.get("/me"));
    await act(() => pass(30));
    expect(screen.getByText("error idle 1")).toBeDefined();
    expect(server.received("/orders")).toBe(1);
  });

  test("is left alone while it is not enabled", async () => {
    breakDown();
    const Door = () => {
      const [enabled, setEnabled] = useState(true);
      return (
        <button onClick={() => setEnabled(false)}>
          <Plain enabled={enabled} />
        </button>
      );
    };
    renderWithAuth(auth, <Door />);
    await screen.findByText("error idle 1 unavailable");
    act(() => screen.getByRole("button").click());
    server.off(refreshes);
    await passSeconds(12);
    expect(screen.getByText(/pending idle/)).toBeDefined();
    expect(server.received("/orders")).toBe(1);
  });

  test("starts anew when it is mounted, if nobody looks at it now", async () => {
    breakDown();
    const Held = () => (
      <p>{show(useQuery({ ...options(), retryOnMount: false, staleTime: Infinity }))}</p>
    );
    const Door = () => {
      const [isShown, setShown] = useState(true);
      return <button onClick={() => setShown(!isShown)}>{isShown ? <Held /> : "closed"}</button>;
    };
    renderWithAuth(auth, <Door />);
    await screen.findByText("error idle 1 unavailable");
    act(() => screen.getByRole("button").click());
    server.off(refreshes);
    await passSeconds(12);
    expect(server.received("/orders")).toBe(1);
    act(() => screen.getByRole("button").click());
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
  });

  test("runs again when another tab has got a token", async () => {
    const { one, two, soon, ...browser } = await twoSignedIn();
    browser.server.expireTokens();
    browser.server.on(refreshes, answer(503, {}, { "retry-after": "300" }));
    const Ours = () => {
      const asked = { queryKey: ["orders"], request: "/orders", retry: false };
      return <p>{show(useQuery(authedQueryOptions<Reply>(two.auth, asked)))}</p>;
    };
    renderWithAuth(two.auth, <Ours />);
    await screen.findByText("error idle 1 unavailable");
    browser.server.off(refreshes);
    await act(() => soon(one.auth.api.get("/me")));
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(browser.server.received(refreshes)).toBe(2);
  });

  test("does not keep a deactivated user refreshing", async () => {
    breakDown();
    renderWithAuth(auth, <Orders retry={false} />);
    await screen.findByText("error idle 1 unavailable");
    for (const path of ["/orders", "/a", "/b"]) server.on(path, answer(401, {}));
    server.off(refreshes);
    await passSeconds(12);
    await waitFor(() => expect(server.received("/orders")).toBe(3));
    for (const path of ["/a", "/b", "/a", "/b", "/a", "/b"]) await failure(auth.api.get(path));
    await act(() => pass(30));
    expect(server.received(refreshes)).toBe(4);
  });

  test("follows a restoration that took more than one try", async () => {
    const again = await setup({ signedIn: false });
    again.server.signInBefore();
    again.server.on(refreshes, answer(503, {}, { "retry-after": "12" }));
    const Restored = () => {
      const query = useQuery(
        authedQueryOptions<Reply>(again.auth, {
          queryKey: ["orders"],
          request: "/orders",
          retry: false,
        }),
      );
      return <p>{show(query)}</p>;
    };
    renderWithAuth(again.auth, <Restored />);
    await screen.findByText("error idle 1 unavailable");
    again.server.off(refreshes);
    await act(() => again.clock.advance(12_000));
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(again.server.received("/orders")).toBe(1);
  });
});

describe("27: what failed because nobody was signed in starts anew when someone is", () => {
  beforeEach(() => auth.logout());
  const signIn = () => act(() => auth.login({ password: "right" }));

  test("a query of useAuthedQuery that was asked by hand", async () => {
    const Asked = () => {
      const query = useAuthedQuery<Reply>({ queryKey: ["orders"], request: "/orders" });
      return <button onClick={() => void query.refetch()}>{show(query)}</button>;
    };
    renderWithAuth(auth, <Asked />);
    act(() => screen.getByRole("button").click());
    await screen.findByText("error idle 1 signed_out");
    await signIn();
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(server.received("/orders")).toBe(1);
  });

  test("a query of authedQueryOptions", async () => {
    const Plain = () => <p>{show(useQuery(options()))}</p>;
    renderWithAuth(auth, <Plain />);
    await screen.findByText("error idle 1 signed_out");
    await signIn();
    expect(await screen.findByText("success idle 0 /orders")).toBeDefined();
    expect(server.received("/orders")).toBe(1);
  });
});

describe("27: an error boundary", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockImplementation(() => {});
  });

  const Suspended = ({ made }: { made: Auth }) => (
    <p>
      {
        useSuspenseQuery(
          authedQueryOptions<Reply>(made, {
            queryKey: ["orders"],
            request: "/orders",
            retry: false,
          }),
        ).data.path
      }
    </p>
  );

  test.each([
    ["of React's own", (children: ReactNode) => <Boundary>{children}</Boundary>],
    [
      "in a QueryErrorResetBoundary",
      (children: ReactNode) => (
        <QueryErrorResetBoundary>
          {({ reset }) => <Boundary onReset={reset}>{children}</Boundary>}
        </QueryErrorResetBoundary>
      ),
    ],
  ])("%s that is reset after the outage asks again", async (_, boundary) => {
    breakDown();
    renderWithAuth(
      auth,
      boundary(
        <Suspense fallback="one moment">
          <Suspended made={auth} />
        </Suspense>,
      ),
    );
    await screen.findByText("unavailable");
    server.off(refreshes);
    await passSeconds(12);
    act(() => screen.getByText("unavailable").click());
    expect(await screen.findByText("/orders")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  test("that is reset after a sign-in asks again", async () => {
    await auth.logout();
    renderWithAuth(
      auth,
      <Boundary>
        <Suspense fallback="one moment">
          <Suspended made={auth} />
        </Suspense>
      </Boundary>,
    );
    await screen.findByText("signed_out");
    await act(() => auth.login({ password: "right" }));
    act(() => screen.getByText("signed_out").click());
    expect(await screen.findByText("/orders")).toBeDefined();
  });
});

interface BoundaryProps {
  children: ReactNode;
  onReset?: () => void;
}

class Boundary extends Component<BoundaryProps> {
  static getDerivedStateFromError(error: unknown): { code: string } {
    return { code: codeOf(error) ?? String(error) };
  }
  override state: { code?: string } = {};
  override render(): ReactNode {
    const { code } = this.state;
    return code === undefined ? (
      this.props.children
    ) : (
      <button
        onClick={() => {
          this.props.onReset?.();
          this.setState({ code: undefined });
        }}
      >
        {code}
      </button>
    );
  }
}
