import { act } from "@testing-library/react";
import { authedQueryOptions, AuthError, useAuthedQuery } from "react-authed-query";
import type { ReactElement } from "react";
import { afterEach, beforeEach, vi } from "vitest";
import { answer } from "./answers.js";
import { pass } from "./realTime.js";
import { setup, type Setup } from "./setup.js";

// What the test that runs has started.
export let server: Setup["server"];
export let auth: Setup["auth"];
export let clock: Setup["clock"];

/** Signs somebody in before each test of a file. */
export function prepareOutage(): void {
  beforeEach(async () => {
    ({ server, auth, clock } = await setup({ refreshTimeoutMs: 1000 }));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}

export const refreshes = "POST /auth/refresh";

export interface Reply {
  path: string;
}

interface Shown {
  data?: Reply | undefined;
  error: unknown;
  failureCount: number;
  fetchStatus: string;
  status: string;
}

export const show = ({ data, error, failureCount, fetchStatus, status }: Shown) =>
  `${status} ${fetchStatus} ${failureCount} ${data?.path ?? codeOf(error) ?? ""}`;

export function codeOf(error: unknown): string | undefined {
  const reason = error instanceof AuthError ? error : Object(error).cause;
  return reason instanceof AuthError ? reason.code : undefined;
}

export function Orders({ retry }: { retry?: number | boolean }): ReactElement {
  const orders = useAuthedQuery<Reply>({
    queryKey: ["orders"],
    request: "/orders",
    ...(retry !== undefined && { retry }),
  });
  return <p>{show(orders)}</p>;
}

export const options = (retry: number | boolean = false) =>
  authedQueryOptions<Reply>(auth, { queryKey: ["orders"], request: "/orders", retry });

/** The API knows no token any more, and the auth server is out of order. */
export function breakDown(retryAfterSeconds = 12): void {
  server.expireTokens();
  server.on(refreshes, answer(503, {}, { "retry-after": `${retryAfterSeconds}` }));
}

/** Time in which anything could happen that is going to. */
export async function passSeconds(seconds: number): Promise<void> {
  await act(() => clock.advance(seconds * 1000));
  await act(() => pass(30));
}
