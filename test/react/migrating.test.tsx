import { fireEvent, render, screen } from "@testing-library/react";
import type { AxiosInstance } from "axios";
import * as library from "react-authed-query";
import type { ComponentType, ReactNode } from "react";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { sendJSON, startAuthServer, type AuthServer } from "../support/authServer.js";

// What docs/migrating.md has as "After", run as it stands in a page that the API's server has sent.

/** What the files export. Some compile with a `Register` of their own only, so they are imported by name. */
interface Exports {
  api: AxiosInstance;
  Root: ComponentType<{ login?: ReactNode; children: ReactNode }>;
  Orders: ComponentType;
  Greeting: ComponentType;
}

const snippets = "../docs/snippets/migrating";

afterEach(() => {
  vi.doUnmock("react-authed-query");
});

/** The names that a file exports, and the Auth that it has made. */
async function load(file: string): Promise<Exports & { server: AuthServer; auth: library.Auth }> {
  const server = await startAuthServer();
  serveBelowAPI(server);
  document.head.innerHTML = `<base href="${server.url}/">`;
  const made: library.Auth[] = [];
  const createAuth = (options: library.CreateAuthOptions) => {
    // A browser's `fetch` keeps cookies, and Node's does not.
    const auth = library.createAuth({ ...options, fetch: server.fetch });
    made.push(auth);
    return auth;
  };
  vi.doMock("react-authed-query", () => ({ ...library, createAuth }));
  const exported: Exports = await import(/* @vite-ignore */ file);
  const [auth] = made;
  if (!auth) throw new Error(`${file} makes no Auth.`);
  onTestFinished(async () => {
    auth.dispose();
    await server.close();
  });
  return { ...exported, server, auth };
}

/** The files have `/api` as their `baseURL`. */
function serveBelowAPI(server: AuthServer): void {
  for (const path of ["/auth/login", "/auth/refresh", "/auth/logout"]) {
    server.on(`/api${path}`, (request) => {
      request.path = path;
      return "default";
    });
  }
  server.on("/api/orders", ({ token }, response) =>
    server.accepts(token) ? sendJSON(response, 200, ["tea", "cake"]) : "default",
  );
}

test("after axios-auth-refresh the same instance refreshes once, and keeps its interceptors", async () => {
  const { server, auth, api } = await load(`${snippets}/axiosAfter`);
  const asked: unknown[] = [];
  api.interceptors.request.use((config) => {
    asked.push(config.timeout);
    return config;
  });
  await auth.login({ password: "right" });
  server.expireTokens();
  const answers = await Promise.all([1, 2, 3].map(() => api.get("/orders")));
  expect(answers.map(({ data }) => data)).toEqual(answers.map(() => ["tea", "cake"]));
  expect(server.received("POST /auth/refresh")).toBe(1);
  expect(server.received("/api/orders")).toBe(6);
  expect(asked).toEqual([20_000, 20_000, 20_000]);
});

test("after a context with localStorage the orders are shown after a reload, though their token expires", async () => {
  const { server, Root, Orders } = await load(`${snippets}/contextAfter`);
  server.signInBefore();
  server.on("/api/orders", ({ token }, response) => {
    if (server.received("/api/orders") === 1) server.expireTokens();
    return server.accepts(token) ? sendJSON(response, 200, ["tea", "cake"]) : "default";
  });
  render(
    <Root>
      <Orders />
    </Root>,
  );
  await screen.findByText("tea, cake");
  // One restores the session, and the other follows the 401.
  expect(server.received("POST /auth/refresh")).toBe(2);
  expect(server.received("/api/orders")).toBe(2);
  expect(JSON.stringify(localStorage)).not.toContain("eyJ");
});

test("after react-auth-kit a visitor signs in, is greeted, and signs out", async () => {
  const { server, auth, Root, Greeting } = await load("../types/registered/kitAfter");
  render(
    <Root login={<p>Who are you?</p>}>
      <Greeting />
    </Root>,
  );
  expect(screen.getByText("One moment …")).toBeDefined();
  await screen.findByText("Who are you?");
  await auth.login({ password: "right" });
  expect((await screen.findByText(/^Hello/)).textContent).toContain("Hello Ada");
  fireEvent.click(screen.getByText("Sign out"));
  await screen.findByText("Who are you?");
  await expect.poll(() => server.received("POST /auth/logout")).toBe(1);
});
