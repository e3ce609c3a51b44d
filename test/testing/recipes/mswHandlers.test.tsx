import { render, screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { AuthProvider, createAuth, useAuth, type Auth } from "react-authed-query";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createAuthHandlers } from "../../../example/recipes/mswHandlers.js";

const ada = { id: "u1", name: "Ada", email: "ada@example.com", password: "right" };
const cookies: (string | undefined)[] = [];

const { handlers, userOf, revokeAll } = createAuthHandlers([ada]);
const server = setupServer(
  ...handlers,
  http.get("*/api/orders", ({ request }) => {
    return userOf(request) ? HttpResponse.json(["boots"]) : new HttpResponse(null, { status: 401 });
  }),
);
const auths: Auth[] = [];

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  server.use(http.post("*/api/auth/refresh", (info) => void cookies.push(info.cookies["refresh"])));
});
afterEach(() => auths.splice(0).forEach((auth) => auth.dispose()));
afterAll(() => server.close());

function open(): Auth {
  const auth = createAuth({ baseURL: "/api", tabs: false });
  auths.push(auth);
  return auth;
}

test("the handlers sign in, rotate, restore, refuse and sign out", async () => {
  const auth = open();
  expect((await auth.ready()).status).toBe("unauthenticated");
  await expect(auth.login({ ...ada, password: "wrong" })).rejects.toMatchObject({ status: 401 });
  expect(await auth.login(ada)).toMatchObject({ user: { id: "u1", name: "Ada" } });
  expect((await auth.api.get("/orders")).data).toEqual(["boots"]);
  expect(auth.getState().user).not.toHaveProperty("password");

  await auth.getAccessToken({ forceRefresh: true });
  const reloaded = open();
  expect((await reloaded.ready()).status).toBe("authenticated");
  expect(new Set(cookies).size).toBe(cookies.length);

  revokeAll();
  await expect(reloaded.api.get("/orders")).rejects.toMatchObject({ status: 401 });
  expect(reloaded.getState().status).toBe("unauthenticated");

  await reloaded.login(ada);
  expect(await reloaded.logout()).toEqual({ serverTold: true });
  expect((await open().ready()).status).toBe("unauthenticated");
});

test("a refresh token that comes again ends the session", async () => {
  const auth = open();
  await auth.login(ada);
  await auth.getAccessToken({ forceRefresh: true });
  const spent = cookies.at(-1) ?? "";
  const again = await fetch("http://127.0.0.1:3000/api/auth/refresh", {
    method: "POST",
    headers: { cookie: `refresh=${spent}` },
  });
  expect(again.status).toBe(401);
  await expect(auth.getAccessToken({ forceRefresh: true })).resolves.toBeNull();
});

test("an access token that has expired is refused", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const auth = open();
  await auth.login(ada);
  const authorization = `Bearer ${await auth.getAccessToken()}`;
  const ask = () => fetch("http://127.0.0.1:3000/api/orders", { headers: { authorization } });
  expect((await ask()).status).toBe(200);
  vi.setSystemTime(Date.now() + 299_000);
  expect((await ask()).status).toBe(200);
  vi.setSystemTime(Date.now() + 1000);
  expect((await ask()).status).toBe(401);
  expect((await auth.api.get("/orders")).data).toEqual(["boots"]);
  await auth.logout();
});

test("a component sees the session of the handlers", async () => {
  const auth = open();
  await auth.login(ada);
  function Name() {
    return <p>{String(Reflect.get(useAuth().user ?? {}, "name"))}</p>;
  }
  render(
    <AuthProvider auth={auth}>
      <Name />
    </AuthProvider>,
  );
  expect(await screen.findByText("Ada")).toBeDefined();
});
