import { QueryClient } from "@tanstack/react-query";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { App, createRouter } from "../../../example/recipes/reactRouter.js";
import { sendJSON } from "../../support/authServer.js";
import { recordFrames } from "../../support/frames.js";
import { bob, signIn as signInAs } from "../../support/people.js";
import { setup, type Setup } from "../../support/setup.js";

/** The person opens the app at `place`. */
async function open(place: string, prepare: (server: Setup["server"]) => void = () => {}) {
  const { server, auth } = await setup({ signedIn: false });
  prepare(server);
  server.on("/orders", ({ token }, response) =>
    sendJSON(response, token ? 200 : 401, ["boots", "a lamp"]),
  );
  window.history.replaceState(null, "", place);
  const queryClient = new QueryClient();
  const router = createRouter(auth, queryClient);
  const { frames } = recordFrames(<App auth={auth} router={router} queryClient={queryClient} />);
  const address = () => {
    const { pathname, search, hash } = window.location;
    return pathname + search + hash;
  };
  return { server, auth, router, frames, address };
}

async function signIn(password = "right"): Promise<void> {
  fireEvent.change(await screen.findByLabelText("Password"), { target: { value: password } });
  act(() => screen.getByText("Sign in").click());
}

test("a deep link reloaded while signed in never shows the login page", async () => {
  const { server, frames, address } = await open("/orders?page=2#row-7", (api) =>
    api.signInBefore(),
  );
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(frames.join()).not.toContain("Sign in");
  expect(address()).toBe("/orders?page=2#row-7");
  expect(server.received("/orders")).toBe(1);
});

test("a visitor signs in and comes back to the page, its query and its hash", async () => {
  const { server, address } = await open("/orders?page=2#row-7");
  await screen.findByText("Sign in");
  expect(server.received("/orders")).toBe(0);
  await signIn();
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(address()).toBe("/orders?page=2#row-7");
  expect(server.received("/orders")).toBe(1);
});

test("a login that fails says so, and the next one may be right", async () => {
  const { server } = await open("/orders");
  await signIn("wrong");
  expect(await screen.findByText("That was not right.")).toBeDefined();
  server.on("POST /auth/login", (_, response) => void response.writeHead(503).end());
  await signIn();
  expect(await screen.findByText("That did not work. Try again.")).toBeDefined();
  server.off("POST /auth/login");
  await signIn();
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
});

test("a link inside the app keeps its hash on the way through the login", async () => {
  const { router, address } = await open("/login");
  await screen.findByText("Sign in");
  await act(() => router.navigate("/orders?page=3#row-9"));
  await signIn();
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(address()).toBe("/orders?page=3#row-9");
});

test("a login link that leads elsewhere leads home", async () => {
  const { address, server } = await open("/login?next=//evil.example", (api) => api.signInBefore());
  await waitFor(() => expect(address()).toBe("/"));
  expect(server.received("/orders")).toBe(0);
});

test("signing out shows the login page at once, and no frame an empty one", async () => {
  const { frames } = await open("/orders", (api) => api.signInBefore());
  const button = await screen.findByText("Sign out");
  frames.length = 0;
  await act(async () => button.click());
  await screen.findByText("Sign in");
  expect(frames.join()).not.toContain("Orders");
});

test("after a switch of user the router keeps nothing of the first one's", async () => {
  const { server, auth, router } = await open("/orders", (api) => api.signInBefore());
  await screen.findByText("Orders: boots, a lamp");
  server.on("/orders", (_, response) => sendJSON(response, 200, ["gloves"]));
  await act(() => signInAs(bob, auth, server));
  await screen.findByText("Orders: gloves");
  // It has them behind a getter.
  expect(inspect(router.state, { depth: Infinity, showHidden: true })).not.toContain("boots");
});

test("a session that is refused leads to the login page, and back", async () => {
  const { server, auth, address } = await open("/orders?page=2", (api) => api.signInBefore());
  await screen.findByText("Orders: boots, a lamp");
  server.revokeSession();
  await act(() => auth.getAccessToken({ forceRefresh: true }));
  await screen.findByText("Sign in");
  await signIn();
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(address()).toBe("/orders?page=2");
});

test("with the API down there is something to press, and it recovers", async () => {
  const { server } = await open("/orders", (api) => {
    api.signInBefore();
    api.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
  });
  const button = await screen.findByText(/Try again/);
  server.off("POST /auth/refresh");
  await act(async () => button.click());
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
});
