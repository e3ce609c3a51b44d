import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import axios, {
  AxiosError,
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosResponse,
} from "axios";
import { setupCache } from "axios-cache-interceptor";
import AxiosMockAdapter from "axios-mock-adapter";
import axiosRetry from "axios-retry";
import { createAuth } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { answer } from "../support/answers.js";
import { sendJSON, startAuthServer } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { reachable } from "../support/reachable.js";
import { setup } from "../support/setup.js";

describe("an app's own axios instance", () => {
  test("gets the behaviour, gives the base URL, and is given back by dispose()", async () => {
    const server = await startAuthServer();
    const instance = axios.create({ baseURL: server.url });
    const auth = createAuth({ axios: instance, fetch: server.fetch });
    await auth.login({ password: "right" });
    expect(auth.api).toBe(instance);
    expect((await instance.get("/me")).status).toBe(200);
    auth.dispose();
    await expect(instance.get("/me")).rejects.toMatchObject({ response: { status: 401 } });
    expect(() => createAuth({ axios: instance }).dispose()).not.toThrow();
    await server.close();
  });

  test("is refused if it is the global one, or has an Auth already", () => {
    expect(() => createAuth({ axios })).toThrow(/axios\.create\(\)/);
    const instance = axios.create();
    const auth = createAuth({ axios: instance });
    expect(() => createAuth({ axios: instance })).toThrow(/already has an Auth/);
    auth.dispose();
  });

  test("may accept a 401 by validateStatus: then the 401 resolves, after one replay", async () => {
    const { server, auth } = await setup();
    server.on("/closed", (_, response) => sendJSON(response, 401, {}));
    const { status } = await auth.api.get("/closed", { validateStatus: () => true });
    expect(status).toBe(401);
    expect(server.received("/closed")).toBe(2);
  });

  test("without an adapter of its own uses axios' default", async () => {
    const { auth } = await setup();
    Reflect.deleteProperty(auth.api.defaults, "adapter");
    expect((await auth.api.get("/me")).status).toBe(200);
  });

  test("whose adapter comes with another copy of axios is understood all the same", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    const http = axios.getAdapter("http");
    const foreign = new Error("Of another class, with the mark of all copies.");
    const adapter: AxiosAdapter = async (config) => {
      const response = await http({ ...config, validateStatus: null });
      if (response.status < 400) return response;
      throw Object.assign(foreign, { isAxiosError: true, config, response });
    };
    expect((await auth.api.get("/me", { adapter })).status).toBe(200);
    server.on("/broken", answer(500, {}));
    expect(await failure(auth.api.get("/broken", { adapter }))).toBe(foreign);
    expect(reachable(foreign)).not.toContain("eyJ");
  });

  test("whose adapter answers without headers, as mocks do, is understood all the same", async () => {
    const statuses = [401, 200];
    const { server, auth } = await setup();
    const adapter: AxiosAdapter = async (config) => {
      const status = statuses.shift() ?? 500;
      const answered = { status, statusText: "", data: "{}", config };
      // Less than the types ask for.
      const response = answered as AxiosResponse;
      if (status === 401) throw new AxiosError("", "", config, undefined, response);
      return response;
    };
    expect((await auth.api.get("/me", { adapter })).status).toBe(200);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("whose adapter fails in its own way rejects with that", async () => {
    const { auth } = await setup();
    const adapter = () => Promise.reject(new RangeError("mine"));
    await expect(auth.api.get("/me", { adapter })).rejects.toThrow(RangeError);
  });

  test("without a base URL is given the option's, until dispose()", async () => {
    const instance = axios.create({ timeout: 60_000 });
    const before = Object.keys(instance.defaults);
    const { server, auth } = await setup({ axios: instance });
    expect((await instance.get("/me")).status).toBe(200);
    expect(instance.getUri({ url: "/me" })).toBe(`${server.url}/me`);
    auth.dispose();
    expect(Object.keys(instance.defaults)).toEqual(before);
  });

  test("keeps a base URL that the app gives it later, which gets no token elsewhere", async () => {
    const elsewhere = await startAuthServer();
    onTestFinished(() => elsewhere.close());
    const { auth } = await setup({ axios: axios.create() });
    auth.api.defaults.baseURL = elsewhere.url;
    expect(await failure(auth.api.get("/me"))).toMatchObject({ response: { status: 401 } });
    expect(elsewhere.requests.map(({ token }) => token)).toEqual([undefined]);
    auth.dispose();
    expect(auth.api.defaults.baseURL).toBe(elsewhere.url);
  });

  test("with another base URL than the option's is refused, and left as it was", () => {
    const baseURL = "https://api.example.com";
    const other = axios.create({ baseURL: "https://www.example.com" });
    expect(() => createAuth({ baseURL, axios: other })).toThrow(/Leave one of the two out/);
    const auth = createAuth({ axios: other });
    auth.dispose();
    createAuth({ baseURL, axios: axios.create({ baseURL }) }).dispose();
    expect(other.defaults.baseURL).toBe("https://www.example.com");
  });

  describe.each<Order>(["before the Auth", "after the Auth"])("set up %s", (order) => {
    async function setupOwn(prepare: (instance: AxiosInstance) => void) {
      const instance = axios.create();
      if (order === "before the Auth") prepare(instance);
      const made = await setup({ axios: instance });
      if (order === "after the Auth") prepare(instance);
      return made;
    }

    test("may be mocked: the mock answers, and sees the token", async () => {
      let mock: AxiosMockAdapter | undefined;
      const { auth } = await setupOwn((instance) => {
        mock = new AxiosMockAdapter(instance);
        mock.onGet("/me").replyOnce(401).onGet("/me").reply(200, { name: "Ada" });
        mock.onPost("/me").reply((config) => [200, config.data]);
      });
      expect((await auth.api.get("/me")).data).toEqual({ name: "Ada" });
      expect((await auth.api.post("/me", { a: 1 })).data).toEqual({ a: 1 });
      expect((await auth.api.get("/me")).request).toMatchObject({ responseURL: "/me" });
      const tokens = mock?.history["get"]?.map(({ headers }) => headers?.["Authorization"]);
      expect(tokens).toHaveLength(3);
      expect(new Set(tokens).size).toBe(2);
    });

    test("may cache: one request for two, the second at once", async () => {
      const { server, auth } = await setupOwn((instance) => {
        setupCache(instance, { interpretHeader: false });
      });
      server.expireTokens();
      const [first, second] = await Promise.all([auth.api.get("/me"), auth.api.get("/me")]);
      const third = await auth.api.get("/me");
      expect([first.data, second.data, third.data]).toEqual(Array(3).fill(first.data));
      expect(server.received("GET /me")).toBe(2);
      expect(third).toMatchObject({ cached: true });
    });

    test("may try again by itself: with the token of then", async () => {
      const { server, auth } = await setupOwn((instance) => {
        axiosRetry(instance, { retries: 2, retryDelay: () => 0 });
      });
      const statuses = [503, 401, 200];
      server.on("/me", (_, response) => sendJSON(response, statuses.shift() ?? 500, {}));
      expect((await auth.api.get("/me")).status).toBe(200);
      expect(server.received("/me")).toBe(3);
      expect(server.received("POST /auth/refresh")).toBe(1);
    });
  });

  test.each([
    ["a good token", false],
    ["an expired one", true],
  ])("keeps nothing of a finished request, with %s", async (_, isExpired) => {
    const { server, auth } = await setup();
    server.on("/broken", answer(500, {}));
    const controller = new AbortController();
    const { token: cancelToken } = axios.CancelToken.source();
    const refs: WeakRef<object>[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      if (isExpired) server.expireTokens();
      await request();
    }
    await collectGarbage();
    // What the server was told last may still hang on its socket.
    expect(refs.filter((ref) => ref.deref()).length).toBeLessThanOrEqual(4);
    // These two live on.
    expect([controller.signal.aborted, cancelToken.reason]).toEqual([false, undefined]);

    async function request() {
      const { signal } = controller;
      const response = await auth.api.post<object>("/me", new FormData(), { signal, cancelToken });
      const error = await failure(auth.api.get("/broken", { signal, cancelToken }));
      refs.push(new WeakRef(response), new WeakRef(response.config), new WeakRef(response.data));
      refs.push(new WeakRef(Object(error)));
    }
  });
});

type Order = "before the Auth" | "after the Auth";

async function collectGarbage() {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect !== "function") throw new Error("There is no garbage collector to call.");
  // What a WeakRef gave out lives to the end of the turn.
  await new Promise((resolve) => setTimeout(resolve, 10));
  collect();
}
