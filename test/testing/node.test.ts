import { createTestAuth } from "react-authed-query/testing";
import { expect, test } from "vitest";

const ada = { id: "u1", name: "Ada" };

test("what knows no page is tested in Node: a loader, a socket", async () => {
  const auth = createTestAuth({ user: ada, answers: { "GET /orders": ["boots"] } });
  expect(await auth.ready()).toMatchObject({ status: "authenticated", user: ada });
  expect((await auth.api.get("/orders")).data).toEqual(["boots"]);
  expect(await (await auth.fetch("/orders")).json()).toEqual(["boots"]);
  auth.test.expireToken();
  await auth.test.settled();
  expect((await auth.api.get("/orders")).status).toBe(200);
  expect(auth.test.requests.map(({ user }) => user?.["name"])).toEqual([
    "Ada",
    "Ada",
    undefined,
    undefined,
    "Ada",
  ]);
});
