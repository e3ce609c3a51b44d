import { act, render, screen } from "@testing-library/react";
import { useAuth, useAuthedQuery } from "react-authed-query";
import { createTestAuth, TestAuthProvider } from "react-authed-query/testing";
import { expect, test } from "vitest";

const ada = { id: "u1", name: "Ada" };
const bob = { id: "u2", name: "Bob" };

function Orders() {
  const { status, user, error, login, logout } = useAuth();
  const {
    data,
    error: failure,
    refetch,
  } = useAuthedQuery<string[]>({ queryKey: ["orders"], request: "/orders" });
  return (
    <main>
      <h1>
        {status} {String(user?.["name"])} {error?.code}
      </h1>
      <p>
        {data?.join(", ")}
        {failure?.message}
      </p>
      <button onClick={() => void refetch()}>again</button>
      <button onClick={() => void logout()}>out</button>
      <button onClick={() => void login({ password: "right" })}>in</button>
    </main>
  );
}

test("works", async () => {
  const auth = createTestAuth({ user: ada, answers: { "GET /orders": ["boots"] } });
  render(
    <TestAuthProvider auth={auth}>
      <Orders />
    </TestAuthProvider>,
  );
  expect(await screen.findByText("boots")).toBeDefined();
  auth.test.expireToken();
  screen.getByText("again").click();
  await auth.test.settled();
  console.log(auth.test.requests);
  auth.test.switchTo(bob);
  await auth.test.settled();
  console.log(document.body.textContent);
  auth.test.refuse();
  await auth.test.settled();
  console.log(document.body.textContent);
  act(() => screen.getByText("in").click());
  await auth.test.settled();
  console.log(document.body.textContent);
  auth.test.goOffline();
  act(() => screen.getByText("again").click());
  await auth.test.settled();
  console.log(document.body.textContent);
});
