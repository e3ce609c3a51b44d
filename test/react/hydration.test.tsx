import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { serveOwners } from "../support/people.js";
import { markup, pageOf } from "../support/renderedPage.js";
import { setup } from "../support/setup.js";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test.each([
  ["the session is still to be restored", false],
  ["someone is signed in already", true],
])("28: the first render equals the server's markup, when %s", async (_, signedIn) => {
  const { server, auth } = await setup({ signedIn });
  serveOwners(server);
  if (!signedIn) server.signInBefore();
  const mismatches: unknown[] = [];
  vi.spyOn(console, "error").mockImplementation((...text) => void mismatches.push(text));
  const container = document.createElement("div");
  document.body.append(container);
  container.innerHTML = markup;
  const served = container.querySelector("p");
  render(pageOf(auth), {
    container,
    hydrate: true,
    onRecoverableError: (error) => void mismatches.push(error),
  });
  await screen.findByText("welcome");
  expect(await screen.findByText("authenticated Ada false")).toBe(served);
  expect(mismatches).toEqual([]);
});
