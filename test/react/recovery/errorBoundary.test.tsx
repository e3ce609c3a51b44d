import { QueryErrorResetBoundary, useSuspenseQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { authedQueryOptions, type Auth } from "react-authed-query";
import { Component, Suspense, type ReactNode } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { ignoreRenderErrors } from "../../support/expectWarning.js";
import {
  auth,
  breakDown,
  codeOf,
  passSeconds,
  prepareOutage,
  server,
  type Reply,
  refreshes,
} from "../../support/outage.js";
import { renderWithAuth } from "../../support/renderWithAuth.js";

prepareOutage();

describe("an error boundary", () => {
  beforeEach(ignoreRenderErrors);

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
