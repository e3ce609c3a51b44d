import { act, render } from "@testing-library/react";
import axios, { type AxiosInstance } from "axios";
import { AuthProvider, useApi, useAuth } from "react-authed-query";
import { StrictMode, type ReactElement } from "react";
import { beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { bob, signIn } from "../support/people.js";
import { auth, server, start } from "../support/started.js";

describe("useApi", () => {
  let seen: AxiosInstance[];

  function Probe(): ReactElement {
    const api = useApi();
    const { status } = useAuth();
    seen.push(api);
    return <p>{status}</p>;
  }

  const renderProbes = () =>
    render(
      <StrictMode>
        <AuthProvider auth={auth}>
          <Probe />
          <Probe />
        </AuthProvider>
      </StrictMode>,
    );

  beforeEach(() => {
    seen = [];
  });

  test("gives one instance for one person, whoever asks, and another for the next", async () => {
    await start();
    const { rerender } = renderProbes();
    rerender(
      <StrictMode>
        <AuthProvider auth={auth}>
          <Probe />
          <Probe />
          <Probe />
        </AuthProvider>
      </StrictMode>,
    );
    server.expireTokens();
    await act(async () => void (await auth.api.get("/me")));
    await act(() => signIn({ sub: "u1", name: "Ada" }, auth, server));
    expect(new Set(seen).size).toBe(1);
    await act(() => signIn(bob, auth, server));
    expect(new Set(seen).size).toBe(2);
  });

  test("a visitor's instance goes on as the user who signs in", async () => {
    await start({ signedIn: false });
    await auth.ready();
    renderProbes();
    const [api] = seen;
    await expect(api?.get("/whose")).rejects.toMatchObject({ status: 401 });
    await act(() => signIn(bob, auth, server));
    expect(await api?.get("/whose")).toMatchObject({ data: { owner: "Bob" } });
    expect(new Set(seen).size).toBe(1);
  });

  test("after a refusal the same user's instance goes on when that user is back", async () => {
    await start();
    renderProbes();
    const [api] = seen;
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    await act(() => auth.getAccessToken({ forceRefresh: true }));
    await act(() => signIn({ sub: "u1", name: "Ada" }, auth, server));
    expect(await api?.get("/whose")).toMatchObject({ data: { owner: "Ada" } });
  });

  test("behaves like the app's own axios instance", async () => {
    const own = axios.create({ timeout: 5000 });
    const order: string[] = [];
    own.interceptors.request.use((config) => {
      order.push("request");
      return config;
    });
    await start({ axios: own });
    own.defaults.baseURL = server.url;
    renderProbes();
    const [api] = seen;
    if (!api) throw new Error("Nothing was rendered.");
    expectTypeOf(api).toEqualTypeOf<AxiosInstance>();
    expect(api).toBeTypeOf("function");
    expect(api.defaults).toBe(own.defaults);
    expect(api.interceptors).toBe(own.interceptors);
    expect(api.getUri({ url: "/whose", params: { a: 1 } })).toBe(
      own.getUri({ url: "/whose", params: { a: 1 } }),
    );
    expect(api.create().defaults.timeout).toBe(5000);
    // A method is the same each time, as a dependency of an effect has to be.
    expect(api.get).toBe(api.get);
    expect(Object.keys(api)).toEqual(Object.keys(own));
    const { get } = api;
    const answers = await Promise.all([
      api("/whose"),
      api({ url: "/whose" }),
      api.request({ url: "/whose" }),
      get("/whose"),
    ]);
    expect(answers.map(({ data }) => data as unknown)).toEqual(
      Array.from({ length: 4 }, () => ({ owner: "Ada", path: "/whose" })),
    );
    expect(order).toEqual(["request", "request", "request", "request"]);
    const { config: ownConfig } = await own.get("/whose");
    for (const { config } of answers) {
      expect(Object.getOwnPropertySymbols(config)).toEqual(Object.getOwnPropertySymbols(ownConfig));
    }
    await api.postForm("/whose", { a: "b" });
    expect(server.requests.at(-1)).toMatchObject({ method: "POST", path: "/whose" });
  });
});
