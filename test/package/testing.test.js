import { createTestAuth, reply, TestAuthProvider } from "react-authed-query/testing";

const ada = { id: "u1", name: "Ada" };

function createShop() {
  return createTestAuth({
    user: ada,
    answers: { "GET /orders": ["tea"], "POST /orders": ({ body }) => reply(201, body) },
  });
}

async function order() {
  const auth = createShop();
  expect(await auth.ready()).toMatchObject({ status: "authenticated", user: ada });
  auth.test.expireToken();
  expect(await auth.api.get("/orders")).toMatchObject({ data: ["tea"] });
  expect(await auth.api.post("/orders", { name: "tea" })).toMatchObject({ status: 201 });
  auth.test.refuse();
  await auth.test.settled();
  expect(auth.getState()).toMatchObject({ status: "unauthenticated", expiredUser: ada });
  expect(auth.test.requests.map(({ key, status }) => `${key} ${status}`)).toEqual([
    "GET /orders 401",
    "POST /auth/refresh 200",
    "GET /orders 200",
    "POST /orders 201",
    "POST /auth/refresh 401",
  ]);
}

test("the testing kit works in Jest", order);

test("it works with fake timers, and leaves none", async () => {
  jest.useFakeTimers();
  await order();
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test("its provider is a component", () => {
  expect(typeof TestAuthProvider).toBe("function");
});
