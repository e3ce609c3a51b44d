import { QueryClient, useMutation } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import { authedMutationOptions, type Auth } from "react-authed-query";
import { beforeEach, describe, expect, test } from "vitest";
import { sendJSON } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { renderRecorded } from "../support/frames.js";
import { ada, signIn } from "../support/people.js";
import { setup, type Setup } from "../support/setup.js";

let server: Setup["server"];
let auth: Setup["auth"];

beforeEach(async () => {
  ({ server, auth } = await setup({ signedIn: false }));
});

const booking = (by: Auth) =>
  authedMutationOptions(by, {
    mutationKey: ["book"],
    request: (id: number) => ({ url: `/bookings/${id}`, data: { id } }),
  });

/** Runs it outside React, in a client of its own unless one is given. */
function run(by: Auth, more: object = {}, client = new QueryClient()): Promise<unknown> {
  const options = { ...booking(by), retryDelay: 0, ...more };
  return client.getMutationCache().build(client, options).execute(7);
}

test("useMutation waits while the session is loading, sends, and gives the response body", async () => {
  server.signInBefore();
  const Book = () => {
    const { mutate, data } = useMutation(booking(auth));
    return <button onClick={() => mutate(7)}>{JSON.stringify(data)}</button>;
  };
  renderRecorded(auth, <Book />);
  act(() => screen.getByRole("button").click());
  expect(await screen.findByText(/"method":"POST"/)).toBeDefined();
  expect(server.requests.map(({ path }) => path)).toEqual(["/auth/refresh", "/bookings/7"]);
});

test("signed out it rejects signed_out, and sends nothing", async () => {
  expect(await failure(run(auth, { retry: 3 }))).toMatchObject({ code: "signed_out" });
  expect(server.received("/bookings/7")).toBe(0);
});

test("a mutationFn is given the axios instance", async () => {
  await signIn(ada, auth, server);
  const options = authedMutationOptions(auth, {
    mutationFn: async (id: number, { api }) =>
      (await api.put<{ path: string }>(`/bookings/${id}`)).data.path,
  });
  const client = new QueryClient();
  expect(await client.getMutationCache().build(client, options).execute(7)).toBe("/bookings/7");
});

describe("retries", () => {
  const answer = (status: number) =>
    server.on("/bookings/7", (_, response) => sendJSON(response, status, {}));

  beforeEach(() => signIn(ada, auth, server));

  test("as its `retry` says, or not at all", async () => {
    answer(500);
    await failure(run(auth, { retry: 2 }));
    expect(server.received("/bookings/7")).toBe(3);
    await failure(run(auth));
    expect(server.received("/bookings/7")).toBe(4);
  });

  test("never for a 401 that stays", async () => {
    answer(401);
    const options = authedMutationOptions(auth, { request: () => "/bookings/7", retry: 3 });
    const client = new QueryClient();
    await failure(client.getMutationCache().build(client, options).execute());
    expect(server.received("/bookings/7")).toBe(2);
  });
});
