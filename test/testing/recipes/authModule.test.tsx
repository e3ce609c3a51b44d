import { expect, test, vi } from "vitest";
import { auth } from "../../../example/quickStart/auth.js";

vi.mock("../../../example/quickStart/auth.js", async () => {
  const { createTestAuth } = await import("react-authed-query/testing");
  const user = { id: "u1", name: "Ada" };
  return { auth: createTestAuth({ user, answers: { "GET /orders": ["boots"] } }) };
});

// As a loader does, or a module of an app that imports the `auth` of another.
test("what imports the app's `auth` is given the test's", async () => {
  expect((await auth.api.get("/orders")).data).toEqual(["boots"]);
});
