import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AuthError } from "react-authed-query";
import { describe, expect, onTestFinished, test } from "vitest";
import { after, answer, hang } from "../support/answers.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { reachable } from "../support/reachable.js";
import { setup } from "../support/setup.js";

/** An Auth for https://api.example.com whose fetch goes nowhere, and what it was given. */
async function setupSpy(documentURL?: string) {
  const sent: { input: RequestInfo; init: RequestInit; headers: Headers }[] = [];
  const { auth } = await setup({
    baseURL: "https://api.example.com",
    login: () => ({ accessToken: "token", expiresIn: 600, user: { id: "u1" } }),
    platform: { documentURL: () => documentURL },
    fetch: async (input, init) => {
      sent.push({ input, init, headers: new Headers(init.headers) });
      return new Response();
    },
  });
  const url = () => sent.map(({ input }) => (typeof input === "string" ? input : input.url));
  return { auth, sent, url };
}

const anOrder = "https://api.example.com/orders/1";

describe("auth.fetch", () => {
  test("works by itself, as generated clients are given it", async () => {
    const { server, auth } = await setup();
    const generated: typeof fetch = auth.fetch;
    server.expireTokens();
    expect((await generated(`${server.url}/me`)).status).toBe(200);
  });

  test.each<[string, (url: string) => RequestInfo | URL]>([
    ["a text", (url) => url],
    ["a URL", (url) => new URL(url)],
    ["a Request", (url) => new Request(url)],
  ])("takes %s", async (_, make) => {
    const { server, auth } = await setup();
    server.expireTokens();
    const response = await auth.fetch(make(`${server.url}/me`));
    expect(await response.json()).toMatchObject({ path: "/me" });
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("resolves a relative URL as fetch does: from the document, not from baseURL", async () => {
    const { auth, url } = await setupSpy("https://api.example.com/app/page");
    await auth.fetch("orders");
    await auth.fetch("/orders");
    expect(url()).toEqual(["https://api.example.com/app/orders", "https://api.example.com/orders"]);
  });

  test("leaves a URL that is none to fetch, which says so", async () => {
    const { auth } = await setup({ fetch: (input, init) => fetch(input, init), signedIn: false });
    expect(await failure(auth.fetch("http://"))).toBeInstanceOf(TypeError);
  });

  test("passes on what only a particular fetch knows, and what a Request says of itself", async () => {
    const { auth, sent } = await setupSpy();
    const init = { next: { tags: ["orders"] }, cache: "no-store", integrity: "sha256-x" } as const;
    await auth.fetch(anOrder, init);
    expect(sent[0]?.init).toMatchObject(init);
    const request = new Request(anOrder, {
      method: "PATCH",
      body: "{}",
      credentials: "include",
      redirect: "error",
      keepalive: true,
      referrer: "",
      referrerPolicy: "origin",
    });
    await auth.fetch(request);
    const { input, init: passed } = sent[1] ?? {};
    if (!(input instanceof Request)) throw new Error("No Request was passed on.");
    expect(new Request(input, passed)).toMatchObject({
      method: "PATCH",
      credentials: "include",
      redirect: "error",
      keepalive: true,
      referrer: "",
      referrerPolicy: "origin",
    });
  });

  test("headers of init stand in for those of a Request, as in fetch", async () => {
    const { auth, sent } = await setupSpy();
    const request = new Request(anOrder, { headers: { "x-a": "request", "x-b": "request" } });
    await auth.fetch(request, { headers: { "x-a": "init" } });
    const [{ headers } = { headers: new Headers() }] = sent;
    expect(Object.fromEntries(headers)).toEqual({ authorization: "Bearer token", "x-a": "init" });
  });

  test("fifty at once make Node warn of no leak", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    onTestFinished(() => void process.off("warning", note));
    const { server, auth } = await setup();
    const { signal } = new AbortController();
    server.expireTokens();
    await Promise.all(Array.from({ length: 50 }, () => auth.fetch(`${server.url}/me`, { signal })));
    expect(warnings).toEqual([]);
  });

  test("tells onEvent of the request by its method and path", async () => {
    const { server, auth, events } = await setup();
    await auth.fetch(`${server.url}/orders?token=x`, { method: "PUT" });
    expect(events.filter((event) => "id" in event)).toMatchObject([
      { type: "request-sent", method: "PUT", path: "/orders" },
      { type: "request-answered", status: 200 },
    ]);
  });

  test("after dispose() rejects `disposed`; what was on its way or waiting is broken off", async () => {
    const { server, auth } = await setup();
    server.on("/slow", hang);
    server.on("POST /auth/refresh", hang);
    const onItsWay = failure(auth.fetch(`${server.url}/slow`));
    await expect.poll(() => server.received("/slow")).toBe(1);
    server.expireTokens();
    const waiting = failure(auth.fetch(`${server.url}/expired`));
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    auth.dispose();
    expect(await onItsWay).toMatchObject({ code: "session_ended" });
    expect(await waiting).toMatchObject({ code: "session_ended" });
    expect(await failure(auth.fetch(`${server.url}/me`))).toMatchObject({ code: "disposed" });
    expect(server.received("/me")).toBe(0);
  });
});

describe("the token goes to allowed origins only", () => {
  test("elsewhere auth.fetch is fetch: a 401 starts nothing", async () => {
    const { auth, server } = await setup({
      baseURL: "https://api.example.com",
      login: () => ({ accessToken: "t" }),
    });
    const response = await auth.fetch(`${server.url}/me`);
    expect(response.status).toBe(401);
    expect(server.received()).toBe(1);
    expect(server.requests[0]?.token).toBeUndefined();
  });

  test("a redirect to another origin does not take the token along", async () => {
    const { server, auth } = await setup();
    const seen: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end("elsewhere");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void elsewhere.close());
    // A server that listens on TCP has a port.
    const { port } = elsewhere.address() as AddressInfo;
    server.on("/moved", answer(307, "", { location: `http://127.0.0.1:${port}/` }));
    const response = await auth.fetch(`${server.url}/moved`);
    expect(await response.text()).toBe("elsewhere");
    expect(server.requests.at(-1)?.token).toBeDefined();
    expect(seen).toEqual([undefined]);
  });

  test("a request without CORS cannot carry it, and so passes as it is", async () => {
    const { auth, sent } = await setupSpy();
    await auth.fetch(anOrder, { mode: "no-cors" });
    await auth.fetch(new Request(anOrder, { mode: "no-cors" }));
    expect(sent.map(({ headers }) => headers.has("authorization"))).toEqual([false, false]);
  });
});

describe("a request that brings its own authorization", () => {
  test.each<[string, (url: string) => [RequestInfo, RequestInit?]]>([
    ["in init", (url) => [url, { headers: [["AUTHORIZATION", "Own"]] }]],
    ["in a Request", (url) => [new Request(url, { headers: { authorization: "Own" } })]],
  ])("%s passes as it is", async (_, make) => {
    const { server, auth } = await setup();
    const [input, init] = make(`${server.url}/me`);
    expect((await auth.fetch(input, init)).status).toBe(401);
    expect(server.requests.at(-1)?.headers.authorization).toBe("Own");
    expect(server.received("POST /auth/refresh")).toBe(0);
  });

  test("in a Request, but not in the init that stands in for it, gets the token", async () => {
    const { server, auth } = await setup();
    const request = new Request(`${server.url}/me`, { headers: { authorization: "Own" } });
    expect((await auth.fetch(request, { headers: {} })).status).toBe(200);
  });
});

describe("the replay is the same", () => {
  test.each<[string, RequestInit["body"]]>([
    ["text", "plain"],
    ["a form", new URLSearchParams({ q: "a b" })],
    ["a file", new Blob(["some bytes"], { type: "text/css" })],
    ["nothing", null],
  ])("of a Request that holds %s", async (_, body) => {
    const { server, auth } = await setup();
    server.expireTokens();
    const { status } = await auth.fetch(
      new Request(`${server.url}/upload`, { method: "POST", body: body ?? null }),
    );
    expect(status).toBe(200);
    const [first, replay] = server.requests.filter(({ path }) => path === "/upload");
    expect(replay?.body.equals(first?.body ?? Buffer.of())).toBe(true);
    expect(replay?.headers["content-type"]).toBe(first?.headers["content-type"]);
    expect(replay?.headers["content-length"]).toBe(first?.headers["content-length"]);
  });

  test("of a Request made of a stream, which cannot be told from others, is made of a copy", async () => {
    const { server, auth } = await setup();
    server.expireTokens();
    const body = new Blob(["some ", "bytes"]).stream();
    const init = { method: "POST", body, duplex: "half" };
    expect((await auth.fetch(new Request(`${server.url}/upload`, init))).status).toBe(200);
    const uploads = server.requests.filter(({ path }) => path === "/upload");
    expect(uploads.map((upload) => upload.body.toString())).toEqual(["some bytes", "some bytes"]);
  });

  test("a Request's stream is cancelled when its sending is: no copy keeps it open", async () => {
    const { auth } = await setup({
      login: () => ({ accessToken: "token" }),
      baseURL: "https://api.example.com",
      fetch: async (input) => {
        // As fetch does with the body of a request that fails.
        if (input instanceof Request) void input.body?.cancel();
        throw new TypeError("no network");
      },
    });
    const cancelled = deferred();
    const body = new ReadableStream({ cancel: () => cancelled.resolve() });
    const request = new Request(anOrder, { method: "POST", body, ...{ duplex: "half" } });
    expect(await failure(auth.fetch(request))).toBeInstanceOf(TypeError);
    await cancelled.promise;
  });

  test("a stream of the app's that was not sent can still be sent", async () => {
    const { server, auth, clock } = await setup();
    await clock.advance(700_000);
    server.on("POST /auth/refresh", answer(503));
    const body = new Blob(["chunk"]).stream();
    const init = { method: "POST", body, duplex: "half" };
    const upload = () => auth.fetch(`${server.url}/upload`, init);
    expect(await failure(upload())).toMatchObject({ code: "unavailable" });
    server.off("POST /auth/refresh");
    await clock.advance(1000);
    expect((await upload()).status).toBe(200);
    expect(server.requests.at(-1)?.body.toString()).toBe("chunk");
  });

  test("of an init that the app changes meanwhile is made of what it was", async () => {
    const { server, auth } = await setup();
    const go = deferred();
    server.expireTokens();
    server.on("POST /auth/refresh", after(go.promise));
    const init = { method: "PUT", body: "first" };
    const sending = auth.fetch(`${server.url}/upload`, init);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    Object.assign(init, { method: "DELETE", body: "second", mode: "no-cors" });
    go.resolve();
    expect((await sending).status).toBe(200);
    expect(server.requests.at(-1)).toMatchObject({ method: "PUT", body: Buffer.from("first") });
  });

  test("the first answer's body is cancelled before the replay", async () => {
    const order: string[] = [];
    const { auth } = await setup({
      login: () => ({ accessToken: "old" }),
      refresh: () => ({ accessToken: "new" }),
      fetch: async (_, init) => {
        const token = new Headers(init.headers).get("authorization");
        order.push(String(token));
        const body = new ReadableStream({ cancel: () => void order.push("cancelled") });
        return new Response(body, { status: token === "Bearer old" ? 401 : 200 });
      },
      baseURL: "https://api.example.com",
    });
    expect((await auth.fetch(anOrder)).status).toBe(200);
    expect(order).toEqual(["Bearer old", "cancelled", "Bearer new"]);
  });

  test("an answer whose body breaks off before the replay does no harm", async () => {
    const { auth } = await setup({
      login: () => ({ accessToken: "old" }),
      refresh: () => ({ accessToken: "new" }),
      fetch: async (_, init) => {
        const isOld = new Headers(init.headers).get("authorization") === "Bearer old";
        const broken = new ReadableStream({ start: (body) => body.error(new Error("broken")) });
        return isOld ? new Response(broken, { status: 401 }) : new Response("fine");
      },
      baseURL: "https://api.example.com",
    });
    expect(await (await auth.fetch(anOrder)).text()).toBe("fine");
  });
});

describe("refreshOn", () => {
  test("that read the body leaves it to the caller", async () => {
    const { server, auth } = await setup({
      refreshOn: async ({ json }) => JSON.stringify(await json()).includes("never"),
    });
    const response = await auth.fetch(`${server.url}/me`);
    expect(response.bodyUsed).toBe(false);
    expect(await response.json()).toMatchObject({ path: "/me" });
  });
});

describe("the caller's signal", () => {
  test.each<[string, (url: string, signal: AbortSignal) => [RequestInfo, RequestInit?]]>([
    ["of init", (url, signal) => [url, { signal }]],
    ["of a Request", (url, signal) => [new Request(url, { signal })]],
    [
      "of init in place of a Request's",
      (url, signal) => [new Request(url, { signal: AbortSignal.abort("other") }), { signal }],
    ],
  ])("%s rejects a waiting request at once, with its reason", async (_, make) => {
    const { server, auth } = await setup();
    const go = deferred();
    server.expireTokens();
    server.on("POST /auth/refresh", after(go.promise));
    const controller = new AbortController();
    const sending = failure(auth.fetch(...make(`${server.url}/me`, controller.signal)));
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    const reason = new Error("mine");
    controller.abort(reason);
    expect(await sending).toBe(reason);
    go.resolve();
    expect(await auth.getAccessToken()).toBeTypeOf("string");
  });

  test("still counts for the body of an answer", async () => {
    const { server, auth } = await setup();
    server.on("/download", (_, response) => void response.writeHead(200).write("first"));
    const controller = new AbortController();
    const { signal } = controller;
    const response = await auth.fetch(`${server.url}/download`, { signal });
    const reading = failure(response.text());
    controller.abort("enough");
    expect(await reading).toBe("enough");
  });
});

describe("nothing the caller receives or gave holds the token", () => {
  test.each(["/me", "/closed", "/broken", "/gone"])("%s", async (path) => {
    const { server, auth } = await setup();
    const token = String(await auth.getAccessToken());
    server.on("/closed", answer(401, {}));
    server.on("/broken", answer(500, {}));
    server.on("/gone", (_, response) => void response.destroy());
    const headers = new Headers({ "x-a": "1" });
    const init = Object.freeze({ method: "POST", headers, body: "text" });
    const request = new Request(server.url + path, init);
    const results = await Promise.allSettled([
      auth.fetch(server.url + path, init),
      auth.fetch(request),
    ]);
    expect(reachable([results, init, request]) + JSON.stringify(results)).not.toContain(token);
    expect([...headers]).toEqual([["x-a", "1"]]);
    expect(request.headers.has("authorization")).toBe(false);
  });
});

describe("when the session ends by logout", () => {
  test("a body that is still being read breaks off, and says so", async () => {
    const { server, auth } = await setup();
    server.on("/download", (_, response) => void response.writeHead(200).write("first"));
    const response = await auth.fetch(`${server.url}/download`);
    const reading = failure(response.text());
    void auth.logout();
    expect(await reading).toBeInstanceOf(AuthError);
    await expect
      .poll(() => server.requests.find(({ path }) => path === "/download")?.aborted)
      .toBe(true);
  });

  test("where signals cannot be joined the answer is dropped when it comes", async () => {
    const { any } = AbortSignal;
    Reflect.deleteProperty(AbortSignal, "any");
    onTestFinished(() => void Object.assign(AbortSignal, { any }));
    const { server, auth } = await setup();
    const go = deferred();
    server.on("/slow", after(go.promise));
    const waiting = failure(auth.fetch(`${server.url}/slow`));
    await expect.poll(() => server.received("/slow")).toBe(1);
    void auth.logout();
    go.resolve();
    expect(await waiting).toMatchObject({ code: "session_ended" });
  });
});
