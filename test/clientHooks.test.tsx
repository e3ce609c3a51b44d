// @vitest-environment jsdom
// @vitest-environment-options { "url": "http://127.0.0.1:3000" }
import { act } from "@testing-library/react";
import * as library from "react-authed-query";
import type { ReactElement } from "react";
import { expect, test, vi } from "vitest";
import { answer } from "./support/answers.js";
import type { AuthServer } from "./support/authServer.js";
import { renderRecorded } from "./support/frames.js";
import { ada, signIn } from "./support/people.js";
import { setup, type SetupOptions } from "./support/setup.js";

interface OrderQuery {
  data?: { item: string } | undefined;
  error: unknown;
}

/** What the lines for openapi-react-query export, for the types to be checked without them. */
interface Documented {
  useOrder(id: string): OrderQuery;
  $api: { useQuery(method: string, path: string, init: object): OrderQuery };
}

async function start(options?: SetupOptions) {
  const made = await setup(options);
  vi.resetModules();
  vi.doMock("react-authed-query", () => library);
  vi.doMock("./clients/clients/auth", () => ({ auth: made.auth, baseURL: made.server.url }));
  const [serving, documenting] = ["./clients/server/serve", "./clients/clients/openapiReactQuery"];
  const { serve }: { serve: (server: AuthServer) => void } = await import(
    /* @vite-ignore */ serving
  );
  serve(made.server);
  const documented: Documented = await import(/* @vite-ignore */ documenting);
  return { ...made, ...documented };
}

/** What a component shows of a query. */
const shown = ({ data, error }: OrderQuery): ReactElement => (
  <p>{error instanceof library.AuthError ? error.code : (data?.item ?? "nothing")}</p>
);

test("a query of openapi-react-query waits for the session in `useAuthedQuery`, and refreshes once", async () => {
  const { auth, server, useOrder } = await start({ signedIn: false });
  const Order = () => shown(useOrder("1"));
  const { frames, queryClient } = renderRecorded(auth, <Order />);
  await act(() => auth.ready());
  await act(() => signIn(ada, auth, server));
  await expect.poll(() => frames.at(-1)).toBe("item 1");
  expect(server.received("/orders/1")).toBe(1);
  const before = server.received("POST /auth/refresh");
  server.expireTokens();
  await act(() => queryClient.invalidateQueries());
  expect(frames.at(-1)).toBe("item 1");
  expect(server.received("/orders/1")).toBe(3);
  expect(server.received("POST /auth/refresh")).toBe(before + 1);
});

test("its query is tried again after a 401 that no refresh cures: the error does not tell", async () => {
  const { auth, server, useOrder } = await start();
  server.on("GET /orders/1", answer(401, { message: "never" }));
  const Order = () => shown(useOrder("1"));
  renderRecorded(auth, <Order />);
  await expect.poll(() => server.received("/orders/1")).toBeGreaterThan(2);
  expect(server.received("POST /auth/refresh")).toBe(1);
});

test("its own hook waits for nobody: signed out, its request goes without a token", async () => {
  const { auth, server, $api } = await start({ signedIn: false });
  await auth.ready();
  const Order = () =>
    shown($api.useQuery("get", "/orders/{id}", { params: { path: { id: "1" } } }));
  renderRecorded(auth, <Order />);
  await expect.poll(() => server.received("/orders/1")).toBeGreaterThan(0);
  expect(server.requests.at(-1)?.token).toBeUndefined();
});
