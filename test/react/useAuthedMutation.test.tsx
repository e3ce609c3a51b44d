import { onlineManager, QueryClient, useMutation } from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import { AuthError, AuthProvider, useApi, useAuthedMutation } from "react-authed-query";
import type { ReactElement } from "react";
import { afterEach, describe, expect, test } from "vitest";
import { sendJSON } from "../support/authServer.js";
import { recordFrames, renderRecorded } from "../support/frames.js";
import { renderWithAuth } from "../support/renderWithAuth.js";
import { setup } from "../support/setup.js";

afterEach(() => {
  onlineManager.setOnline(true);
});

interface Receipt {
  method: string;
  path: string;
}

function Booking({ retry }: { retry?: number }): ReactElement {
  const { data, error, status, mutate } = useAuthedMutation<Receipt, Error, number>({
    request: (id) => ({ url: `/bookings/${id}`, data: { id } }),
    ...(retry !== undefined && { retry }),
    retryDelay: 0,
  });
  const code = error instanceof AuthError ? error.code : error?.message;
  return (
    <button onClick={() => mutate(7)}>
      {status} {data?.method} {data?.path} {code}
    </button>
  );
}

const press = () => act(() => screen.getByRole("button").click());

test("posts what `request` says, and gives the response body as data", async () => {
  const { server, auth } = await setup();
  renderRecorded(auth, <Booking />);
  press();
  expect(await screen.findByText("success POST /bookings/7")).toBeDefined();
  expect(server.requests.at(-1)?.body.toString()).toBe('{"id":7}');
});

test("a request names its own method, or is a URL", async () => {
  const { server, auth } = await setup();
  const Both = () => {
    const cancel = useAuthedMutation({
      request: (id: number) => ({ url: `/bookings/${id}`, method: "delete" }),
    });
    const touch = useAuthedMutation({ request: () => "/touch" });
    return (
      <button
        onClick={() => {
          cancel.mutate(7);
          touch.mutate();
        }}
      >
        {cancel.status} {touch.status}
      </button>
    );
  };
  renderRecorded(auth, <Both />);
  press();
  await screen.findByText("success success");
  expect(server.received("DELETE /bookings/7")).toBe(1);
  expect(server.received("POST /touch")).toBe(1);
});

test("a mutationFn is given what useMutation's is, and useApi's axios instance", async () => {
  const { auth } = await setup();
  const given: unknown[][] = [];
  const apis = new Set<unknown>();
  const note = async (...all: unknown[]) => void given.push(all);
  const Probe = () => {
    apis.add(useApi());
    const plain = useMutation<void, Error, number>({ mutationKey: ["book"], mutationFn: note });
    const authed = useAuthedMutation<void, Error, number>({
      mutationKey: ["book"],
      mutationFn: note,
    });
    return (
      <button
        onClick={() => {
          plain.mutate(7);
          authed.mutate(7);
        }}
      >
        Both
      </button>
    );
  };
  renderRecorded(auth, <Probe />);
  press();
  await waitFor(() => expect(given).toHaveLength(2));
  const [plain, authed] = given;
  // Before 5.89 TanStack Query gives a mutation no context.
  const [api] = apis;
  expect(authed).toEqual([7, { ...Object(plain?.[1]), api }]);
});

test("an expired token goes unnoticed", async () => {
  const { server, auth } = await setup();
  server.expireTokens();
  renderRecorded(auth, <Booking />);
  press();
  expect(await screen.findByText("success POST /bookings/7")).toBeDefined();
  expect(server.received("POST /auth/refresh")).toBe(1);
});

describe("useAuthedMutation", () => {
  test("signed out sends nothing and settles signed_out, without a retry", async () => {
    const { server, auth } = await setup({ signedIn: false });
    await auth.ready();
    const { frames } = renderRecorded(auth, <Booking retry={3} />);
    press();
    expect(await screen.findByText("error signed_out")).toBeDefined();
    expect(frames.join()).not.toContain("1");
    expect(server.received("/bookings/7")).toBe(0);
  });

  test("waits while the session is loading, then sends", async () => {
    const { server, auth } = await setup({ signedIn: false });
    server.signInBefore();
    renderRecorded(auth, <Booking />);
    press();
    expect(await screen.findByText("success POST /bookings/7")).toBeDefined();
    expect(server.received("/bookings/7")).toBe(1);
  });

  test("never retries a 401 that stays", async () => {
    const { server, auth } = await setup();
    server.on("/bookings/7", (_, response) => sendJSON(response, 401, {}));
    renderRecorded(auth, <Booking retry={3} />);
    press();
    expect(await screen.findByText("error Request failed with status code 401")).toBeDefined();
    expect(server.received("/bookings/7")).toBe(2);
  });

  test.each([
    ["not at all by default", undefined, 1],
    ["as the user's `retry` says", 2, 3],
  ])("retries what may pass %s", async (_, retry, times) => {
    const { server, auth } = await setup();
    server.on("/bookings/7", (__, response) => sendJSON(response, 500, {}));
    renderRecorded(auth, <Booking {...(retry !== undefined && { retry })} />);
    press();
    await screen.findByText("error Request failed with status code 500");
    expect(server.received("/bookings/7")).toBe(times);
  });

  test("retries as the client's default says", async () => {
    const { server, auth } = await setup();
    server.on("/bookings/7", (_, response) => sendJSON(response, 500, {}));
    const client = new QueryClient({ defaultOptions: { mutations: { retry: 1 } } });
    recordFrames(
      <AuthProvider auth={auth} queryClient={client}>
        <Booking />
      </AuthProvider>,
    );
    press();
    await screen.findByText("error Request failed with status code 500");
    expect(server.received("/bookings/7")).toBe(2);
  });
});

test("its callbacks fire as useMutation's", async () => {
  const { auth } = await setup();
  const fired: unknown[] = [];
  const Probe = () => {
    const { mutate } = useAuthedMutation<Receipt, Error, number, string>({
      request: (id) => `/bookings/${id}`,
      onMutate: (id) => `before ${id}`,
      onSuccess: ({ path }, id, before) => void fired.push([path, id, before]),
    });
    return <button onClick={() => mutate(7)}>book</button>;
  };
  renderWithAuth(auth, <Probe />);
  press();
  await waitFor(() => expect(fired).toEqual([["/bookings/7", 7, "before 7"]]));
});
