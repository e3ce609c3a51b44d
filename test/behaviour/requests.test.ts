import { Readable } from "node:stream";
import axios, { AxiosError, CanceledError, type InternalAxiosRequestConfig } from "axios";
import fc from "fast-check";
import { AuthError, createAuth } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { sendJSON, startAuthServer } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { setup } from "../support/setup.js";

/** Sends through an adapter that goes nowhere, and tells whether the token would have been added. */
async function carriesToken(
  config: { baseURL?: string; url: string },
  documentURL?: string,
  allowedOrigins: string[] = [],
): Promise<boolean> {
  const sent: InternalAxiosRequestConfig[] = [];
  const { auth } = await setup({
    baseURL: "https://api.example.com/v1",
    login: () => ({ accessToken: "token" }),
    allowedOrigins,
    platform: { documentURL: () => documentURL },
  });
  await auth.api
    .request({
      ...config,
      adapter: (final) => {
        sent.push(final);
        return Promise.resolve({
          status: 200,
          statusText: "",
          data: "",
          headers: {},
          config: final,
        });
      },
    })
    .catch(() => {});
  return sent.some(({ headers }) => headers.has("Authorization"));
}

describe("10: the token goes to allowed origins only", () => {
  const page = "https://app.example.com/page";

  test.each([
    "/orders",
    "orders?next=//evil.example",
    "https://api.example.com/orders",
    "https://API.example.com:443/orders",
    "https://files.example.com/a",
  ])("%s gets it", async (url) => {
    expect(await carriesToken({ url }, page, ["https://files.example.com"])).toBe(true);
  });

  test.each([
    "https://evil.example/orders",
    "//evil.example/orders",
    "https://api.example.com@evil.example/",
    "https://api.example.com.evil.example/",
    "http://api.example.com/orders",
    "https:\\\\evil.example",
  ])("%s does not", async (url) => {
    expect(await carriesToken({ url }, page)).toBe(false);
  });

  test.each([
    ["/\\evil.example", "/"],
    ["\\\\evil.example", "/"],
    ["/\t/evil.example", "/"],
    ["\t//evil.example", ""],
    ["/orders", "https://evil.example"],
  ])("%j behind %j does not", async (url, baseURL) => {
    expect(await carriesToken({ baseURL, url }, page)).toBe(false);
  });

  test("a relative URL is judged by <base href>, and has no origin without a document", async () => {
    expect(await carriesToken({ baseURL: "/", url: "a" }, "https://api.example.com/x")).toBe(true);
    expect(await carriesToken({ baseURL: "/", url: "a" }, "https://evil.example/")).toBe(false);
    expect(await carriesToken({ baseURL: "/", url: "a" }, undefined)).toBe(false);
  });

  test.each(["*", "https://*.example.com", "null", "https://api.example.com/path", "example.com"])(
    "allowedOrigins: %s throws and says the remedy",
    (origin) => {
      expect(() => createAuth({ allowedOrigins: [origin] })).toThrow(/is not an origin/);
    },
  );

  test("the judgement equals the origin of the URL that axios builds", async () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      "\t",
      "@",
      ":",
      "?",
      "#",
      "a",
      "evil.example",
      "..",
      "http",
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    const base = fc.constantFrom(
      "",
      "/",
      "/v1",
      "https://api.example.com",
      "http:",
      "https://x@",
      "//",
    );
    const targets: { baseURL: string; url: string; carried: boolean }[] = [];
    let current: { baseURL: string; url: string };
    const { auth } = await setup({
      baseURL: "https://api.example.com",
      login: () => ({ accessToken: "token" }),
      platform: { documentURL: () => page },
    });
    const adapter = (config: InternalAxiosRequestConfig) => {
      targets.push({ ...current, carried: config.headers.has("Authorization") });
      return Promise.resolve({ status: 200, statusText: "", data: "", headers: {}, config });
    };
    await fc.assert(
      fc.asyncProperty(base, text, async (baseURL, url) => {
        current = { baseURL, url };
        await auth.api.request({ ...current, adapter }).catch(() => {});
      }),
      { numRuns: 1000 },
    );
    const clean = axios.create();
    const originOf = (target: { baseURL: string; url: string }) => {
      try {
        return new URL(clean.getUri(target), page).origin;
      } catch {
        return "none";
      }
    };
    const wrong = targets.filter(
      (target) => target.carried !== (originOf(target) === "https://api.example.com"),
    );
    expect(targets.length).toBeGreaterThan(500);
    expect(wrong).toEqual([]);
  });
});

describe("11: a 401 that no refresh can cure starts none", () => {
  const challenges = {
    tooLittleScope: 'Bearer error="insufficient_scope"',
    behindAnother: 'Basic realm="a, b", Bearer realm="x", error="insufficient_scope", scope="all"',
    stepUp: 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=5',
  };

  async function challenged(challenge: string) {
    const { server, auth, logouts } = await setup();
    server.on("/pay", (_, response) => {
      response.setHeader("www-authenticate", challenge);
      sendJSON(response, 401, {});
    });
    const error: unknown = await auth.api.post("/pay").catch((failure: unknown) => failure);
    const cause = error instanceof AxiosError ? error.cause : "not an AxiosError";
    return { server, logouts, error, cause };
  }

  test.each(Object.values(challenges))("%s", async (challenge) => {
    const { server, logouts, error } = await challenged(challenge);
    expect(error).toMatchObject({ response: { status: 401 } });
    expect(server.received("POST /auth/refresh")).toBe(0);
    expect(logouts).toEqual([]);
  });

  test("too little scope has no cause; a step-up names what is asked for (RFC 9470)", async () => {
    expect((await challenged(challenges.tooLittleScope)).cause).toBeUndefined();
    expect((await challenged(challenges.stepUp)).cause).toMatchObject({
      code: "step_up",
      acr_values: "gold silver",
      max_age: 5,
    });
  });

  test("a challenge quoted inside another's text is not one", async () => {
    const { server, auth } = await setup();
    server.on("/pay", (_, response) => {
      response.setHeader(
        "www-authenticate",
        'Bearer realm="say \\"x\\", error=insufficient_scope"',
      );
      sendJSON(response, 401, {});
    });
    await auth.api.get("/pay").catch(() => {});
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("403 starts none unless refreshOn says so", async () => {
    const { server, auth } = await setup();
    server.on("/a", (_, response) => sendJSON(response, 403, {}));
    await auth.api.get("/a").catch(() => {});
    expect(server.received("POST /auth/refresh")).toBe(0);
    const other = await setup({ refreshOn: [401, 403] });
    other.server.on("/a", (_, response) => sendJSON(response, 403, {}));
    await other.auth.api.get("/a").catch(() => {});
    expect(other.server.received("POST /auth/refresh")).toBe(1);
  });

  test("refreshOn as a function is asked about a 200 too, and may read its body", async () => {
    const { server, auth } = await setup({
      refreshOn: async ({ status, json }) =>
        status === 200 && JSON.stringify(await json()).includes("JWTExpired"),
    });
    server.on("/graphql", (_, response) => {
      if (server.received("/graphql") > 1) return "default";
      return sendJSON(response, 200, { errors: [{ message: "JWTExpired" }] });
    });
    expect((await auth.api.post("/graphql")).data).toMatchObject({ path: "/graphql" });
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test.each(["/auth/login", "auth/refresh?x=1", "/auth/logout"])(
    "login, refresh and logout themselves, sent through the client: %s",
    async (url) => {
      const { server, auth } = await setup();
      server.on(`POST /${url.replace(/^\/|\?.*/g, "")}`, (_, response) =>
        sendJSON(response, 401, {}),
      );
      const before = server.received();
      await expect(auth.api.post(url, {})).rejects.toMatchObject({ response: { status: 401 } });
      expect(server.received() - before).toBe(1);
      expect(server.requests.at(-1)?.token).toBeUndefined();
    },
  );

  test("skipAuth, and a request that brings its own authorization, pass as they are", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    const basic = { username: "a", password: "b" };
    for (const config of [
      { skipAuth: true },
      { headers: { authorization: "Own" } },
      { auth: basic },
    ]) {
      await expect(auth.api.get("/me", config)).rejects.toMatchObject({
        response: { status: 401 },
      });
      expect(server.requests.at(-1)?.token).toBeUndefined();
    }
    expect(server.received("POST /auth/refresh")).toBe(0);
  });
});

describe("12: the replay is the same", () => {
  const form = () => {
    const data = new FormData();
    data.append("name", "Ada");
    data.append("photo", new File(["pixels"], 'a".png', { type: "image/png" }));
    return data;
  };

  test.each<[string, () => unknown]>([
    ["JSON", () => ({ a: [1, "ä"] })],
    ["text", () => "plain"],
    ["URLSearchParams", () => new URLSearchParams({ q: "a b" })],
    ["FormData", form],
    ["Blob", () => new Blob(["some bytes"])],
    ["ArrayBuffer", () => new Uint8Array([0, 255, 10]).buffer],
    ["a typed-array view", () => new Uint8Array([0, 255, 10]).subarray(1)],
    ["Buffer", () => Buffer.from([1, 2, 3])],
  ])("bytes and type: %s", async (_, body) => {
    const { server, auth } = await setup();
    server.expireTokens();
    await auth.api.post("/upload", body());
    const [first, replay] = server.requests.filter(({ path }) => path === "/upload");
    expect(replay?.body.toString("hex")).toBe(first?.body.toString("hex"));
    expect(replay?.headers["content-type"]).toBe(first?.headers["content-type"]);
    expect(replay?.body.length).toBeGreaterThan(0);
  });

  test("a form that the app edits while it waits is sent as it was", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    const data = form();
    const sending = auth.api.post("/upload", data);
    await expect.poll(() => server.received("/upload")).toBeGreaterThan(0);
    data.append("late", "entry");
    await sending;
    expect(server.requests.at(-1)?.body.toString()).not.toContain("late");
  });

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

  test("a stream is not sent twice: its 401 ends body_not_replayable", async () => {
    const { server, auth } = await setup({ login: () => ({ accessToken: "unknown" }) });
    server.signInBefore();
    server.on("POST /upload", (_, response) => sendJSON(response, 401, {}));
    const error: unknown = await auth.api
      .post("/upload", Readable.from(["chunk"]))
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({
      response: { status: 401 },
      cause: { code: "body_not_replayable" },
    });
    expect(server.received("POST /upload")).toBe(1);
  });

  test("a stream gets a fresh token first", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(550_000);
    server.expireTokens();
    const { status } = await auth.api.post("/upload", Readable.from(["chunk"]));
    expect(status).toBe(200);
    expect(server.received("POST /auth/refresh")).toBe(1);
    expect(server.received("POST /upload")).toBe(1);
  });

  test("a stream is sent with the token there is, if no fresh one can be had", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(550_000);
    server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
    expect((await auth.api.post("/upload", Readable.from(["chunk"]))).status).toBe(200);
  });

  test("a stream that is aborted while it waits for a fresh token is not sent", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(550_000);
    server.on("POST /auth/refresh", () => {});
    const controller = new AbortController();
    const { signal } = controller;
    const sending = auth.api.post("/upload", Readable.from(["chunk"]), { signal });
    const outcome = sending.catch((error: unknown) => error);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    controller.abort();
    expect(await outcome).toBeInstanceOf(CanceledError);
    await auth.api.get("/me");
    expect(server.received("POST /upload")).toBe(0);
  });

  test("a stream of a session that is refused meanwhile is not sent", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(550_000);
    server.revokeSession();
    const sending = auth.api.post("/upload", Readable.from(["chunk"]));
    await expect(sending).rejects.toMatchObject({ code: "refused" });
    expect(server.received("POST /upload")).toBe(0);
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

describe("13: the caller's patience", () => {
  test("a signal that is aborted already keeps the request from being sent", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(700_000);
    const sending = auth.api.get("/a", { signal: AbortSignal.abort() });
    await expect(sending).rejects.toBeInstanceOf(CanceledError);
    expect(server.received("/a")).toBe(0);
  });

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

  test.each(["signal", "cancelToken"])("%s rejects a waiting request at once", async (kind) => {
    const { server, auth } = await setup();
    const answer = deferred<"default">();
    server.on("POST /auth/refresh", () => answer.promise);
    server.expireTokens();
    const controller = new AbortController();
    const source = axios.CancelToken.source();
    const aborted = auth.api
      .get("/a", kind === "signal" ? { signal: controller.signal } : { cancelToken: source.token })
      .catch((error: unknown) => error);
    const other = auth.api.get("/b");
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    if (kind === "signal") controller.abort();
    else source.cancel();
    expect(await aborted).toBeInstanceOf(CanceledError);
    answer.resolve("default");
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

describe("14: nothing the caller receives holds the token", () => {
  /** Every string that can be reached from a value, symbols and hidden fields included. */
  function reachable(root: unknown): string {
    const seen = new Set<unknown>();
    const texts: string[] = [];
    const queue = [root];
    while (queue.length > 0) {
      const value = queue.pop();
      if (typeof value === "string") texts.push(value);
      if (value instanceof Uint8Array || typeof value !== "object" || !value || seen.has(value))
        continue;
      seen.add(value);
      for (const key of Reflect.ownKeys(value)) {
        const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
        if (descriptor && "value" in descriptor) queue.push(key, descriptor.value);
      }
    }
    return texts.join("\n");
  }

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
      const result: unknown = await auth.api
        .get(path, { adapter })
        .catch((failure: unknown) => failure);
      const token = String(await auth.getAccessToken());
      const text = `${reachable(result)} ${JSON.stringify(result)}`;
      expect({ outcome, leaks: text.includes(token) }).toEqual({ outcome, leaks: false });
    }
    expect(reachable([events, auth.getState()])).not.toContain("eyJ");
  });

  test("config is the app's own, on response and on error", async () => {
    const { auth } = await setup();
    const { config, request } = await auth.api.get("/me");
    expect(config.headers.has("Authorization")).toBe(false);
    expect(config.adapter).toEqual(axios.defaults.adapter);
    expect(request).toMatchObject({ responseURL: expect.stringContaining("/me") });
  });
});

describe("15: an answer with no usable token", () => {
  test.each(["line\r\nX-Injected: 1", "with space", "ünïcode", "tab\t", "Bearer abc"])(
    "%j is never stored and never sent",
    async (accessToken) => {
      const { server, auth } = await setup();
      const good = await auth.getAccessToken();
      server.tokens.body = { accessToken };
      await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
      await auth.api.get("/me");
      expect(server.requests.at(-1)?.token).toBe(good);
    },
  );
});

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

  test("whose adapter fails in its own way rejects with that", async () => {
    const { auth } = await setup();
    const adapter = () => Promise.reject(new RangeError("mine"));
    await expect(auth.api.get("/me", { adapter })).rejects.toThrow(RangeError);
  });

  test("sends the token in the header and scheme of the options", async () => {
    const { server, auth } = await setup({ header: "X-Auth", scheme: "" });
    await auth.api.get("/me").catch(() => {});
    expect(server.requests.at(-1)?.headers["x-auth"]).toMatch(/^eyJ/);
  });
});

test("a request of a session that ends by logout is aborted, and says so", async () => {
  const { server, auth } = await setup();
  server.on("/slow", () => {});
  const waiting = auth.api.get("/slow").catch((error: unknown) => error);
  await expect.poll(() => server.received("/slow")).toBe(1);
  void auth.logout();
  const error = await waiting;
  expect(error).toBeInstanceOf(CanceledError);
  expect(error).toMatchObject({ code: "ERR_CANCELED", cause: { code: "session_ended" } });
  expect(error instanceof CanceledError && error.cause).toBeInstanceOf(AuthError);
  await expect.poll(() => server.requests.find(({ path }) => path === "/slow")?.aborted).toBe(true);
});
