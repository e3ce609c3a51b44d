import { QueryClient } from "@tanstack/react-query";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { createAuth } from "react-authed-query";
import { inspect } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { App, createAppRouter } from "../../../example/recipes/tanStackRouter.js";
import { sendJSON } from "../../support/authServer.js";
import { createClock } from "../../support/clock.js";
import { expectWarning } from "../../support/expectWarning.js";
import { recordFrames } from "../../support/frames.js";
import { createOrigin } from "../../support/origin.js";
import { setup, type Setup } from "../../support/setup.js";

// The router scrolls up after each navigation; jsdom has no scrolling.
window.scrollTo = () => {};

/** The person opens the app at `place`. */
async function open(place: string, prepare: (server: Setup["server"]) => void = () => {}) {
  const origin = createOrigin();
  const { server, auth } = await setup({ signedIn: false, platform: origin.tab() });
  prepare(server);
  server.on("/orders", ({ token }, response) =>
    sendJSON(response, token ? 200 : 401, ["boots", "a lamp"]),
  );
  window.history.replaceState(null, "", place);
  const queryClient = new QueryClient();
  const router = createAppRouter(auth, queryClient);
  // The router listens to the window, which the tests share.
  onTestFinished(() => router.history.destroy());
  const { frames } = recordFrames(<App auth={auth} router={router} queryClient={queryClient} />);
  const address = () => {
    const { pathname, search, hash } = window.location;
    return pathname + search + hash;
  };
  const otherTab = () =>
    createAuth({ baseURL: server.url, fetch: server.fetch }, createClock(origin.tab()).platform);
  return { server, auth, otherTab, router, frames, address };
}

async function signIn(password = "right"): Promise<void> {
  fireEvent.change(await screen.findByLabelText("Password"), { target: { value: password } });
  act(() => screen.getByText("Sign in").click());
}

test("a deep link reloaded while signed in never shows the login page", async () => {
  const { server, frames, address } = await open("/orders?page=2&zip=00501#row-7", (api) =>
    api.signInBefore(),
  );
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(frames.join()).not.toContain("Sign in");
  expect(address()).toBe("/orders?page=2&zip=00501#row-7");
  expect(server.received("/orders")).toBe(1);
});

test("a visitor signs in and comes back to the page, its query and its hash", async () => {
  const { server, address } = await open("/orders?page=2&zip=00501#row-7");
  await screen.findByText("Sign in");
  expect(server.received("/orders")).toBe(0);
  expect(new URL(window.location.href).searchParams.get("next")).toBe(
    "/orders?page=2&zip=00501#row-7",
  );
  await signIn();
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(address()).toBe("/orders?page=2&zip=00501#row-7");
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
  act(() => void router.navigate({ to: "/orders", search: { page: 3 }, hash: "row-9" }));
  await waitFor(() => expect(address()).toContain("next="));
  await signIn();
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(address()).toBe("/orders?page=3#row-9");
});

test.each(["//evil.example", "https://evil.example/orders", "5", '["/orders"]'])(
  "a login link that names no place of this app leads home: %s",
  async (next) => {
    // The recipe has no page at "/".
    expectWarning(/A notFoundError was encountered/);
    const { address, server } = await open(`/login?${new URLSearchParams({ next })}`, (api) =>
      api.signInBefore(),
    );
    await waitFor(() => expect(address()).toBe("/"));
    expect(server.received("/orders")).toBe(0);
  },
);

test("signing out shows the login page at once, with no frame empty before it", async () => {
  const { frames } = await open("/orders", (api) => api.signInBefore());
  const button = await screen.findByText("Sign out");
  frames.length = 0;
  await act(async () => button.click());
  await screen.findByText("Sign in");
  expect(frames.join()).not.toContain("Orders");
  expect(frames).not.toContain("");
});

test("what the router keeps is nothing of the user's", async () => {
  const { router } = await open("/orders", (api) => api.signInBefore());
  const button = await screen.findByText("Sign out");
  await act(async () => button.click());
  await screen.findByText("Sign in");
  expect(inspect(router, { depth: Infinity, showHidden: true })).not.toContain("boots");
});

test("signing out in another tab leads to the login page, and back", async () => {
  const { otherTab, address } = await open("/orders?page=2", (api) => api.signInBefore());
  await screen.findByText("Orders: boots, a lamp");
  const other = otherTab();
  await other.ready();
  await act(() => other.logout());
  await screen.findByText("Sign in");
  other.dispose();
  await signIn();
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
  expect(address()).toBe("/orders?page=2");
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
  expectWarning(/Error in route match/);
  expectWarning(/The above error occurred in the <\w+> component/);
  const { server } = await open("/orders", (api) => {
    api.signInBefore();
    api.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
  });
  const button = await screen.findByText(/Try again/);
  server.off("POST /auth/refresh");
  await act(async () => button.click());
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();
});
