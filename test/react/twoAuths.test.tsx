import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { AuthProvider, useAuth, type Auth } from "react-authed-query";
import { Component, useEffect, type ReactNode } from "react";
import { describe, expect, test } from "vitest";
import { Whose } from "../support/Whose.js";
import { startAuthServer } from "../support/authServer.js";
import { ignoreRenderErrors } from "../support/expectWarning.js";
import { recordFrames } from "../support/frames.js";
import { bob, serveOwners, signIn } from "../support/people.js";
import { setup } from "../support/setup.js";

describe("two Auths for two APIs", () => {
  async function setupTwo() {
    const first = await setup();
    const second = await setup({ signedIn: false });
    serveOwners(first.server);
    serveOwners(second.server);
    await signIn(bob, second.auth, second.server);
    return { first, second };
  }

  test("side by side do not meet", async () => {
    const { first, second } = await setupTwo();
    const { frames } = recordFrames(
      <>
        <AuthProvider auth={first.auth}>
          <Whose label="one" />
        </AuthProvider>
        <AuthProvider auth={second.auth}>
          <Whose label="two" />
        </AuthProvider>
      </>,
    );
    await screen.findByText("one: Ada, authenticated");
    await screen.findByText("two: Bob, authenticated");
    await act(() => first.auth.logout());
    expect(frames.at(-1)).toBe("one: nobody, unauthenticated two: Bob, authenticated");
  });

  test("nested, each with its own client, do not meet", async () => {
    const { first, second } = await setupTwo();
    const { frames } = recordFrames(
      <AuthProvider auth={first.auth}>
        <Whose label="outer" />
        <AuthProvider auth={second.auth} queryClient={new QueryClient()}>
          <Whose label="inner" />
        </AuthProvider>
      </AuthProvider>,
    );
    await screen.findByText("outer: Ada, authenticated");
    await screen.findByText("inner: Bob, authenticated");
    await act(() => second.auth.logout());
    expect(frames.at(-1)).toBe("outer: Ada, authenticated inner: nobody, unauthenticated");
  });

  test.each([
    ["side by side under one client", false],
    ["nested in one client", true],
  ])("%s throw, and say the remedy", async (_, isNested) => {
    const { first, second } = await setupTwo();
    ignoreRenderErrors();
    const inner = <AuthProvider auth={second.auth}>two</AuthProvider>;
    render(
      <Boundary>
        <QueryClientProvider client={new QueryClient()}>
          <AuthProvider auth={first.auth}>{isNested && inner}</AuthProvider>
          {!isNested && inner}
        </QueryClientProvider>
      </Boundary>,
    );
    expect(screen.getByText(/belongs to another Auth.*its own with `queryClient`/)).toBeDefined();
  });

  test("a client whose Auth was disposed of is free, and empty", async () => {
    const { first, second } = await setupTwo();
    const client = new QueryClient();
    const Draft = () => {
      const name = useAuth().user?.["name"];
      useEffect(() => () => void client.setQueryData(["draft", name], name), [name]);
      return null;
    };
    const app = (auth: Auth) => (
      <AuthProvider auth={auth} queryClient={client}>
        <Draft />
        <Whose label="now" />
      </AuthProvider>
    );
    const { frames, rerender } = recordFrames(app(first.auth));
    await screen.findByText("now: Ada, authenticated");
    first.auth.dispose();
    expect(client.getQueryData(["whose"])).toBeUndefined();
    frames.length = 0;
    rerender(app(second.auth));
    await screen.findByText("now: Bob, authenticated");
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    expect(client.getQueryData(["draft", "Ada"])).toBeUndefined();
    await act(() => second.auth.logout());
    expect(client.getQueryData(["whose"])).toBeUndefined();
  });

  test("a provider that made its Auth takes it along, and frees the client", async () => {
    const server = await startAuthServer();
    serveOwners(server);
    server.signInBefore();
    const client = new QueryClient();
    const app = (isOpen: boolean) => (
      <QueryClientProvider client={client}>
        {isOpen && (
          <AuthProvider baseURL={server.url} fetch={server.fetch}>
            <Whose label="now" />
          </AuthProvider>
        )}
      </QueryClientProvider>
    );
    const { frames, rerender } = recordFrames(app(true));
    await screen.findByText("now: Ada, authenticated");
    rerender(app(false));
    expect(client.getQueryData(["whose"])).toBeUndefined();
    frames.length = 0;
    server.tokens.claims = bob;
    rerender(app(true));
    await screen.findByText("now: Bob, authenticated");
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    await server.close();
  });

  test("the same Auth mounts again, as under Fast Refresh, and keeps its client and cache", async () => {
    const { auth, server } = await setup();
    serveOwners(server);
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    const app = (key: number) => (
      <AuthProvider key={key} auth={auth} queryClient={client}>
        <Whose label="now" />
      </AuthProvider>
    );
    const { rerender } = recordFrames(app(1));
    await screen.findByText("now: Ada, authenticated");
    rerender(app(2));
    expect(screen.getByText("now: Ada, authenticated")).toBeDefined();
    expect(server.received("/whose")).toBe(1);
    await act(() => auth.logout());
    expect(client.getQueryData(["whose"])).toBeUndefined();
  });
});

class Boundary extends Component<{ children: ReactNode }> {
  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: String(error) };
  }
  override state: { message?: string } = {};
  override render(): ReactNode {
    return this.state.message ?? this.props.children;
  }
}
