import { fireEvent, render, screen } from "@testing-library/react";
import { createTestAuth, TestAuthProvider } from "react-authed-query/testing";
import { expect, test } from "vitest";
import { App } from "../../../example/quickStart/App.js";

const ada = { id: "u1", name: "Ada" };

test("the orders of whoever is signed in are shown", async () => {
  const auth = createTestAuth({ user: ada, answers: { "GET /orders": ["boots", "a lamp"] } });
  render(
    <TestAuthProvider auth={auth}>
      <App />
    </TestAuthProvider>,
  );
  expect(await screen.findByText("Orders: boots, a lamp")).toBeDefined();

  auth.test.refuse(); // the server ends the session
  expect(await screen.findByText("Sign in")).toBeDefined();
});

test("a visitor signs in", async () => {
  const auth = createTestAuth({
    status: "unauthenticated",
    user: ada, // who it will be
    answers: { "POST /auth/login": 401, "GET /orders": [] },
  });
  render(
    <TestAuthProvider auth={auth}>
      <App />
    </TestAuthProvider>,
  );
  fireEvent.click(screen.getByText("Sign in"));
  expect(await screen.findByText("Wrong e-mail or password.")).toBeDefined();

  auth.test.answer("POST /auth/login", ({ body }) => (body ? undefined : 401)); // as usual
  fireEvent.click(screen.getByText("Sign in"));
  expect(await screen.findByText("Orders:")).toBeDefined();
  expect(auth.test.requests.map(({ key, status }) => `${key} ${status}`)).toEqual([
    "POST /auth/login 401",
    "POST /auth/login 200",
    "GET /orders 200",
  ]);
});
