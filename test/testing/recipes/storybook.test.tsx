import { act, render, screen } from "@testing-library/react";
import { useAuth, useAuthedQuery } from "react-authed-query";
import { expect, test } from "vitest";
import preview from "../../../example/recipes/storybook.js";

type Globals = Parameters<(typeof preview.decorators)[0]>[1]["globals"];

function Story() {
  const { status, user, expiredUser, error } = useAuth();
  const orders = useAuthedQuery<string[]>({ queryKey: ["orders"], request: "/orders" });
  const said = [
    status,
    user && String(Reflect.get(user, "name")),
    expiredUser && "expired",
    error?.code,
    orders.data,
    orders.error?.message,
  ];
  return <p>{said.filter(Boolean).join(", ")}</p>;
}

function show(session: Globals["session"]) {
  const [decorator] = preview.decorators;
  const parameters = { answers: { "GET /orders": ["boots"] } };
  return decorator?.(Story, { id: "orders--all", globals: { session }, parameters });
}

test("the toolbar offers each session, and each shows its own", async () => {
  expect(preview.globalTypes.session.toolbar.items).toEqual([
    "visitor",
    "loading",
    "ada",
    "expired",
    "offline",
  ]);
  expect(preview.globalTypes.session.toolbar.items).toContain(preview.initialGlobals.session);
  const { rerender } = render(show("ada"));
  expect(await screen.findByText("authenticated, Ada, boots")).toBeDefined();
  act(() => rerender(show("visitor")));
  expect(screen.getByText("unauthenticated")).toBeDefined();
  act(() => rerender(show("loading")));
  expect(screen.getByText("loading")).toBeDefined();
  act(() => rerender(show("expired")));
  expect(await screen.findByText("unauthenticated, expired, refused")).toBeDefined();
  act(() => rerender(show("offline")));
  expect(await screen.findByText("authenticated, Ada, Network Error")).toBeDefined();
});
