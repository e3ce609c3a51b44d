import { useQuery, useQueryClient, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { AuthProvider, useApi, useAuth, useAuthedQuery } from "react-authed-query";
import {
  Activity,
  StrictMode,
  Suspense,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactElement,
} from "react";
import { describe, expect, test } from "vitest";
import { needActivity, needUse } from "../support/needReact.js";
import { sendJSON, startAuthServer } from "../support/authServer.js";
import { expectWarning, ignoreRenderErrors } from "../support/expectWarning.js";
import { renderWithAuth } from "../support/renderWithAuth.js";
import { setup, type Setup } from "../support/setup.js";

function Status(): ReactElement {
  const { status, error } = useAuth();
  return <p>{error ? `${status}, ${error.code}` : status}</p>;
}

describe("on load", () => {
  test("a reload restores the session with one refresh, also under StrictMode", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    renderWithAuth(auth, <Status />);
    expect(screen.getByText("loading")).toBeDefined();
    expect(await screen.findByText("authenticated")).toBeDefined();
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("a visitor ends unauthenticated, and onLogout does not fire", async () => {
    const { auth, logouts } = await setup({ signedIn: false });
    renderWithAuth(auth, <Status />);
    expect(await screen.findByText("unauthenticated")).toBeDefined();
    expect(logouts).toEqual([]);
  });

  test("with the API down it stays loading with an error, and recovers by itself", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    server.signInBefore();
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    renderWithAuth(auth, <Status />);
    expect(await screen.findByText("loading, unavailable")).toBeDefined();
    server.off("POST /auth/refresh");
    await act(() => clock.advance(2000));
    expect(await screen.findByText("authenticated")).toBeDefined();
  });

  test("takes the options instead of an Auth, and makes one for its life", async () => {
    const server = await startAuthServer();
    server.signInBefore();
    const app = (
      <StrictMode>
        <AuthProvider baseURL={server.url} fetch={server.fetch}>
          <Status />
        </AuthProvider>
      </StrictMode>
    );
    const { rerender } = render(app);
    expect(await screen.findByText("authenticated")).toBeDefined();
    rerender(app);
    expect(server.received("POST /auth/refresh")).toBe(1);
    await server.close();
  });
});

describe("the query client", () => {
  test("is the nearest one above if none is given", async () => {
    const { auth } = await setup();
    const above = new QueryClient();
    const Probe = () => <p>{String(useQueryClient() === above)}</p>;
    render(
      <QueryClientProvider client={above}>
        <AuthProvider auth={auth}>
          <Probe />
        </AuthProvider>
      </QueryClientProvider>,
    );
    expect(screen.getByText("true")).toBeDefined();
  });

  test("is one of its own where there is none", async () => {
    const { auth } = await setup();
    const Probe = () => <p>{String(useQueryClient() instanceof QueryClient)}</p>;
    render(
      <AuthProvider auth={auth}>
        <Probe />
      </AuthProvider>,
    );
    expect(screen.getByText("true")).toBeDefined();
  });
});

test("React's use() waits for ready(), and an attempt that fails shows the fallback on", async (context) => {
  needUse(context);
  const { server, auth, clock } = await setup({ signedIn: false });
  server.signInBefore();
  server.on("POST /auth/refresh", (_, response) => sendJSON(response, 503, {}));
  const Restored = () => <p>{use(auth.ready()).status}</p>;
  await act(async () =>
    renderWithAuth(
      auth,
      <Suspense fallback="restoring">
        <Restored />
      </Suspense>,
    ),
  );
  expect(screen.getByText("restoring")).toBeDefined();
  server.off("POST /auth/refresh");
  await waitFor(() => expect(auth.getState().error).not.toBeNull());
  await act(() => clock.advance(2000));
  expect(await screen.findByText("authenticated")).toBeDefined();
});

describe("useAuth", () => {
  test("a rotation re-renders nobody, of a thousand", async () => {
    const { server, auth } = await setup();
    const renders: unknown[] = [];
    const Counter = () => {
      renders.push(useAuth());
      return null;
    };
    renderWithAuth(
      auth,
      <>
        {Array.from({ length: 1000 }, (_, index) => (
          <Counter key={index} />
        ))}
      </>,
    );
    const before = renders.length;
    server.expireTokens();
    await act(() => auth.api.get("/me"));
    expect(server.received("POST /auth/refresh")).toBe(1);
    expect(renders).toHaveLength(before);
  });

  test("signs in and out, and shows who it is", async () => {
    const { auth } = await setup({ signedIn: false });
    const Account = () => {
      const { user, login, logout } = useAuth();
      return user ? (
        <button onClick={() => void logout()}>sign out {String(user["name"])}</button>
      ) : (
        <button onClick={() => void login({ password: "right" })}>sign in</button>
      );
    };
    renderWithAuth(auth, <Account />);
    (await screen.findByText("sign in")).click();
    (await screen.findByText("sign out Ada")).click();
    expect(await screen.findByText("sign in")).toBeDefined();
  });

  test("keeps its verbs stable", async () => {
    const { auth } = await setup();
    const verbs = new Set<unknown>();
    const Probe = () => {
      verbs.add(useAuth().logout);
      return null;
    };
    renderWithAuth(auth, <Probe />);
    act(() => auth.setUser({ sub: "u1", name: "Ada L." }));
    expect(verbs.size).toBe(1);
  });
});

describe("when a session ends", () => {
  test("after logout the cache holds nothing of the user but public queries", async () => {
    const { auth } = await setup();
    const { queryClient } = renderWithAuth(auth, <Status />);
    queryClient.setQueryData(["orders"], ["secret"]);
    await queryClient.prefetchQuery({
      queryKey: ["prices"],
      queryFn: () => 42,
      meta: { public: true },
    });
    act(() => void auth.logout());
    expect(queryClient.getQueryData(["orders"])).toBeUndefined();
    expect(queryClient.getQueryData(["prices"])).toBe(42);
  });

  test("no frame after a logout shows the user's data", async () => {
    const { auth } = await setup();
    const frames: string[] = [];
    const Orders = () => {
      const { data } = useAuthedQuery<{ path: string }>({
        queryKey: ["orders"],
        request: "/orders",
      });
      const { status } = useAuth();
      frames.push(`${status}: ${data?.path ?? "nothing"}`);
      return null;
    };
    renderWithAuth(auth, <Orders />);
    await waitFor(() => expect(frames).toContain("authenticated: /orders"));
    act(() => void auth.logout());
    expect(frames.at(-1)).toBe("unauthenticated: nothing");
    expect(frames).not.toContain("unauthenticated: /orders");
  });

  test("what a component has kept of the user goes with the session", async () => {
    const { auth } = await setup();
    const Draft = () => {
      const { user } = useAuth();
      const [owner] = useState(user?.["name"]);
      return <p>draft of {String(owner)}</p>;
    };
    renderWithAuth(auth, <Draft />);
    expect(screen.getByText("draft of Ada")).toBeDefined();
    act(() => void auth.logout());
    expect(screen.getByText("draft of undefined")).toBeDefined();
  });

  test("a login as the same user, or a visitor's first, remounts nothing", async () => {
    const { auth } = await setup({ signedIn: false });
    let mounts = 0;
    const Probe = () => {
      useEffect(() => void (mounts += 1), []);
      return null;
    };
    renderWithAuth(auth, <Probe />);
    await act(() => auth.ready());
    const before = mounts;
    await act(() => auth.login({ password: "right" }));
    await act(() => auth.login({ password: "right" }));
    expect(mounts).toBe(before);
  });

  test("a visitor's first login asks for nothing again that is there", async () => {
    const { server, auth } = await setup({ signedIn: false });
    const Visitors = () => {
      const api = useApi();
      const { data } = useQuery({
        queryKey: ["visitors"],
        queryFn: async () => (await api.get<string>("/open", { skipAuth: true })).data,
      });
      return <p>{data && "read"}</p>;
    };
    server.on("/open", (_, response) => void response.end("read"));
    renderWithAuth(auth, <Visitors />);
    await screen.findByText("read");
    await act(() => auth.login({ password: "right" }));
    await act(() => auth.logout());
    await waitFor(() => expect(server.received("/open")).toBe(2));
    await act(() => auth.login({ password: "right" }));
    await screen.findByText("read");
    expect(server.received("/open")).toBe(2);
  });

  test("the onLogout prop of a provider that an <Activity> hides is called too", async (context) => {
    needActivity(context);
    const { auth } = await setup();
    const reasons: string[] = [];
    const app = (mode: "visible" | "hidden") => (
      <Activity mode={mode}>
        <AuthProvider auth={auth} onLogout={({ reason }) => reasons.push(reason)}>
          <Status />
        </AuthProvider>
      </Activity>
    );
    const { rerender } = render(app("visible"));
    rerender(app("hidden"));
    await act(() => auth.logout());
    expect(reasons).toEqual(["logout"]);
  });

  test("a refusal calls the onLogout prop once, with the latest callback", async () => {
    const { server, auth } = await setup();
    const reasons: string[] = [];
    const { rerender } = render(
      <AuthProvider auth={auth} onLogout={() => reasons.push("stale")}>
        <Status />
      </AuthProvider>,
    );
    rerender(
      <AuthProvider auth={auth} onLogout={({ reason }) => reasons.push(reason)}>
        <Status />
      </AuthProvider>,
    );
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    await act(() => auth.api.get("/me").catch(() => {}));
    expect(reasons).toEqual(["refused"]);
  });
});

describe("onLogout of a provider", () => {
  const ends: [string, (made: Setup) => unknown, string][] = [
    ["logout", ({ auth }) => auth.logout(), "logout"],
    [
      "a refusal",
      ({ server, auth }) => {
        expectWarning(/the cookie seems not to arrive/);
        server.revokeSession();
        return auth.getAccessToken({ forceRefresh: true });
      },
      "refused",
    ],
  ];

  test.each(ends)("that the rendering after %s removes is called once", async (_, end, reason) => {
    const made = await setup();
    const { auth } = made;
    const told: string[] = [];
    const Login = () => <p>sign in</p>;
    const App = () => {
      const { isAuthenticated } = useSyncExternalStore(auth.subscribe, auth.getState);
      return isAuthenticated ? (
        <AuthProvider
          auth={auth}
          onLogout={({ reason: why }) => {
            told.push(`${why}, ${document.body.textContent}`);
          }}
        >
          <Status />
        </AuthProvider>
      ) : (
        <Login />
      );
    };
    render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
    await screen.findByText("authenticated");
    // As in a page, where no act() holds the rendering back.
    await end(made);
    expect(told).toEqual([`${reason}, sign in`]);
  });

  test("that is given another callback by that rendering is called once, with the latest", async () => {
    const { auth } = await setup();
    const told: string[] = [];
    const App = () => {
      const { status } = useSyncExternalStore(auth.subscribe, auth.getState);
      return (
        <AuthProvider auth={auth} onLogout={() => told.push(status)}>
          <Status />
        </AuthProvider>
      );
    };
    render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
    await auth.logout();
    expect(told).toEqual(["unauthenticated"]);
  });

  test("and a listener of a component below it that renders anew is called once", async () => {
    const { auth } = await setup();
    const told: string[] = [];
    const Listening = () => {
      const { status } = useAuth();
      useEffect(() => auth.onLogout(() => told.push(status)), [status]);
      return null;
    };
    render(
      <AuthProvider auth={auth}>
        <Listening />
      </AuthProvider>,
    );
    await auth.logout();
    expect(told).toHaveLength(1);
  });

  test("is not called once it is gone", async () => {
    const { auth } = await setup();
    const told: string[] = [];
    const { unmount } = render(<AuthProvider auth={auth} onLogout={() => told.push("told")} />);
    unmount();
    await auth.logout();
    expect(told).toEqual([]);
  });
});

describe("misuse", () => {
  test.each([
    ["useAuth", () => useAuth()],
    ["useApi", () => useApi()],
    ["useAuthedQuery", () => useAuthedQuery({ queryKey: ["a"], request: "/a" })],
  ])("%s without a provider throws and says the remedy", (name, useIt) => {
    const Probe = () => {
      useIt();
      return null;
    };
    ignoreRenderErrors();
    expect(() => render(<Probe />)).toThrow(`${name} needs an <AuthProvider> above it.`);
  });
});
