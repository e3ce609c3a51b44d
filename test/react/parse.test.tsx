import { QueryClient, useInfiniteQuery } from "@tanstack/react-query";
import { act, screen } from "@testing-library/react";
import {
  authedInfiniteQueryOptions,
  authedMutationOptions,
  authedQueryOptions,
  useAuthedMutation,
  useAuthedQuery,
  type Parse,
} from "react-authed-query";
import { inspect } from "node:util";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { sendJSON } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { renderRecorded } from "../support/frames.js";
import { setup, type Setup } from "../support/setup.js";

let server: Setup["server"];
let auth: Setup["auth"];

beforeEach(async () => {
  ({ server, auth } = await setup());
  server.on("/orders", (_, response) => sendJSON(response, 200, [{ id: 1, price: "12.50" }]));
  server.on("/orders/1", (_, response) => sendJSON(response, 200, { id: 1, price: "12.50" }));
});

const Order = z.object({ id: z.number(), price: z.string().transform(Number) });
const Orders = z.array(Order);

describe("what `parse` gives is the data", () => {
  const inStock = async () => true;
  test.each<[string, Parse<unknown>]>([
    ["a schema", Orders],
    ["a schema that checks asynchronously", Orders.refine(inStock)],
    ["a function", (body) => Orders.parse(body)],
    ["an asynchronous function", (body) => Orders.parseAsync(body)],
    [
      "a schema that is a function too",
      Object.assign(() => "no", { "~standard": Orders["~standard"] }),
    ],
  ])("of a query, by %s", async (_, parse) => {
    const options = authedQueryOptions(auth, { queryKey: ["orders"], request: "/orders", parse });
    expect(await new QueryClient().fetchQuery(options)).toEqual([{ id: 1, price: 12.5 }]);
  });

  test("in components: of a query, of the pages of an infinite one, of a mutation", async () => {
    const pages = authedInfiniteQueryOptions(auth, {
      queryKey: ["pages"],
      request: (page: number) => `/orders/${page}`,
      parse: Order,
      initialPageParam: 1,
      getNextPageParam: () => null,
    });
    const All = () => {
      const query = useAuthedQuery({ queryKey: ["orders"], request: "/orders", parse: Orders });
      const infinite = useInfiniteQuery(pages);
      const mutation = useAuthedMutation({
        request: (id: number) => `/orders/${id}`,
        parse: Order,
      });
      return (
        <button onClick={() => mutation.mutate(1)}>
          {query.data?.[0]?.price} {infinite.data?.pages[0]?.price} {mutation.data?.price}
        </button>
      );
    };
    renderRecorded(auth, <All />);
    act(() => screen.getByRole("button").click());
    expect(await screen.findByText("12.5 12.5 12.5")).toBeDefined();
  });
});

describe("a body that `parse` refuses", () => {
  const secret = "hunter2";

  beforeEach(() => {
    server.on("/orders", (_, response) => sendJSON(response, 200, [{ id: secret, price: secret }]));
  });

  test.each<[string, Parse<unknown>, string]>([
    ["a schema", Orders, " at 0.id"],
    ["a schema whose path has objects", schemaOf([{ path: [{ key: 0 }, "id"] }]), " at 0.id"],
    ["a schema that names no place", schemaOf([{}]), ""],
    ["a function that throws a schema's error", (body) => Orders.parse(body), " at 0.id"],
    [
      "a function that throws",
      (body) => {
        throw new Error(`not good: ${JSON.stringify(body)}`);
      },
      "",
    ],
    ["a function that rejects", (body) => Promise.reject(body), ""],
  ])("by %s is an error that names the key, and holds none of it", async (_, parse, places) => {
    const options = authedQueryOptions(auth, {
      queryKey: ["orders", 7],
      request: "/orders",
      parse,
    });
    const error = await failure(new QueryClient().fetchQuery(options));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      message: `The response body of ["orders",7] fails \`parse\`${places}.`,
    });
    // Its cause and hidden fields too.
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain(secret);
  });

  test("is not asked for again: the same answer would fail again", async () => {
    const retry = vi.fn<() => boolean>(() => true);
    const options = { queryKey: ["orders"], request: "/orders", parse: Orders, retry };
    await failure(new QueryClient().fetchQuery(authedQueryOptions(auth, options)));
    expect(server.received("/orders")).toBe(1);
    expect(retry).not.toHaveBeenCalled();
  });

  test.each([
    ["its key", { mutationKey: ["book", 7] }, '["book",7]'],
    ["no key", {}, "a mutation"],
  ])("fails a mutation that has %s", async (_, key, name) => {
    const client = new QueryClient();
    const options = { ...key, request: () => "/orders", parse: Orders, retry: 2 };
    const mutation = client.getMutationCache().build(client, authedMutationOptions(auth, options));
    expect(await failure(mutation.execute())).toMatchObject({
      message: `The response body of ${name} fails \`parse\` at 0.id.`,
    });
    expect(server.received("POST /orders")).toBe(1);
  });

  test("in a production bundle names the key alone", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const options = { queryKey: ["orders"], request: "/orders", parse: Orders };
    const error = await failure(new QueryClient().fetchQuery(authedQueryOptions(auth, options)));
    vi.unstubAllEnvs();
    expect(error).toMatchObject({ message: 'parse_failed ["orders"]' });
  });
});

/** A schema that finds these issues, and quotes what it was given. */
function schemaOf(issues: object[]): Parse<unknown> {
  const validate = (body: unknown) => ({
    issues: issues.map((issue) => ({ ...issue, message: JSON.stringify(body), input: body })),
  });
  return { "~standard": { version: 1, vendor: "test", validate } };
}
