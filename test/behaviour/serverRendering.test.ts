import { createAuth, AuthProvider, useAuth, useAuthedQuery } from "react-authed-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { createClock } from "../support/clock.js";

describe("28: on a server", () => {
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

describe("a wrong option", () => {
  test.each([
    [{ refreshTimeoutMs: -1 }, "`refreshTimeoutMs` must be a positive number of milliseconds"],
    [{ baseUrl: "/api" }, "`baseUrl` is not an option"],
    [{ login: 5 }, "`login` must be a URL"],
    [{ restore: "sometimes" }, '`restore` must be "always" or "never"'],
    [{ refreshOn: 401 }, "`refreshOn` must be an array of statuses"],
    [{ csrf: "x" }, "`csrf` must be `{ cookie, header }`"],
    [{ constructor: 1 }, "`constructor` is not an option"],
  ])("%o throws and says the remedy", (options, sentence) => {
    expect(() => createAuth(options as never)).toThrow(sentence);
  });
});
