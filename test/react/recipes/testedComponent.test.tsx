import { render, screen } from "@testing-library/react";
import axios, { type AxiosAdapter } from "axios";
import { AuthProvider, createAuth } from "react-authed-query";
import { expect, test } from "vitest";
import { App } from "../../../example/quickStart/App.js";

const ada = { id: "u1", name: "Ada" };
const sent: unknown[] = [];
const answer: AxiosAdapter = async (config) => {
  sent.push(config.headers.get("Authorization"));
  return { config, data: ["boots", "a lamp"], status: 200, statusText: "OK", headers: {} };
};

// Twice, for no test may leave anything to the next.
test.each(["first", "second"])("a component is shown to someone signed in: %s time", async () => {
  const auth = createAuth({
    axios: axios.create({ adapter: answer }), // or let msw answer
    refresh: () => ({ accessToken: "any", user: ada }),
    logout: () => ({}),
    tabs: false, // each test for itself
  });
  await auth.ready();
  render(
    <AuthProvider auth={auth}>
      <App />
    </AuthProvider>,
  );
  (await screen.findByText("Sign out (boots, a lamp)")).click();
  expect(await screen.findByText("Sign in")).toBeDefined();
  expect(sent).toContain("Bearer any");
  auth.dispose();
});

test("a component is shown to a visitor", async () => {
  const auth = createAuth({ restore: "never", tabs: false });
  render(
    <AuthProvider auth={auth}>
      <App />
    </AuthProvider>,
  );
  expect(await screen.findByText("Sign in")).toBeDefined();
  auth.dispose();
});
