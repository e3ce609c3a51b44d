import { QueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import {
  authedQueryOptions,
  AuthProvider,
  createAuth,
  useAuth,
  useAuthedQuery,
  type Auth,
  type AuthedRequest,
} from "react-authed-query";
import { StrictMode, Suspense, useMemo, useState, type ReactElement, type ReactNode } from "react";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { startAuthServer, type AuthServer } from "../support/authServer.js";
import { listenToConsole } from "../support/devPage.js";
import { ignoreRenderErrors } from "../support/expectWarning.js";
import { setup } from "../support/setup.js";

const heard = listenToConsole();

async function startServer(): Promise<AuthServer> {
  const server = await startAuthServer();
  onTestFinished(() => server.close());
  return server;
}

/** An Auth as a component's body makes it, disposed of after the test. */
function makeAuth(server: AuthServer, baseURL = server.url): Auth {
  const auth = createAuth({ baseURL, fetch: server.fetch });
  onTestFinished(auth.dispose);
  return auth;
}

/** Renders it in StrictMode, and again so often as a counter in it is raised. */
async function renderTimes(times: number, App: () => ReactElement): Promise<void> {
  const { rerender } = render(<App />, { wrapper: StrictMode });
  for (let time = 1; time < times; time += 1) await act(async () => rerender(<App />));
}

const client = new QueryClient();

describe("the `auth` of a provider", () => {
  test("that is made in a component's body is named once, with where to make it", async () => {
    const server = await startServer();
    await renderTimes(9, () => <AuthProvider auth={makeAuth(server)}>{null}</AuthProvider>);
    expect(heard.sentences).toEqual([
      expect.stringContaining("createAuth() is called in a component's body"),
    ]);
    expect(heard.sentences[0]).toContain("useState(() => createAuth(…))");
  });

  test("that is kept is not", async () => {
    const server = await startServer();
    const outside = makeAuth(server);
    await renderTimes(4, () => <AuthProvider auth={outside}>{null}</AuthProvider>);
    await renderTimes(4, () => {
      const [auth] = useState(() => makeAuth(server));
      return <AuthProvider auth={auth}>{null}</AuthProvider>;
    });
    expect(heard.sentences).toEqual([]);
  });

  test("that is another for each tenant is not, however often it changes", async () => {
    const server = await startServer();
    let tenant = 0;
    await renderTimes(6, () => {
      tenant += 1;
      const baseURL = `${server.url}/${tenant}`;
      const auth = useMemo(() => makeAuth(server, baseURL), [baseURL]);
      return <AuthProvider auth={auth}>{null}</AuthProvider>;
    });
    expect(heard.sentences).toEqual([]);
  });

  test("that a saved module makes anew is not: it was made before the rendering", async () => {
    const server = await startServer();
    let auth = makeAuth(server);
    const { rerender } = render(<AuthProvider auth={auth} />, { wrapper: StrictMode });
    for (let saves = 0; saves < 4; saves += 1) {
      auth = makeAuth(server);
      await Promise.resolve();
      await act(async () => rerender(<AuthProvider auth={auth} />));
    }
    expect(heard.sentences).toEqual([]);
  });

  test("that is undefined, as in an import cycle, is named once", async () => {
    vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(null, { status: 401 }));
    // What an app does that TypeScript cannot see.
    const props = { auth: undefined } as unknown as { auth: Auth };
    await renderTimes(2, () => <AuthProvider {...props}>{null}</AuthProvider>);
    expect(heard.sentences).toEqual([expect.stringContaining("(an import cycle)")]);
    expect(heard.sentences[0]).toContain("a module of its own that imports no component");
  });

  test("that is left out, or undefined beside options, is not", async () => {
    vi.spyOn(globalThis, "fetch").mockImplementation(() =>
      Promise.resolve(new Response(null, { status: 401 })),
    );
    const props = { auth: undefined } as object;
    render(<AuthProvider />, { wrapper: StrictMode });
    render(<AuthProvider baseURL="/api" {...props} />, { wrapper: StrictMode });
    await act(async () => {});
    expect(heard.sentences).toEqual([]);
  });
});

describe("two copies of the package", () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, Symbol.for("react-authed-query"));
  });

  function Status({ use }: { use: typeof useAuth }): string {
    return use().status;
  }

  async function otherCopy(): Promise<typeof import("react-authed-query")> {
    vi.resetModules();
    return import("react-authed-query");
  }

  test("a hook of one under the provider of the other says that they are two", async () => {
    ignoreRenderErrors();
    const { auth } = await setup();
    const other = await otherCopy();
    const page = (
      <AuthProvider auth={auth} queryClient={client}>
        <Status use={other.useAuth} />
      </AuthProvider>
    );
    expect(() => render(page)).toThrow(
      "two copies of react-authed-query, and the <AuthProvider> is of another one than useAuth",
    );
  });

  test("a provider of one with an Auth of the other says so too", async () => {
    ignoreRenderErrors();
    const { auth } = await setup();
    const other = await otherCopy();
    expect(() => render(<other.AuthProvider auth={auth} />)).toThrow(
      "is of another one than createAuth()",
    );
  });

  test("a hook above the provider of its own copy says only that, whatever else there is", async () => {
    ignoreRenderErrors();
    const { auth } = await setup();
    const other = await otherCopy();
    const own = other.createAuth({ login: () => null });
    onTestFinished(own.dispose);
    render(<AuthProvider auth={auth} queryClient={client} />);
    render(<other.AuthProvider auth={own} queryClient={new QueryClient()} />);
    expect(() => render(<Status use={other.useAuth} />)).toThrow(
      "useAuth needs an <AuthProvider> above it",
    );
  });
});

describe("under one query key", () => {
  function Asking({ request, name = "orders" }: { request: AuthedRequest; name?: string }) {
    const { data } = useAuthedQuery({ queryKey: [name], request, staleTime: Infinity });
    return <p>{data ? "here" : "waiting"}</p>;
  }

  async function show(children: ReactNode) {
    const { auth, server } = await setup();
    const wrapped = (shown: ReactNode) => (
      <StrictMode>
        <AuthProvider auth={auth} queryClient={queryClient}>
          {shown}
        </AuthProvider>
      </StrictMode>
    );
    const queryClient = new QueryClient();
    const { rerender } = render(wrapped(children));
    await screen.findAllByText("here");
    return { server, rerender: (shown: ReactNode) => act(async () => rerender(wrapped(shown))) };
  }

  test("a request that changes from rendering to rendering is named once", async () => {
    const { rerender } = await show(<Asking request="/orders/1?secret=1" />);
    for (const id of [2, 3, 2]) await rerender(<Asking request={`/orders/${id}?secret=${id}`} />);
    expect(heard.sentences).toEqual([
      expect.stringContaining("GET /orders/1 and GET /orders/2. Put into `queryKey`"),
    ]);
    expect(heard.sentences[0]).not.toContain("secret");
  });

  test("two components that ask for different things are named", async () => {
    await show([<Asking key="1" request="/orders" />, <Asking key="2" request="/rides" />]);
    await act(async () => {});
    expect(heard.sentences).toEqual([expect.stringContaining("GET /orders and GET /rides")]);
  });

  test("so is one that comes later, and asks for nothing because the data is there", async () => {
    const one = <Asking key="1" request="/orders" />;
    const { rerender, server } = await show(one);
    await rerender([one, <Asking key="2" request="/rides" />]);
    expect(server.received("GET /rides")).toBe(0);
    expect(heard.sentences).toEqual([expect.stringContaining("GET /orders and GET /rides")]);
  });

  test("so are they if only their params differ, and no value of these is told", async () => {
    const request = (page: string) => ({ url: "/orders", params: { page } });
    const { rerender } = await show(<Asking request={request("first")} />);
    await rerender(<Asking request={request("second")} />);
    expect(heard.sentences).toEqual([
      expect.stringContaining("GET /orders, with different params or data"),
    ]);
    expect(heard.sentences[0]).not.toMatch(/first|second/);
  });

  test("so are the options that a factory made for useSuspenseQuery", async () => {
    const { auth } = await setup();
    const queryClient = new QueryClient();
    const Suspending = ({ request }: { request: string }) => {
      useSuspenseQuery(authedQueryOptions(auth, { queryKey: ["orders"], request }));
      return <p>here</p>;
    };
    render(
      <AuthProvider auth={auth} queryClient={queryClient}>
        <Suspense>
          <Suspending request="/orders" />
          <Suspending request="/rides" />
        </Suspense>
      </AuthProvider>,
    );
    await screen.findAllByText("here");
    await act(() => queryClient.invalidateQueries());
    expect(heard.sentences).toEqual([expect.stringContaining("GET /orders and GET /rides")]);
  });

  test("the same request is not, however it is written", async () => {
    const { rerender } = await show([
      <Asking key="1" request={{ url: "/orders", params: { a: 1, b: 2 } }} />,
      <Asking key="2" request={{ method: "get", url: "/orders", params: { b: 2, a: 1 } }} />,
    ]);
    await rerender(
      <Asking
        key="1"
        request={{ url: "/orders", params: { a: 1, b: 2 }, headers: { "X-Trace": "7" } }}
      />,
    );
    expect(heard.sentences).toEqual([]);
  });

  test("a request with the time in it is not, nor one whose key follows it", async () => {
    const { rerender } = await show(<Asking request={`/orders?_=${Date.now()}`} />);
    await rerender(<Asking request={`/orders?_=${Date.now() + 5}`} />);
    await rerender(<Asking request="/orders/1" name="1" />);
    await rerender(<Asking request="/orders/2" name="2" />);
    expect(heard.sentences).toEqual([]);
  });
});
