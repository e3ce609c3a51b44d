import { Readable } from "node:stream";
import axios, {
  AxiosError,
  CanceledError,
  type AxiosAdapter,
  type AxiosInstance,
  type InternalAxiosRequestConfig,
} from "axios";
import { describe, expect, test } from "vitest";
import { answer, hang } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { reachable } from "../support/reachable.js";
import { setup } from "../support/setup.js";

const [client] = clients;

describe("the token goes to allowed origins only", () => {
  const page = "https://app.example.com/page";

  test.each(["/orders", "orders?next=//evil.example"])(
    "%s gets it behind the base URL",
    async (url) => {
      expect(await client?.carriesToken(url, page)).toBe(true);
    },
  );

  test.each([
    ["/\\evil.example", "/"],
    ["\\\\evil.example", "/"],
    ["/\t/evil.example", "/"],
    ["\t//evil.example", ""],
    ["/orders", "https://evil.example"],
    ["https://api.example.com@evil.example/", "/"],
  ])("%j behind %j does not", async (url, baseURL) => {
    expect(await client?.carriesToken(url, page, [], baseURL)).toBe(false);
  });
});

test.each([
  ["logout", "u1"],
  ["a switch of user", "u2"],
])("a request that an interceptor holds up is not sent after %s", async (how, sub) => {
  const own = axios.create();
  const [held, go] = [deferred(), deferred()];
  own.interceptors.request.use(async (config) => {
    held.resolve();
    await go.promise;
    return config;
  });
  const { server, auth } = await setup({ axios: own });
  const saving = failure(auth.api.post(`${server.url}/drafts`, { of: "Ada" }));
  await held.promise;
  if (how === "logout") await auth.logout();
  server.tokens.claims = { sub };
  await auth.login({ password: "right" });
  go.resolve();
  expect(await saving).toMatchObject({
    code: "ERR_CANCELED",
    cause: { code: "session_ended" },
  });
  expect(server.received("/drafts")).toBe(0);
});

type Config = InternalAxiosRequestConfig;

describe.each<[string, (api: AxiosInstance, config: Config) => Promise<unknown>]>([
  ["auth.api(error.config)", (api, config) => api(config)],
  ["auth.api.request({ ...error.config })", (api, config) => api.request({ ...config })],
])("a request that the app sends again by %s after a back-off", (_, send) => {
  async function startBackingOff() {
    const own = axios.create();
    const [held, go] = [deferred(), deferred()];
    own.interceptors.response.use(undefined, async (error: AxiosError) => {
      if (error.response?.status !== 503 || !error.config) throw error;
      held.resolve();
      await go.promise;
      return send(own, error.config);
    });
    const { server, auth } = await setup({ axios: own });
    let status = 503;
    server.on("POST /drafts", (__, response) => sendJSON(response, status, {}));
    const saving = auth.api.post<unknown>(`${server.url}/drafts`, { of: "Ada" });
    // The test asks later how it ends.
    saving.catch(() => {});
    await held.promise;
    status = 200;
    return { server, auth, go, saving };
  }

  test("is not sent as the user who signed in meanwhile", async () => {
    const { server, auth, go, saving } = await startBackingOff();
    server.tokens.claims = { sub: "u2" };
    await auth.login({ password: "right" });
    go.resolve();
    expect(await failure(saving)).toMatchObject({
      code: "ERR_CANCELED",
      cause: { code: "session_ended" },
    });
    expect(server.received("POST /drafts")).toBe(1);
  });

  test("is sent while its user is still here, or here again", async () => {
    const { server, auth, go, saving } = await startBackingOff();
    await auth.login({ password: "right" });
    go.resolve();
    expect(await saving).toMatchObject({ status: 200 });
    expect(server.received("POST /drafts")).toBe(2);
  });
});

test("a config that is kept as JSON for another page names no maker", async () => {
  const { auth } = await setup();
  const { config } = await auth.api.get("/me");
  expect(Object.keys(JSON.parse(JSON.stringify(config)))).not.toContain("madeBy");
});

describe("a 401 that no refresh can cure starts none", () => {
  test.each<[string, (base: string) => string]>([
    ["auth/refresh", () => "auth/refresh"],
    ["./auth/refresh", () => "./auth/refresh"],
    ["the absolute URL", (base) => `${base}/auth/refresh`],
  ])("%s is the refresh, however it is written", async (_, write) => {
    const { server, auth } = await setup();
    server.on("POST /auth/refresh", answer(401, {}));
    const sending = auth.api.post(write(server.url), {});
    expect(await failure(sending)).toMatchObject({ response: { status: 401 } });
    expect(server.received("POST /auth/refresh")).toBe(1);
    expect(server.requests.at(-1)?.token).toBeUndefined();
  });

  test("a request with `auth` passes as it is", async () => {
    const { server, auth } = await setup();
    const basic = { username: "a", password: "b" };
    expect(await failure(auth.api.get("/me", { auth: basic }))).toMatchObject({
      response: { status: 401 },
    });
    expect(server.requests.at(-1)?.headers.authorization).toMatch(/^Basic /);
    expect(server.received("POST /auth/refresh")).toBe(0);
  });
});

describe("refreshOn", () => {
  test.each([
    ["http", "text"],
    ["http", "arraybuffer"],
    ["fetch", "json"],
    ["fetch", "blob"],
  ] as const)("may read the body, through the %s adapter as %s", async (adapter, responseType) => {
    const { server, auth } = await setup({
      refreshOn: async ({ json }) => JSON.stringify(await json()).includes("/expired"),
    });
    await auth.api.get("/fine", { adapter, responseType });
    await auth.api.get("/expired", { adapter, responseType });
    expect(server.received("/fine")).toBe(1);
    expect(server.received("/expired")).toBe(2);
  });

  test.each(["http", "fetch"])("leaves a stream to the caller (%s adapter)", async (adapter) => {
    const seen: unknown[] = [];
    const { auth } = await setup({
      refreshOn: async ({ json }) => seen.push(await json()) === 0,
    });
    const { data } = await auth.api.get("/me", { adapter, responseType: "stream" });
    expect(await new Response(data).json()).toMatchObject({ path: "/me" });
    expect(seen).toEqual([undefined]);
  });
});

describe("the replay is the same", () => {
  test("transforms and the app's interceptors run once per call", async () => {
    const { server, auth } = await setup();
    const ran: string[] = [];
    auth.api.interceptors.request.use((config) => {
      ran.push("request");
      return config;
    });
    auth.api.interceptors.response.use((response) => {
      ran.push("response");
      return response;
    });
    server.expireTokens();
    await auth.api.post("/me", "x", {
      transformRequest: (data: string) => {
        ran.push("transformRequest");
        return `${data}!`;
      },
      transformResponse: (data: string) => {
        ran.push("transformResponse");
        return data;
      },
    });
    expect(ran).toEqual(["request", "transformRequest", "transformResponse", "response"]);
    expect(server.requests.at(-1)?.body.toString()).toBe("x!");
  });

  test("a web stream is not sent twice either, and its answer is freed", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    const { data } = await auth.api.get<ReadableStream>("/me", {
      adapter: "fetch",
      responseType: "stream",
    });
    expect(await new Response(data).json()).toMatchObject({ path: "/me" });
    expect(server.received("GET /me")).toBe(2);
  });

  test("the first answer's stream is freed before the replay", async () => {
    const { server, auth } = await setup();
    const streams: Readable[] = [];
    server.expireTokens();
    const http = axios.getAdapter("http");
    const { data } = await auth.api.get<Readable>("/me", {
      responseType: "stream",
      adapter: async (config) => {
        const response = await http({ ...config, validateStatus: null });
        streams.push(response.data);
        if (response.status === 401) throw new AxiosError("", "", config, undefined, response);
        return response;
      },
    });
    expect(streams[0]?.destroyed).toBe(true);
    expect(data.destroyed).toBe(false);
    data.destroy();
  });
});

describe("the caller's patience", () => {
  test("a cancel token cancels on the wire, and so does a logout where one is used", async () => {
    const { server, auth } = await setup();
    server.on("/slow", () => {});
    const source = axios.CancelToken.source();
    const first = auth.api.get("/slow", { cancelToken: source.token }).catch((e: unknown) => e);
    await expect.poll(() => server.received("/slow")).toBe(1);
    source.cancel("mine");
    expect(await first).toMatchObject({ message: "mine" });
    const { token } = axios.CancelToken.source();
    const second = auth.api.get("/slow", { cancelToken: token }).catch((e: unknown) => e);
    await expect.poll(() => server.received("/slow")).toBe(2);
    void auth.logout();
    expect(await second).toMatchObject({ cause: { code: "session_ended" } });
  });

  test("a cancel token rejects a waiting request at once", async () => {
    const { server, auth } = await setup();
    const go = deferred<"default">();
    server.on("POST /auth/refresh", () => go.promise);
    server.expireTokens();
    const source = axios.CancelToken.source();
    const canceled = failure(auth.api.get("/a", { cancelToken: source.token }));
    const other = auth.api.get("/b");
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    source.cancel();
    expect(await canceled).toBeInstanceOf(CanceledError);
    go.resolve("default");
    expect((await other).status).toBe(200);
  });

  test("timeout is one deadline from the start: waits count, and the error is axios' own", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", () => {});
    server.expireTokens();
    const waiting = auth.api.get("/a", { timeout: 3000 }).catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(3000);
    expect(await waiting).toMatchObject({
      name: "AxiosError",
      code: "ECONNABORTED",
      message: "timeout of 3000ms exceeded",
    });
  });

  test("a replay for which no time is left is not sent", async () => {
    const { server, auth, clock } = await setup();
    server.expireTokens();
    const http = axios.getAdapter("http");
    const sending = auth.api.get("/a", {
      timeout: 500,
      adapter: async (config) => {
        const response = await http({ ...config, validateStatus: null });
        await clock.advance(600);
        return response;
      },
    });
    await expect(sending).rejects.toMatchObject({ code: "ECONNABORTED" });
    expect(server.received("/a")).toBe(1);
  });

  test("each send gets what is left of the timeout", async () => {
    const timeouts: (number | undefined)[] = [];
    const { server, auth, clock } = await setup();
    server.expireTokens();
    const http = axios.getAdapter("http");
    await auth.api.get("/a", {
      timeout: 3000,
      adapter: async (config) => {
        timeouts.push(config.timeout);
        await clock.advance(1000);
        return http(config);
      },
    });
    expect(timeouts).toEqual([3000, 2000]);
  });

  test("a timeout may be a text, as axios takes it", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", hang);
    server.expireTokens();
    const text: unknown = "3000";
    const waiting = failure(auth.api.get("/a", { timeout: text as number }));
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(3000);
    expect(await waiting).toMatchObject({ message: "timeout of 3000ms exceeded" });
  });

  test("a message and a code of the app's are kept", async () => {
    const { server, auth, clock } = await setup();
    server.on("POST /auth/refresh", () => {});
    server.expireTokens();
    const transitional = { clarifyTimeoutError: true };
    const waiting = auth.api
      .get("/a", { timeout: 3000, timeoutErrorMessage: "too slow", transitional })
      .catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    await clock.advance(3000);
    expect(await waiting).toMatchObject({ code: "ETIMEDOUT", message: "too slow" });
  });
});

describe("nothing the caller receives holds the token", () => {
  const outcomes: Record<string, string> = {
    success: "/me",
    "a 401 that stays": "/closed",
    "a 500": "/broken",
    "a network failure": "/gone",
  };

  test.each(["http", "fetch"] as const)("through axios' %s adapter", async (adapter) => {
    const { server, auth, events } = await setup();
    server.on("/closed", (_, response) => sendJSON(response, 401, {}));
    server.on("/broken", (_, response) => sendJSON(response, 500, {}));
    server.on("/gone", (_, response) => void response.destroy());
    for (const [outcome, path] of Object.entries(outcomes)) {
      const result: unknown = await auth.api.get(path, { adapter }).catch((e: unknown) => e);
      const token = String(await auth.getAccessToken());
      const text = `${reachable(result)} ${JSON.stringify(result)}`;
      expect({ outcome, leaks: text.includes(token) }).toEqual({ outcome, leaks: false });
    }
    expect(reachable([events, auth.getState()])).not.toContain("eyJ");
  });

  test("through an adapter that wraps the errors of axios, as axios' own for fetch once did", async () => {
    const { server, auth } = await setup();
    server.on("/closed", answer(401, {}));
    const adapter: AxiosAdapter = (config) =>
      axios
        .getAdapter("http")(config)
        .catch((error: AxiosError) => {
          throw AxiosError.from(error, error.code, config, error.request, error.response);
        });
    const error = await failure(auth.api.get("/closed", { adapter }));
    expect(reachable(error)).not.toContain("eyJ");
  });

  test("config is the app's own, on response and on error", async () => {
    const { auth } = await setup();
    const { config, request } = await auth.api.get("/me");
    expect(config.headers.has("Authorization")).toBe(false);
    expect(config.adapter).toEqual(axios.defaults.adapter);
    expect(request).toMatchObject({ responseURL: expect.stringContaining("/me") });
  });

  test("an error names its cause as axios' own do: not among what loggers walk through", async () => {
    const { server, auth } = await setup();
    server.revokeSession();
    const error = await failure(auth.api.get("/me"));
    expect(error).toMatchObject({ cause: { code: "refused" } });
    expect(Object.getOwnPropertyDescriptor(error, "cause")).toMatchObject({
      enumerable: false,
      writable: true,
      configurable: true,
    });
  });

  test("an error of the adapter's own is the app's, whatever it has with it", async () => {
    const { server, auth } = await setup();
    const own = Object.assign(new Error("mine"), { response: { status: 401, headers: {} } });
    const adapter: AxiosAdapter = () => Promise.reject(own);
    expect(await failure(auth.api.get("/me", { adapter }))).toBe(own);
    expect(server.received("POST /auth/refresh")).toBe(0);
  });
});
