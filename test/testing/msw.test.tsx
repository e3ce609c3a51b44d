import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { createTestAuth } from "react-authed-query/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ada, answers, asked, press, renderShop, shown, status } from "./shop.js";

const seen: (string | null)[] = [];
const server = setupServer(
  http.get("*/orders", ({ request }) => {
    seen.push(request.headers.get("authorization"));
    return HttpResponse.json(["by msw"]);
  }),
  http.post("*/orders", async ({ request }) => HttpResponse.text(await request.text())),
);

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => void seen.splice(0));
afterAll(() => server.close());

test("beside msw, what is scripted never reaches it", async () => {
  const auth = createTestAuth({ user: ada, answers });
  await renderShop(auth);
  auth.test.expireToken();
  await press("Again", auth);
  expect(shown()).toEqual(["boots", "a lamp"]);
  expect(seen).toEqual([]);
});

test('with `answers: "network"` msw answers for the API, and the session is scripted', async () => {
  const auth = createTestAuth({ user: ada, answers: "network" });
  await renderShop(auth);
  await expect.poll(shown).toEqual(["by msw"]);
  const [first] = seen;
  expect(first).toMatch(/^Bearer ./);
  auth.test.expireToken();
  await press("Again", auth);
  await expect.poll(() => seen.length).toBe(2);
  expect(seen[1]).not.toBe(first);
  expect(asked(auth)).toEqual([
    "GET /orders -",
    "GET /orders 401",
    "POST /auth/refresh 200",
    "GET /orders -",
  ]);
  expect(await (await auth.fetch("/orders")).json()).toEqual(["by msw"]);
  auth.test.answer("GET /orders", ["by the test"]);
  await press("Again", auth);
  expect(shown()).toEqual(["by the test"]);
  auth.test.goOffline();
  await expect(auth.api.get("/orders")).rejects.toMatchObject({ code: "ERR_NETWORK" });
  expect(status()).toBe("authenticated Ada");
});

test('with `answers: "network"` a body goes there too, by axios and by auth.fetch', async () => {
  const auth = createTestAuth({ user: ada, answers: "network" });
  await auth.ready();
  expect((await auth.api.post("/orders", { name: "a hat" })).data).toEqual({ name: "a hat" });
  const response = await auth.fetch("/orders", { method: "POST", body: "a hat" });
  expect(await response.text()).toBe("a hat");
});
