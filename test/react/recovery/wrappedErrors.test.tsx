import { QueryClient } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { AuthProvider, useAuthedQuery } from "react-authed-query";
import { beforeEach, describe, expect, test } from "vitest";
import { answer } from "../../support/answers.js";
import { sendJSON } from "../../support/authServer.js";
import type { Owned } from "../../support/people.js";
import { pass } from "../../support/realTime.js";
import { auth, clock, server, start } from "../../support/started.js";

beforeEach(() => start());

describe("a query whose function wraps errors of the auth server", () => {
  function renderWrapped(retry: number): void {
    const Wrapped = () => {
      const { status, fetchStatus } = useAuthedQuery({
        queryKey: ["whose"],
        queryFn: ({ api }) =>
          api.get<Owned>("/whose").catch((cause: unknown) => {
            throw new Error("cannot load", { cause });
          }),
        select: ({ data }) => data.owner,
        retry,
        retryDelay: 0,
      });
      return <p>{`${status} ${fetchStatus}`}</p>;
    };
    server.on("/whose", ({ token }, response) =>
      sendJSON(response, server.accepts(token) ? 200 : 401, {}),
    );
    server.expireTokens();
    server.on("POST /auth/refresh", answer(503, {}, { "retry-after": "12" }));
    render(
      <AuthProvider auth={auth} queryClient={new QueryClient()}>
        <Wrapped />
      </AuthProvider>,
    );
  }

  test("waits until `retryAt`", async () => {
    renderWrapped(3);
    await waitFor(() => expect(server.received("/whose")).toBeGreaterThan(0));
    await act(() => pass(50));
    expect(server.received("/whose")).toBe(1);
  });

  test("runs again when a refresh has succeeded", async () => {
    renderWrapped(0);
    await screen.findByText("error idle");
    server.off("POST /auth/refresh");
    await act(() => clock.advance(12_000));
    await act(() => pass(50));
    expect(screen.getByText(/idle|fetching/).textContent).toBe("success idle");
  });
});
