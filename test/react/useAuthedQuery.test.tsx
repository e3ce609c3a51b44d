import { skipToken } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { AuthError, useApi, useAuthedQuery } from "react-authed-query";
import type { ReactElement } from "react";
import { describe, expect, test } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { renderWithAuth } from "../support/renderWithAuth.js";
import { sendJSON } from "../support/authServer.js";
import { setup } from "../support/setup.js";

interface Reply {
  path: string;
}

function Orders({ retry }: { retry?: number | boolean }): ReactElement {
  const { data, error, fetchStatus, status, refetch } = useAuthedQuery<Reply>({
    queryKey: ["orders"],
    request: "/orders",
    ...(retry !== undefined && { retry }),
  });
  const outcome = data?.path ?? (error instanceof AuthError ? error.code : error?.message);
  return (
    <button onClick={() => void refetch()}>
      {status} {fetchStatus} {outcome}
    </button>
  );
}

test("gives the response body as data", async () => {
  const { auth } = await setup();
  renderWithAuth(auth, <Orders />);
  expect(await screen.findByText("success idle /orders")).toBeDefined();
});

test("an expired token goes unnoticed", async () => {
  const { server, auth } = await setup();
  server.expireTokens();
  renderWithAuth(auth, <Orders />);
  expect(await screen.findByText("success idle /orders")).toBeDefined();
  expect(server.received("POST /auth/refresh")).toBe(1);
});

describe("useAuthedQuery", () => {
  test("waits while the session is loading, then loads", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    renderWithAuth(auth, <Orders />);
    expect(screen.getByText("pending idle")).toBeDefined();
    expect(await screen.findByText("success idle /orders")).toBeDefined();
    expect(server.received("/orders")).toBe(1);
  });

  test("is idle while nobody is signed in, and starts after a login", async () => {
    const { server, auth } = await setup({ signedIn: false });
    renderWithAuth(auth, <Orders />);
    await act(() => auth.ready());
    expect(screen.getByText("pending idle")).toBeDefined();
    expect(server.received("/orders")).toBe(0);
    await act(() => auth.login({ password: "right" }));
    expect(await screen.findByText("success idle /orders")).toBeDefined();
  });

  test("refetch() of a signed-out user sends nothing and settles signed_out", async () => {
    const { server, auth } = await setup({ signedIn: false });
    renderWithAuth(auth, <Orders />);
    await act(() => auth.ready());
    act(() => screen.getByRole("button").click());
    expect(await screen.findByText("error idle signed_out")).toBeDefined();
    expect(server.received("/orders")).toBe(0);
  });

  test("passes the signal: unmounting cancels the request on the wire", async () => {
    const { server, auth } = await setup();
    server.on("/orders", () => {});
    const { unmount } = renderWithAuth(auth, <Orders />);
    await waitFor(() => expect(server.received("/orders")).toBe(1));
    unmount();
    await waitFor(() => expect(server.requests.at(-1)?.aborted).toBe(true));
  });

  test("never retries a 401 that stays", async () => {
    const { server, auth } = await setup();
    server.on("/orders", (_, response) => sendJSON(response, 401, {}));
    renderWithAuth(auth, <Orders retry={5} />);
    expect(await screen.findByText(/error idle/)).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  test("never retries a 401 that a `queryFn` throws as the Response that it is", async () => {
    const { server, auth } = await setup();
    server.on("/orders", (_, response) => sendJSON(response, 401, {}));
    const Probe = () => {
      const { status } = useAuthedQuery({
        queryKey: ["orders"],
        queryFn: async () => {
          const response = await auth.fetch(`${server.url}/orders`);
          if (!response.ok) throw response;
          return "all well";
        },
        retry: 5,
      });
      return <p>{status}</p>;
    };
    renderWithAuth(auth, <Probe />);
    expect(await screen.findByText("error")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  test("never retries what asks for a stronger sign-in", async () => {
    const { server, auth } = await setup();
    server.on("/orders", (_, response) => {
      response.setHeader("www-authenticate", 'Bearer error="insufficient_user_authentication"');
      sendJSON(response, 401, {});
    });
    renderWithAuth(auth, <Orders retry={5} />);
    expect(await screen.findByText(/error idle/)).toBeDefined();
    expect(server.received("/orders")).toBe(1);
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("retries when the refresh never answers, as `retry` says", async () => {
    const { server, auth, clock } = await setup({ refreshTimeoutMs: 1000 });
    server.expireTokens();
    server.on("POST /auth/refresh", () => {});
    renderWithAuth(auth, <Orders retry={2} />);
    for (const [round, pauseMs] of [1000, 2000, 0].entries()) {
      await waitFor(() => expect(server.received("POST /auth/refresh")).toBe(round + 1));
      await act(() => clock.advance(1000));
      await act(() => clock.advance(pauseMs));
    }
    expect(await screen.findByText(/error idle/)).toBeDefined();
    expect(server.received("/orders")).toBe(3);
  });

  test("never retries a refused session: it is idle, and asks for nothing", async () => {
    const { server, auth, logouts } = await setup();
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    renderWithAuth(auth, <Orders retry={5} />);
    await waitFor(() => expect(logouts).toEqual(["refused"]));
    expect(await screen.findByText("pending idle")).toBeDefined();
    expect(server.received("/orders")).toBe(1);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("retries what may pass as the user's `retry` says", async () => {
    const { server, auth } = await setup();
    server.on("/orders", (_, response) => sendJSON(response, 500, {}));
    renderWithAuth(auth, <Orders retry={2} />);
    expect(await screen.findByText(/error idle/)).toBeDefined();
    expect(server.received("/orders")).toBe(3);
  });

  test.each([
    [undefined, 4],
    [false, 1],
    [3, 4],
  ])("with `retry: %s` sends a failing request %i times in all", async (retry, times) => {
    const { server, auth } = await setup();
    server.on("/orders", (_, response) => sendJSON(response, 500, {}));
    renderWithAuth(auth, <Orders {...(retry !== undefined && { retry })} />);
    expect(await screen.findByText(/error idle/)).toBeDefined();
    expect(server.received("/orders")).toBe(times);
  });

  test("asks a `retry` function of the user's", async () => {
    const { server, auth } = await setup();
    server.on("/orders", (_, response) => sendJSON(response, 500, {}));
    const Probe = () => {
      const { status } = useAuthedQuery({
        queryKey: ["orders"],
        request: { url: "/orders", params: { page: 2 } },
        retry: (failures) => failures < 1,
      });
      return <p>{status}</p>;
    };
    renderWithAuth(auth, <Probe />);
    expect(await screen.findByText("error")).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  test("retries while the refresh is unavailable, as `retry` says", async () => {
    const { server, auth, clock, events } = await setup();
    server.expireTokens();
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    renderWithAuth(auth, <Orders retry={2} />);
    for (const [round, pauseMs] of [1000, 2000].entries()) {
      const pauses = () => events.filter(({ type }) => type === "paused").length;
      await waitFor(() => expect(pauses()).toBe(round + 1));
      await act(() => clock.advance(pauseMs));
    }
    expect(await screen.findByText(/error idle/)).toBeDefined();
    expect(server.received("/orders")).toBe(3);
    expect(server.received("POST /auth/refresh")).toBe(3);
  });
});

test("a queryFn is given the axios instance and the signal", async () => {
  const { auth } = await setup();
  const Probe = () => {
    const api = useApi();
    const { data } = useAuthedQuery({
      queryKey: ["orders", 7],
      queryFn: async ({ api: given, signal, queryKey }) => {
        const { data: reply } = await given.get<Reply>(`/orders/${String(queryKey[1])}`, {
          signal,
        });
        return `${reply.path} ${String(given === api)}`;
      },
    });
    return <p>{data}</p>;
  };
  renderWithAuth(auth, <Probe />);
  expect(await screen.findByText("/orders/7 true")).toBeDefined();
});

test("enabled and skipToken hold it back as in useQuery", async () => {
  const { server, auth } = await setup();
  const Probe = () => {
    const off = useAuthedQuery({ queryKey: ["a"], request: "/a", enabled: false });
    const skipped = useAuthedQuery({ queryKey: ["b"], request: skipToken });
    return <p>{`${off.fetchStatus} ${skipped.fetchStatus}`}</p>;
  };
  renderWithAuth(auth, <Probe />);
  await act(() => auth.ready());
  expect(screen.getByText("idle idle")).toBeDefined();
  expect(server.received("/a")).toBe(0);
});
