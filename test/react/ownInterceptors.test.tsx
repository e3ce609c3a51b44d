import { screen } from "@testing-library/react";
import axios, { type AxiosResponse } from "axios";
import { useAuthedMutation, useAuthedQuery } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { renderWithAuth } from "../support/renderWithAuth.js";
import { setup } from "../support/setup.js";

const body = { data: ["first"], total: 1 };

/** Interceptors that apps have, and what they make of a response with that body. */
const interceptors: [string, (response: AxiosResponse) => unknown, unknown][] = [
  ["does nothing", (response) => response, body],
  ["unwraps", ({ data }) => data, body],
  ["unwraps an envelope", ({ data }) => data.data, body.data],
  ["unwraps a text", () => "text", "text"],
  [
    "changes the body in place",
    (response) => Object.assign(response, { data: { ...response.data, total: 2 } }),
    { ...body, total: 2 },
  ],
  [
    "makes a copy of the response",
    (response) => ({ ...response, data: { ...response.data, total: 3 } }),
    { ...body, total: 3 },
  ],
  [
    "wraps the body",
    ({ data, status }) => ({ data, status, ok: true }),
    { data: body, status: 200, ok: true },
  ],
  [
    "unwraps a body that speaks of headers and of a config",
    ({ data }) => ({ ...data, status: 1, headers: {}, config: { headers: { toJSON: "no" } } }),
    { ...body, status: 1, headers: {}, config: { headers: { toJSON: "no" } } },
  ],
];

async function setupOwn(make: (response: AxiosResponse) => unknown) {
  const own = axios.create();
  // An interceptor may make anything of a response; the types know only one kind.
  own.interceptors.response.use((response) => make(response) as AxiosResponse);
  return setup({ axios: own });
}

describe.each(interceptors)("an instance of the app's whose interceptor %s", (_, make, data) => {
  const shown = JSON.stringify(data);

  test("gives that to a query, also where the token has expired", async () => {
    const Orders = () => {
      const orders = useAuthedQuery({ queryKey: ["orders"], request: "/orders" });
      return <p>{JSON.stringify(orders.data) ?? orders.error?.message}</p>;
    };
    const { server, auth } = await setupOwn(make);
    let status = 401;
    server.on("/orders", (request, response) => {
      void answer(status, body)(request, response);
      status = 200;
    });
    renderWithAuth(auth, <Orders />);
    expect(await screen.findByText(shown)).toBeDefined();
    expect(server.received("/orders")).toBe(2);
  });

  test("gives that to a mutation", async () => {
    const Booking = () => {
      const booking = useAuthedMutation({ request: () => "/orders" });
      return <button onClick={() => booking.mutate()}>{JSON.stringify(booking.data)}</button>;
    };
    const { server, auth } = await setupOwn(make);
    server.on("/orders", answer(200, body));
    renderWithAuth(auth, <Booking />);
    screen.getByRole("button").click();
    expect(await screen.findByText(shown)).toBeDefined();
  });
});

test("an interceptor that throws is the error of the query", async () => {
  const Orders = () => {
    const { error } = useAuthedQuery({ queryKey: ["orders"], request: "/orders", retry: false });
    return <p>{error?.message}</p>;
  };
  const { auth } = await setupOwn(() => {
    throw new RangeError("not what was asked for");
  });
  renderWithAuth(auth, <Orders />);
  expect(await screen.findByText("not what was asked for")).toBeDefined();
});
