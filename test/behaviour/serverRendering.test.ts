import { createAuth, AuthProvider, useAuth, useAuthedQuery } from "react-authed-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { createClock } from "../support/clock.js";

describe("on a server", () => {
  const App = () => {
    const { status } = useAuth();
    const { fetchStatus } = useAuthedQuery({ queryKey: ["orders"], request: "/orders" });
    return createElement("p", null, `${status} ${fetchStatus}`);
  };

  test("there is no window, and the markup is that of the first client render", () => {
    expect(typeof window).toBe("undefined");
    const auth = createAuth({ baseURL: "https://api.example.com" });
    const markup = renderToString(createElement(AuthProvider, { auth }, createElement(App)));
    expect(markup).toBe("<p>loading idle</p>");
  });

  test("createAuth starts nothing: no request, no timer, no listener", () => {
    const calls: string[] = [];
    const note = (name: string) => (): never => {
      calls.push(name);
      throw new Error(name);
    };
    const clock = createClock({
      fetch: note("fetch"),
      startTimer: note("startTimer"),
      onWake: note("onWake"),
    });
    createAuth({ baseURL: "https://api.example.com" }, clock.platform);
    expect(calls).toEqual([]);
  });

  test("two requests share no state", async () => {
    const first = createAuth({ login: () => ({ accessToken: "a" }) });
    const second = createAuth({ login: () => ({ accessToken: "b" }) });
    await first.login({});
    expect(second.getState().status).toBe("loading");
  });
});

test("without a document there is no cookie to read and nothing to wake", async () => {
  const inits: RequestInit[] = [];
  const auth = createAuth({
    baseURL: "https://api.example.com",
    csrf: { cookie: "XSRF", header: "X-XSRF" },
    fetch: (_, init) => {
      inits.push(init);
      return Promise.reject(new TypeError("no network"));
    },
  });
  await expect(auth.ready()).rejects.toMatchObject({ code: "unavailable" });
  expect(new Headers(inits[0]?.headers).has("X-XSRF")).toBe(false);
  auth.dispose();
});

test("a relative URL that the app's own fetch understands is tried again", async () => {
  const clock = createClock();
  const fetch = () => Promise.reject(new TypeError("no network"));
  const auth = createAuth({ fetch }, clock.platform);
  await expect(auth.ready()).rejects.toMatchObject({ code: "unavailable" });
  expect(auth.getState().status).toBe("loading");
  auth.dispose();
});

test("without a document a relative URL leads nowhere, and is not tried again", async () => {
  const clock = createClock();
  const auth = createAuth({}, clock.platform);
  expect(await auth.ready()).toMatchObject({
    status: "unauthenticated",
    error: { code: "misconfigured", cause: expect.any(TypeError) },
  });
  await clock.advance(60_000);
  expect(clock.timers()).toBe(0);
  await expect(auth.login({})).rejects.toMatchObject({ code: "misconfigured" });
});
