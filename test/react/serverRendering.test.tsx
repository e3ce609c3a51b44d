// @vitest-environment node
import { QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { AuthProvider, createAuth } from "react-authed-query";
import { renderToString } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { markup, pageOf } from "../support/renderedPage.js";
import { setup } from "../support/setup.js";

describe("on the server", () => {
  test("there is no window, and the markup is that of the start", () => {
    expect(typeof window).toBe("undefined");
    expect(renderToString(pageOf(createAuth()))).toBe(markup);
  });

  test("nothing starts: no request, no timer", async () => {
    const { server, auth, clock } = await setup({ signedIn: false });
    renderToString(pageOf(auth));
    expect(server.received()).toBe(0);
    expect(clock.timers()).toBe(0);
  });

  test("one request's client does not meet another's, though they share an Auth", () => {
    const auth = createAuth();
    const clients = [new QueryClient(), new QueryClient()];
    const Whose = () => {
      const { data } = useQuery({ queryKey: ["whose"], queryFn: () => "", staleTime: Infinity });
      return <>{data}</>;
    };
    clients.forEach((client, index) => client.setQueryData(["whose"], `user ${index}`));
    const pages = clients.map((client) =>
      renderToString(
        <AuthProvider auth={auth} queryClient={client}>
          <Whose />
        </AuthProvider>,
      ),
    );
    expect(pages).toEqual(["user 0", "user 1"]);
  });

  test("nor do the clients that its providers make themselves", () => {
    const auth = createAuth();
    const clients: QueryClient[] = [];
    const Probe = () => void clients.push(useQueryClient());
    for (let request = 0; request < 2; request += 1) {
      renderToString(
        <AuthProvider auth={auth}>
          <Probe />
        </AuthProvider>,
      );
    }
    expect(clients).toHaveLength(2);
    expect(clients[0]).not.toBe(clients[1]);
  });

  test("an Auth of all requests does not keep the client of one: it is still free", () => {
    const client = new QueryClient();
    renderToString(pageOf(createAuth(), client));
    expect(renderToString(pageOf(createAuth(), client))).toBe(markup);
  });
});
