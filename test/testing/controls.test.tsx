import { fireEvent, render, screen } from "@testing-library/react";
import { useAuthedQuery } from "react-authed-query";
import { createTestAuth, reply, TestAuthProvider } from "react-authed-query/testing";
import { useEffect, useState } from "react";
import { describe, expect, test } from "vitest";
import { ada, alert, answers, asked, bob, press, renderShop, shown, status } from "./shop.js";

describe("a component is shown", () => {
  test("to someone signed in, with what the API answers", async () => {
    const auth = createTestAuth({ status: "authenticated", user: ada, answers });
    expect(await renderShop(auth)).toEqual([]);
    expect(status()).toBe("authenticated Ada");
    expect(shown()).toEqual(["boots", "a lamp"]);
    expect(asked(auth)).toEqual(["GET /orders 200"]);
  });

  test("to a visitor from the first rendering on, who may sign in and out", async () => {
    const auth = createTestAuth({ status: "unauthenticated", user: ada, answers });
    expect(auth.getState().status).toBe("unauthenticated");
    const reasons = await renderShop(auth);
    expect(asked(auth)).toEqual([]);
    await press("Sign in", auth);
    expect(status()).toBe("authenticated Ada");
    await press("Sign out", auth);
    expect(status()).toBe("unauthenticated");
    expect(shown()).toEqual([]);
    expect(reasons).toEqual(["logout"]);
    expect(asked(auth)).toEqual([
      "POST /auth/login 200",
      "GET /orders 200",
      "POST /auth/logout 204",
    ]);
  });

  test("while the session is loading, for ever", async () => {
    const auth = createTestAuth({ status: "loading", user: ada, answers });
    await renderShop(auth);
    await auth.test.settled();
    expect(status()).toBe("loading");
    expect(asked(auth)).toEqual(["POST /auth/refresh -"]);
  });

  test("while the session is loading, until the test says so", async () => {
    let load = () => {};
    const held = new Promise<void>((resolve) => (load = resolve));
    const auth = createTestAuth({
      status: "loading",
      user: ada,
      answers: { ...answers, "POST /auth/refresh": () => held },
    });
    await renderShop(auth);
    expect(status()).toBe("loading");
    load();
    await auth.test.settled();
    expect(status()).toBe("authenticated Ada");
    expect(shown()).toEqual(["boots", "a lamp"]);
  });

  test("without a status: signed in if there is a user, else not", async () => {
    expect(await createTestAuth({ user: ada }).ready()).toMatchObject({ user: ada });
    expect(createTestAuth().getState().status).toBe("unauthenticated");
  });
});

test("after expireToken() the next request meets a 401, one refresh and its replay", async () => {
  const auth = createTestAuth({ user: ada, answers });
  await renderShop(auth);
  auth.test.expireToken();
  auth.test.answer("GET /orders", ["a hat"]);
  await press("Again", auth);
  expect(shown()).toEqual(["a hat"]);
  expect(asked(auth).slice(1)).toEqual([
    "GET /orders 401",
    "POST /auth/refresh 200",
    "GET /orders 200",
  ]);
  expect(auth.test.requests.slice(1).map(({ user }) => user)).toEqual([null, null, ada]);
});

test("after refuse() the session is over, and a half-written form stays for the same user", async () => {
  const auth = createTestAuth({ user: ada, answers });
  const reasons = await renderShop(auth);
  fireEvent.change(screen.getByLabelText("draft"), { target: { value: "Dear" } });
  auth.test.refuse();
  await auth.test.settled();
  expect(status()).toBe("unauthenticated refused");
  expect(screen.getByText("Come back, Ada")).toBeDefined();
  await press("Sign in", auth);
  expect(status()).toBe("authenticated Ada");
  expect(screen.getByLabelText<HTMLInputElement>("draft").value).toBe("Dear");
  expect(reasons).toEqual(["refused"]);
});

test("a test may begin with a session that has just been refused", async () => {
  const auth = createTestAuth({ user: ada, answers });
  auth.test.refuse();
  const reasons = await renderShop(auth);
  expect(screen.getByText("Come back, Ada")).toBeDefined();
  expect(reasons).toEqual(["refused"]);
});

test("after switchTo() another person sits there, with nothing of the first", async () => {
  const auth = createTestAuth({
    user: ada,
    answers: { "GET /orders": ({ user }) => [`of ${String(user?.["name"])}`] },
  });
  const reasons = await renderShop(auth);
  fireEvent.change(screen.getByLabelText("draft"), { target: { value: "Dear" } });
  expect(shown()).toEqual(["of Ada"]);
  auth.test.switchTo(bob);
  await auth.test.settled();
  expect(status()).toBe("authenticated Bob");
  expect(shown()).toEqual(["of Bob"]);
  expect(screen.getByLabelText<HTMLInputElement>("draft").value).toBe("");
  expect(reasons).toEqual(["switched"]);
});

test.each([
  ["no id", { name: "Ada" }, { name: "Bob" }, ["switched"]],
  ["the same id", ada, { ...ada, name: "Ada L." }, []],
])(
  "switchTo() tells users with %s apart as the library does",
  async (_, first, second, reasons) => {
    const auth = createTestAuth({ user: first, answers });
    const ended = await renderShop(auth);
    auth.test.switchTo(second);
    await auth.test.settled();
    expect(status()).toBe(`authenticated ${second.name}`);
    expect(ended).toEqual(reasons);
  },
);

test("offline nothing is answered and the session stays; back online all goes on", async () => {
  const auth = createTestAuth({ user: ada, answers });
  const reasons = await renderShop(auth);
  auth.test.expireToken();
  auth.test.goOffline();
  await press("Again", auth);
  expect(alert()).toBe("Network Error");
  await expect(auth.getAccessToken({ forceRefresh: true })).rejects.toMatchObject({
    code: "unavailable",
  });
  expect(status()).toBe("authenticated Ada unavailable");
  auth.test.goOnline();
  await press("Again", auth);
  expect(status()).toBe("authenticated Ada");
  expect(alert()).toBe("");
  expect(reasons).toEqual([]);
  expect(asked(auth).slice(1)).toEqual([
    "GET /orders -",
    "POST /auth/refresh -",
    "GET /orders 401",
    "POST /auth/refresh 200",
    "GET /orders 200",
  ]);
});

test("offline the server hears of nothing", async () => {
  const heard: string[] = [];
  const auth = createTestAuth({
    user: ada,
    answers: { "GET /orders": ({ key }) => heard.push(key) && [] },
  });
  await auth.ready();
  auth.test.goOffline();
  await expect(auth.api.get("/orders")).rejects.toMatchObject({ code: "ERR_NETWORK" });
  expect(await auth.logout()).toEqual({ serverTold: false });
  expect(heard).toEqual([]);
});

test("what is under way when the network is cut is not answered either", async () => {
  let load = () => {};
  const held = new Promise<string[]>((resolve) => (load = () => resolve(["boots"])));
  const auth = createTestAuth({ user: ada, answers: { "GET /orders": () => held } });
  await renderShop(auth);
  auth.test.goOffline();
  load();
  await auth.test.settled();
  expect(alert()).toBe("Network Error");
});

test("a session that cannot be restored offline is restored when the network is back", async () => {
  const auth = createTestAuth({
    status: "loading",
    user: ada,
    answers: { ...answers, "POST /auth/refresh": () => undefined },
  });
  auth.test.goOffline();
  await renderShop(auth);
  expect(status()).toBe("loading unavailable");
  auth.test.goOnline();
  await auth.test.settled();
  expect(status()).toBe("authenticated Ada");
});

test("switchTo() needs no network: Bob is signed in offline, and his requests fail", async () => {
  const auth = createTestAuth({ user: ada, answers });
  const reasons = await renderShop(auth);
  auth.test.goOffline();
  auth.test.switchTo(bob);
  await auth.test.settled();
  expect(status()).toBe("authenticated Bob");
  expect(alert()).toBe("Network Error");
  expect(reasons).toEqual(["switched"]);
  auth.test.goOnline();
  await press("Again", auth);
  expect(shown()).toEqual(["boots", "a lamp"]);
  expect(asked(auth).slice(1)).toEqual(["GET /orders -", "GET /orders 200"]);
});

test("refuse() while the session is loading: its answer is a refusal, and no session ends", async () => {
  let load = () => {};
  const held = new Promise<void>((resolve) => (load = resolve));
  const auth = createTestAuth({
    status: "loading",
    user: ada,
    answers: { ...answers, "POST /auth/refresh": () => held },
  });
  const reasons = await renderShop(auth);
  auth.test.refuse();
  await auth.test.settled();
  expect(status()).toBe("loading");
  load();
  await auth.test.settled();
  expect(status()).toBe("unauthenticated");
  expect(reasons).toEqual([]);
  expect(asked(auth)).toEqual(["POST /auth/refresh 401"]);
});

describe("advance() lets time pass", () => {
  test("so that a token grows old and is refreshed ahead", async () => {
    const auth = createTestAuth({ user: ada, answers });
    await renderShop(auth);
    auth.test.advance(295_000);
    await press("Again", auth);
    expect(asked(auth).slice(1)).toEqual(["POST /auth/refresh 200", "GET /orders 200"]);
  });

  test("so that a wait after a failure ends", async () => {
    const auth = createTestAuth({
      status: "loading",
      user: ada,
      answers: { ...answers, "POST /auth/refresh": 503 },
    });
    await renderShop(auth);
    expect(status()).toBe("loading unavailable");
    auth.test.answer("POST /auth/refresh", () => undefined);
    await auth.test.settled();
    expect(status()).toBe("loading unavailable");
    auth.test.advance(1500);
    await auth.test.settled();
    expect(status()).toBe("authenticated Ada");
  });

  test("so that a refresh takes too long", async () => {
    const auth = createTestAuth({ status: "loading", user: ada });
    await renderShop(auth);
    auth.test.advance(10_000);
    await auth.test.settled();
    expect(status()).toBe("loading timeout");
  });

  test("and a short time limit does not end before", async () => {
    let load = () => {};
    const held = new Promise<void>((resolve) => (load = resolve));
    const auth = createTestAuth({
      user: ada,
      answers: { "GET /slow": () => held.then(() => "at last") },
    });
    await auth.ready();
    const slow = auth.api.get("/slow", { timeout: 100 });
    await auth.test.settled();
    auth.test.advance(99);
    load();
    expect((await slow).data).toBe("at last");
  });

  test("so that a request takes too long", async () => {
    const auth = createTestAuth({
      user: ada,
      answers: { "GET /slow": () => new Promise(() => {}) },
    });
    await auth.ready();
    const slow = auth.api.get("/slow", { timeout: 5000 });
    await auth.test.settled();
    auth.test.advance(4999);
    auth.test.advance(1);
    await expect(slow).rejects.toMatchObject({
      code: "ECONNABORTED",
      message: "timeout of 5000ms exceeded",
    });
  });
});

test("settled() waits for what an answer leads to", async () => {
  const auth = createTestAuth({ user: ada });
  for (const number of [0, 1, 2]) auth.test.answer(`GET /${number}`, reply(200, number + 1));
  function Chain() {
    const [number, setNumber] = useState(0);
    const queryKey = ["number", number];
    const request = `/${number}`;
    const { data } = useAuthedQuery<number>({ queryKey, request, enabled: number < 3 });
    useEffect(() => {
      if (data) queueMicrotask(() => setNumber(data));
    }, [data]);
    return <p>{number}</p>;
  }
  render(
    <TestAuthProvider auth={auth}>
      <Chain />
    </TestAuthProvider>,
  );
  await auth.test.settled();
  expect(screen.getByText("3")).toBeDefined();
});

test("where React asks for act(), settled() does without and leaves that as it was", async () => {
  const page = globalThis as { IS_REACT_ACT_ENVIRONMENT?: unknown };
  const before = page.IS_REACT_ACT_ENVIRONMENT;
  page.IS_REACT_ACT_ENVIRONMENT = true;
  const auth = createTestAuth({ user: ada, answers });
  await renderShop(auth);
  expect(shown()).toEqual(["boots", "a lamp"]);
  expect(page.IS_REACT_ACT_ENVIRONMENT).toBe(true);
  // Two worlds at once: the second begins while the first has that switched off.
  await Promise.all([auth, createTestAuth()].map(({ test: { settled } }) => settled()));
  expect(page.IS_REACT_ACT_ENVIRONMENT).toBe(true);
  page.IS_REACT_ACT_ENVIRONMENT = before;
});

test("settled() does not wait for an answer that the test holds back", async () => {
  const auth = createTestAuth({
    user: ada,
    answers: { "GET /orders": () => new Promise(() => {}) },
  });
  await renderShop(auth);
  expect(asked(auth)).toEqual(["GET /orders -"]);
});

test("a logout cancels what the server still works on", async () => {
  const auth = createTestAuth({ user: ada, answers: { "GET /slow": () => new Promise(() => {}) } });
  await auth.ready();
  const slow = auth.api.get("/slow");
  const fetched = auth.fetch("/slow");
  await auth.test.settled();
  void auth.logout();
  await expect(slow).rejects.toMatchObject({ code: "ERR_CANCELED" });
  await expect(fetched).rejects.toMatchObject({ code: "session_ended" });
});
