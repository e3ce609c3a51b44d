import { useQuery } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import type { AxiosInstance } from "axios";
import { authedQueryOptions, AuthError, AuthProvider, useAuthedQuery } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { answer, hang } from "../../support/answers.js";
import { deferred } from "../../support/deferred.js";
import { failure } from "../../support/failure.js";
import {
  auth,
  breakDown,
  clock,
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
import { setup } from "../../support/setup.js";
import { twoSignedIn } from "../../support/tabbedBrowser.js";

prepareOutage();

describe("a query that has failed because of the auth server", () => {
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

describe("what failed because nobody was signed in starts anew when someone is", () => {
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
