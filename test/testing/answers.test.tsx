import axios from "axios";
import { createTestAuth, reply, type TestAuth } from "react-authed-query/testing";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { ada, alert, answers, asked, press, renderShop, shown, status } from "./shop.js";

const signedIn = async (...[options]: Parameters<typeof createTestAuth>): Promise<TestAuth> => {
  const auth = createTestAuth({ user: ada, ...options });
  await auth.ready();
  return auth;
};

test("what nobody said how to answer is an error that names it and the remedy", async () => {
  expectWarning(/Nothing answers "GET \/orders"/);
  const auth = createTestAuth({ user: ada });
  await renderShop(auth);
  expect(alert()).toBe(
    'Nothing answers "GET /orders". Say what does: createTestAuth({ answers: { "GET /orders": … } }) or auth.test.answer("GET /orders", …).',
  );
  auth.test.answer("GET /orders", ["boots"]);
  await press("Again", auth);
  expect(shown()).toEqual(["boots"]);
});

test("an answer is a body, a status, both, or a function of the request", async () => {
  const auth = await signedIn({
    answers: {
      "GET /body": { status: "paid" },
      "GET /null": null,
      "GET /text": "boots",
      "GET /teapot": 418,
      "POST /orders": reply(422, { field: "name" }, { "x-reason": "empty" }),
      "PUT /orders": ({ body, params }) => ({ body, params }),
      "DELETE /orders": async () => undefined,
      "GET /number": () => reply(200, 5),
    },
  });
  const { api } = auth;
  expect((await api.get("/body")).data).toEqual({ status: "paid" });
  expect((await api.get("/null")).data).toBeNull();
  expect((await api.get("/text")).data).toBe("boots");
  expect((await api.get("/number")).data).toBe(5);
  expect((await api.delete("/orders")).status).toBe(204);
  await expect(api.get("/teapot")).rejects.toMatchObject({ status: 418, code: "ERR_BAD_REQUEST" });
  await expect(api.post("/orders", {})).rejects.toMatchObject({
    response: { status: 422, data: { field: "name" }, headers: { "x-reason": "empty" } },
  });
  const { data } = await api.put("/orders", { name: "a hat" }, { params: { page: 2 } });
  expect(data).toEqual({ body: { name: "a hat" }, params: { page: "2" } });
  const lax = await api.get("/teapot", { validateStatus: () => true });
  expect(lax.status).toBe(418);
});

test("an answer with the query goes before one without", async () => {
  const { api } = await signedIn({
    answers: { "GET /orders?page=2": ["second"], "GET /orders": ["first"] },
  });
  expect((await api.get("/orders?page=2")).data).toEqual(["second"]);
  expect((await api.get("/orders", { params: { page: 2 } })).data).toEqual(["second"]);
  expect((await api.get("/orders?page=1")).data).toEqual(["first"]);
});

test("a space is written as it is sent: %20, or + in a query that axios wrote", async () => {
  const { api, fetch } = await signedIn({
    answers: { "GET /a%20hat": "hat", "GET /?q=a%20hat": "by hand", "GET /?q=a+hat": "by axios" },
  });
  expect((await api.get("/a hat")).data).toBe("hat");
  expect(await (await fetch("/a hat")).text()).toBe("hat");
  expect((await api.get("/?q=a hat")).data).toBe("by hand");
  expect((await api.get("/", { params: { q: "a hat" } })).data).toBe("by axios");
});

test("no component can change an answer for the next", async () => {
  const { api } = await signedIn({ answers });
  (await api.get<string[]>("/orders")).data.pop();
  expect((await api.get("/orders")).data).toEqual(["boots", "a lamp"]);
});

test("auth.fetch is answered as axios is", async () => {
  const auth = await signedIn({
    answers: { ...answers, "POST /orders": ({ body }) => reply(201, body), "GET /gone": 410 },
  });
  const response = await auth.fetch("/orders");
  expect([response.status, await response.json()]).toEqual([200, ["boots", "a lamp"]]);
  const posted = await auth.fetch("/orders", { method: "POST", body: '{"name":"a hat"}' });
  expect([posted.status, await posted.json()]).toEqual([201, { name: "a hat" }]);
  expect((await auth.fetch("/gone")).status).toBe(410);
  auth.test.goOffline();
  await expect(auth.fetch("/orders")).rejects.toBeInstanceOf(TypeError);
});

test("forms and bytes arrive as what they hold", async () => {
  const auth = await signedIn({
    answers: { "POST /form": 204, "GET /bytes": new Uint8Array([98, 111, 111, 116, 115]) },
  });
  const form = new FormData();
  form.append("name", "a hat");
  await auth.api.post("/form", form);
  await auth.api.post("/form", "plain", { headers: { "content-type": "text/plain" } });
  expect(auth.test.requests.map(({ body }) => body)).toEqual([{ name: "a hat" }, "plain"]);
  const { data } = await auth.api.get<string>("/bytes");
  expect(data).toBe("boots");
});

describe("a request that is cancelled", () => {
  const held = () => new Promise(() => {});
  const cancelled = async () => {
    const auth = await signedIn({ answers: { "GET /held": held, "POST /held": held } });
    return { auth, controller: new AbortController() };
  };

  test("before it is sent rejects, and is not sent", async () => {
    const { auth } = await cancelled();
    const signal = AbortSignal.abort();
    const refused = { name: "AbortError" };
    await expect(auth.fetch("/held", { signal })).rejects.toMatchObject(refused);
    await expect(auth.fetch("/held", { signal, skipAuth: true })).rejects.toMatchObject(refused);
    const request = new Request("http://127.0.0.1:3000/held", { signal });
    await expect(auth.fetch(request)).rejects.toMatchObject(refused);
    await expect(auth.api.get("/held", { signal })).rejects.toMatchObject({ code: "ERR_CANCELED" });
    expect(asked(auth)).toEqual([]);
  });

  test("in the turn in which it is made rejects, and is not sent", async () => {
    const { auth, controller } = await cancelled();
    const { signal } = controller;
    const all = Promise.allSettled([
      auth.fetch("/held", { method: "POST", body: "a hat", signal }),
      auth.api.get("/held", { signal }),
    ]);
    controller.abort();
    expect(await all).toMatchObject([
      { reason: { name: "AbortError" } },
      { reason: { code: "ERR_CANCELED" } },
    ]);
    expect(asked(auth)).toEqual([]);
  });

  test("while its answer is held back rejects", async () => {
    const { auth, controller } = await cancelled();
    const { signal } = controller;
    const all = Promise.allSettled([
      auth.fetch("/held", { method: "POST", body: "a hat", signal }),
      auth.api.get("/held", { signal }),
    ]);
    await auth.test.settled();
    controller.abort("enough");
    expect(await all).toMatchObject([{ reason: "enough" }, { reason: { code: "ERR_CANCELED" } }]);
    expect(asked(auth).toSorted()).toEqual(["GET /held -", "POST /held -"]);
  });
});

describe("the auth server answers", () => {
  test("a login with what the test says, and else as usual", async () => {
    const auth = createTestAuth({
      status: "unauthenticated",
      user: ada,
      answers: { ...answers, "POST /auth/login": reply(401, { detail: "wrong password" }) },
    });
    await renderShop(auth);
    await press("Sign in", auth);
    expect(status()).toBe("unauthenticated");
    expect(alert()).toMatch(/did not sign anyone in/);
    expect(auth.test.requests[0]?.body).toEqual({ password: "right" });
    auth.test.answer("POST /auth/login", ({ body }) => (body ? undefined : 401));
    await press("Sign in", auth);
    expect(status()).toBe("authenticated Ada");
  });

  test("a refresh with what the test says", async () => {
    const auth = createTestAuth({ user: ada, answers: { ...answers, "POST /auth/refresh": 503 } });
    const reasons = await renderShop(auth);
    expect(shown()).toEqual(["boots", "a lamp"]);
    auth.test.expireToken();
    await press("Again", auth);
    expect(status()).toBe("authenticated Ada unavailable");
    expect(reasons).toEqual([]);
  });

  test("a logout with what the test says", async () => {
    const auth = await signedIn({ answers: { "POST /auth/logout": 503 } });
    expect(await auth.logout()).toEqual({ serverTold: false });
  });
});

describe("requests", () => {
  test("hold what was sent, and no token anywhere", async () => {
    const auth = await signedIn({ answers, header: "X-Token", scheme: "" });
    await auth.api.get("/orders", { headers: { "X-Client": "web" } });
    await auth.fetch("/orders");
    const token = await auth.getAccessToken();
    auth.test.expireToken();
    await auth.api.get("/orders");
    const later = await auth.getAccessToken();
    expect(auth.test.requests[0]).toMatchObject({
      key: "GET /orders",
      params: {},
      body: undefined,
      headers: { "x-client": "web" },
      user: ada,
      status: 200,
    });
    expect(auth.test.requests).toHaveLength(5);
    expect(token).not.toBe(later);
    const text = JSON.stringify(auth.test.requests);
    for (const each of [token, later]) expect(text).not.toContain(each);
    expect(text).not.toMatch(/x-token|authorization/i);
  });

  test("name their headers in lower case, also where the page keeps them as they were written", async () => {
    // As in happy-dom.
    class AsWritten extends Headers {
      override *[Symbol.iterator](): HeadersIterator<[string, string]> {
        for (const [name, value] of super.entries()) yield [name.toUpperCase(), value];
      }
    }
    vi.stubGlobal("Headers", AsWritten);
    onTestFinished(() => void vi.unstubAllGlobals());
    const auth = await signedIn({ answers });
    await auth.api.get("/orders", { headers: { "X-Client": "web" } });
    expect(auth.test.requests[0]?.headers).toMatchObject({ "x-client": "web" });
  });

  test("show of a key that comes twice in the query the last value", async () => {
    const auth = await signedIn({ answers: { "GET /orders": [] } });
    await auth.api.get("/orders?tag=new&tag=red&page=2");
    await auth.fetch("/orders?tag=new&tag=red&page=2");
    const params = { tag: "red", page: "2" };
    expect(auth.test.requests.map((each) => each.params)).toEqual([params, params]);
  });

  test("are a picture of the moment", async () => {
    const auth = await signedIn({ answers });
    const before = auth.test.requests;
    await auth.api.get("/orders");
    expect(before).toEqual([]);
    expect(asked(auth)).toEqual(["GET /orders 200"]);
  });
});

describe("the app's own set-up", () => {
  test("keys are behind its base URL, other origins are named in full", async () => {
    const auth = await signedIn({
      baseURL: "https://api.example.com/v1",
      answers: { "GET /orders": ["boots"], "GET https://cdn.example.com/logo": "logo" },
    });
    expect((await auth.api.get("/orders")).data).toEqual(["boots"]);
    expect((await auth.api.get("https://cdn.example.com/logo")).data).toBe("logo");
    expect(auth.test.requests.map(({ user }) => user)).toEqual([ada, null]);
    auth.test.expireToken();
    await auth.api.get("/orders");
    auth.test.goOffline();
    await expect(auth.api.get("/orders")).rejects.toMatchObject({ code: "ERR_NETWORK" });
  });

  test("its axios instance is used, and given back", async () => {
    const own = axios.create({ baseURL: "/api", adapter: "http" });
    own.interceptors.response.use((response) => ({ ...response, data: [response.data, "seen"] }));
    for (const round of ["first", "second"]) {
      const auth = createTestAuth({ user: ada, axios: own, answers: { "GET /round": round } });
      expect((await own.get("/round")).data).toEqual([round, "seen"]);
      auth.dispose();
      expect(own.defaults.adapter).toBe("http");
    }
    const bare = axios.create();
    const { adapter } = bare.defaults;
    createTestAuth({ axios: bare }).dispose();
    expect(bare.defaults.adapter).toBe(adapter);
  });

  test("its other options count", async () => {
    const reasons: string[] = [];
    const auth = createTestAuth({
      user: ada,
      answers: { "GET /orders": ({ user }) => (user ? ["boots"] : 419) },
      forgetOnRefusal: true,
      onLogout: ({ reason }) => reasons.push(reason),
    });
    await auth.ready();
    auth.test.refuse();
    await auth.test.settled();
    expect(auth.getState()).toMatchObject({ status: "unauthenticated", expiredUser: null });
    expect(reasons).toEqual(["refused"]);
  });
});
