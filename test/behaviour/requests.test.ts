import { createAuth } from "react-authed-query";
import { describe, expect, test } from "vitest";
import { after, answer, hang } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { sentContent } from "../support/sentContent.js";

describe.each(clients)("%s, 10: the token goes to allowed origins only", (client) => {
  const page = "https://app.example.com/page";

  test.each([
    "https://api.example.com/orders",
    "https://API.example.com:443/orders",
    "https://files.example.com/a",
  ])("%s gets it", async (url) => {
    expect(await client.carriesToken(url, page, ["https://files.example.com"])).toBe(true);
  });

  test.each([
    "https://evil.example/orders",
    "//evil.example/orders",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "https://api.example.com.evil.example/",
    "http://api.example.com/orders",
    "https:\\\\evil.example",
    "data:text/plain,https://api.example.com/",
    "blob:https://api.example.com/0e0c7e0a-1",
  ])("%j does not", async (url) => {
    expect(await client.carriesToken(url, page, [], "")).toBe(false);
  });

  test("a relative URL is judged by <base href>, and has no origin without a document", async () => {
    expect(await client.carriesToken("a", "https://api.example.com/x", [], "/")).toBe(true);
    expect(await client.carriesToken("a", "https://evil.example/", [], "/")).toBe(false);
    expect(await client.carriesToken("a", undefined, [], "/")).toBe(false);
  });
});

test.each(["*", "https://*.example.com", "null", "https://api.example.com/path", "example.com"])(
  "allowedOrigins: %s throws and says the remedy",
  (origin) => {
    expect(() => createAuth({ allowedOrigins: [origin] })).toThrow(/is not an origin/);
  },
);

describe.each(clients)("%s, 11: a 401 that no refresh can cure starts none", (client) => {
  const challenges = {
    tooLittleScope: 'Bearer error="insufficient_scope"',
    behindAnother: 'Basic realm="a, b", Bearer realm="x", error="insufficient_scope", scope="all"',
    stepUp: 'Bearer error="insufficient_user_authentication", acr_values="gold silver", max_age=5',
  };

  async function challenged(challenge: string) {
    const made = await client.setup();
    made.server.on("/pay", answer(401, {}, { "www-authenticate": challenge }));
    return { ...made, end: await made.send("/pay", { method: "POST" }) };
  }

  test.each(Object.values(challenges))("%s", async (challenge) => {
    const { server, logouts, end } = await challenged(challenge);
    expect(end).toMatchObject({ status: 401 });
    expect(server.received("POST /auth/refresh")).toBe(0);
    expect(logouts).toEqual([]);
  });

  test("too little scope has no cause; a step-up names what is asked for (RFC 9470)", async () => {
    expect((await challenged(challenges.tooLittleScope)).end.error).toBeUndefined();
    const asked = { code: "step_up", acr_values: "gold silver", max_age: 5 };
    expect((await challenged(challenges.stepUp)).end).toMatchObject(client.because(asked));
  });

  test("a challenge quoted inside another's text is not one", async () => {
    const { server } = await challenged('Bearer realm="say \\"x\\", error=insufficient_scope"');
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("403 starts none unless refreshOn says so", async () => {
    const { server, send } = await client.setup();
    server.on("/a", answer(403, {}));
    expect(await send("/a")).toMatchObject({ status: 403 });
    expect(server.received("POST /auth/refresh")).toBe(0);
    const other = await client.setup({ refreshOn: [401, 403] });
    other.server.on("/a", answer(403, {}));
    expect(await other.send("/a")).toMatchObject({ status: 403 });
    expect(other.server.received("POST /auth/refresh")).toBe(1);
  });

  test("refreshOn as a function is asked about a 200 too, and may read its body", async () => {
    const { server, send } = await client.setup({
      refreshOn: async ({ status, json }) =>
        status === 200 && JSON.stringify(await json()).includes("JWTExpired"),
    });
    server.on("/graphql", (_, response) => {
      if (server.received("/graphql") > 1) return "default";
      return sendJSON(response, 200, { errors: [{ message: "JWTExpired" }] });
    });
    expect(await send("/graphql", { method: "POST" })).toMatchObject({
      data: { path: "/graphql" },
    });
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("refreshOn as a function is shown the answer: its headers and where it came from", async () => {
    const seen: unknown[] = [];
    const { server, get } = await client.setup({
      refreshOn: ({ headers, url }) => {
        seen.push([headers.get("content-type"), new URL(url, server.url).pathname]);
        return false;
      },
    });
    await get("/me");
    expect(seen).toEqual([["application/json", "/me"]]);
  });

  test("a max_age of 0 asks for a sign-in now", async () => {
    const { end } = await challenged(
      'Bearer error="insufficient_user_authentication", max_age="0"',
    );
    expect(end).toMatchObject(client.because({ code: "step_up", max_age: 0 }));
  });

  test("a max_age that is no number is left out", async () => {
    const { end } = await challenged(
      'Bearer error="insufficient_user_authentication", max_age="soon"',
    );
    expect(end).toMatchObject(client.because({ code: "step_up", max_age: undefined }));
  });

  test("an endpoint's URL with another method is the app's own", async () => {
    const logout = { url: "/sessions", method: "DELETE" };
    const { server, auth, get } = await client.setup({ logout });
    server.expireTokens();
    await get("/sessions");
    expect(server.requests.at(-1)?.token).toBe(await auth.getAccessToken());
  });

  test.each(["/auth/login", "/auth/refresh?x=1", "/auth/logout"])(
    "login, refresh and logout themselves, sent through the client: %s",
    async (path) => {
      const { server, send } = await client.setup();
      server.on(`POST ${path.replace(/\?.*/, "")}`, answer(401, {}));
      const before = server.received();
      expect(await send(path, { method: "POST", body: {} })).toMatchObject({ status: 401 });
      expect(server.received() - before).toBe(1);
      expect(server.requests.at(-1)?.token).toBeUndefined();
    },
  );

  test("another path that ends like one of them is an API's as any other", async () => {
    const { server, get } = await client.setup();
    await get("/members/auth/login");
    expect(server.requests.at(-1)?.token).toBeDefined();
  });

  test("skipAuth, and a request that brings its own authorization, pass as they are", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    for (const request of [{ skipAuth: true }, { headers: { authorization: "Own" } }]) {
      expect(await send("/me", request)).toMatchObject({ status: 401 });
      expect(server.requests.at(-1)?.token).toBeUndefined();
    }
    expect(server.requests.at(-1)?.headers.authorization).toBe("Own");
    expect(server.received("POST /auth/refresh")).toBe(0);
  });
});

describe.each(clients)("%s, 12: the replay is the same", (client) => {
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
  ])("bytes, length and type: %s", async (_, body) => {
    const { server, send } = await client.setup();
    server.expireTokens();
    expect(await send("/upload", { method: "POST", body: body() })).toMatchObject({ status: 200 });
    const [first, replay] = server.requests.filter(({ path }) => path === "/upload");
    expect(sentContent(replay)).toEqual(sentContent(first));
    expect(replay?.headers["content-length"]).toBe(String(replay?.body.length));
    expect(replay?.body.length).toBeGreaterThan(0);
  });

  test.each<[string, () => { body: unknown; change: () => void }]>([
    [
      "a form",
      () => {
        const body = form();
        return { body, change: () => body.append("name", "late entry") };
      },
    ],
    [
      "URLSearchParams",
      () => {
        const body = new URLSearchParams({ a: "1" });
        return { body, change: () => body.append("b", "late entry") };
      },
    ],
    [
      "an ArrayBuffer",
      () => {
        const body = new Uint8Array([1, 2, 3]);
        return { body: body.buffer, change: () => body.fill(9) };
      },
    ],
  ])("%s that the app changes while it waits is sent as it was", async (_, make) => {
    const { server, send } = await client.setup();
    server.expireTokens();
    const go = deferred();
    server.on("POST /auth/refresh", after(go.promise));
    const { body, change } = make();
    const sending = send("/upload", { method: "POST", body });
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    change();
    go.resolve();
    expect(await sending).toMatchObject({ status: 200 });
    const [first, replay] = server.requests.filter(({ path }) => path === "/upload");
    expect(sentContent(replay)).toEqual(sentContent(first));
    expect(sentContent(replay).bytes).not.toContain("late entry");
  });
});

describe.each(clients)("%s, 12: a stream", (client) => {
  const upload = () => ({ method: "POST", body: client.stream("chunk") });

  test("is not sent twice: its 401 ends body_not_replayable", async () => {
    const { server, send } = await client.setup({ login: () => ({ accessToken: "unknown" }) });
    server.signInBefore();
    server.on("POST /upload", answer(401, {}));
    expect(await send("/upload", upload())).toMatchObject({
      status: 401,
      ...client.because({ code: "body_not_replayable", status: 401 }),
    });
    expect(server.received("POST /upload")).toBe(1);
    expect(server.received("POST /auth/refresh")).toBe(2);
  });

  test("gets a fresh token first", async () => {
    const { server, clock, send, events } = await client.setup();
    await clock.advance(550_000);
    server.expireTokens();
    expect(await send("/upload", upload())).toMatchObject({ status: 200 });
    expect(events).toContainEqual(
      expect.objectContaining({ type: "refresh-sent", cause: "ahead" }),
    );
    expect(server.received("POST /auth/refresh")).toBe(1);
    expect(server.received("POST /upload")).toBe(1);
    expect(server.requests.at(-1)?.body.toString()).toBe("chunk");
  });

  test("goes at once with a token whose age is known and good: no refresh", async () => {
    const { server, clock, send } = await client.setup();
    await clock.advance(500_000);
    expect(await send("/upload", upload())).toMatchObject({ status: 200 });
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("is sent with the token there is, if no fresh one can be had", async () => {
    const { server, clock, send } = await client.setup();
    await clock.advance(550_000);
    server.on("POST /auth/refresh", answer(503));
    expect(await send("/upload", upload())).toMatchObject({ status: 200 });
  });

  test("that is aborted while it waits for a fresh token is not sent", async () => {
    const { server, clock, send, get } = await client.setup();
    await clock.advance(550_000);
    server.on("POST /auth/refresh", hang);
    const controller = new AbortController();
    const sending = send("/upload", { ...upload(), signal: controller.signal });
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    controller.abort();
    expect(await sending).toEqual({ code: "aborted" });
    await get("/me");
    expect(server.received("POST /upload")).toBe(0);
  });

  test("of a session that is refused meanwhile is not sent", async () => {
    const { server, clock, send } = await client.setup();
    await clock.advance(550_000);
    server.revokeSession();
    expect(await send("/upload", upload())).toMatchObject({ code: "refused" });
    expect(server.received("POST /upload")).toBe(0);
  });
});

describe.each(clients)("%s, 13: the caller's patience", (client) => {
  test("a signal that is aborted already keeps the request from being sent", async () => {
    const { server, clock, send } = await client.setup();
    await clock.advance(700_000);
    expect(await send("/a", { signal: AbortSignal.abort() })).toEqual({ code: "aborted" });
    expect(server.received("/a")).toBe(0);
  });

  test("a signal rejects a waiting request at once, and leaves the refresh and the others alone", async () => {
    const { server, send, get } = await client.setup();
    const go = deferred<"default">();
    server.on("POST /auth/refresh", () => go.promise);
    server.expireTokens();
    const controller = new AbortController();
    const aborted = send("/a", { signal: controller.signal });
    const other = get("/b");
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    controller.abort();
    expect(await aborted).toEqual({ code: "aborted" });
    go.resolve("default");
    await other;
    expect(server.received("/a")).toBe(1);
  });

  test("a signal aborts on the wire, where nobody else does", async () => {
    const { server, send } = await client.setup();
    server.on("/slow", hang);
    const controller = new AbortController();
    const aborted = send("/slow", { signal: controller.signal });
    await expect.poll(() => server.received("/slow")).toBe(1);
    controller.abort();
    expect(await aborted).toEqual({ code: "aborted" });
    await expect.poll(() => server.requests.at(-1)?.aborted).toBe(true);
  });
});

describe.each(clients)("%s, 15: an answer with no usable token", (client) => {
  test.each(["line\r\nX-Injected: 1", "with space", "ünïcode", "tab\t", "Bearer abc"])(
    "%j is never stored and never sent",
    async (accessToken) => {
      const { server, auth, get } = await client.setup();
      const good = await auth.getAccessToken();
      server.tokens.body = { accessToken };
      await auth.getAccessToken({ forceRefresh: true }).catch(() => {});
      await get("/me");
      expect(server.requests.at(-1)?.token).toBe(good);
    },
  );
});

describe.each(clients)("%s", (client) => {
  test("sends the token in the header and scheme of the options", async () => {
    const { server, send } = await client.setup({ header: "X-Auth", scheme: "" });
    await send("/me");
    expect(server.requests.at(-1)?.headers["x-auth"]).toMatch(/^eyJ/);
  });

  test("a request of a session that ends by logout is aborted, and says so", async () => {
    const { server, auth, send } = await client.setup();
    server.on("/slow", hang);
    const { signal } = new AbortController();
    const waiting = [send("/slow"), send("/slow", { signal })];
    await expect.poll(() => server.received("/slow")).toBe(2);
    void auth.logout();
    for (const end of await Promise.all(waiting)) {
      expect(end).toMatchObject({ code: "session_ended", error: { name: "AuthError" } });
    }
    const slow = server.requests.filter(({ path }) => path === "/slow");
    await expect.poll(() => slow.every(({ aborted }) => aborted)).toBe(true);
  });
});
