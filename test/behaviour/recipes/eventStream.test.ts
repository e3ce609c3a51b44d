import type { ServerResponse } from "node:http";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventStream, type ServerEvent } from "../../../example/recipes/eventStream.js";
import { browserPlatform } from "../../../src/core/platform/browserPlatform.js";
import { answer, drop } from "../../support/answers.js";
import type { ReceivedRequest } from "../../support/authServer.js";
import { failure } from "../../support/failure.js";
import { advance, isPausing, movePageClock, pausing, until } from "../../support/pageClock.js";
import { bob, signIn } from "../../support/people.js";
import { setup, type SetupOptions } from "../../support/setup.js";

const refreshes = "POST /auth/refresh";

movePageClock();

/** Who calls gets a stream that the test writes to; a token that has expired gets a 401. */
async function listening(options: SetupOptions = {}) {
  const made = await setup({ platform: browserPlatform, ...options });
  const streams: { request: ReceivedRequest; response: ServerResponse }[] = [];
  const expired = new Set<string>();
  made.server.on("/events", (request, response) => {
    if (!request.token || expired.has(request.token)) {
      response.writeHead(401).end();
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.flushHeaders();
    streams.push({ request, response });
  });
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const heard: ServerEvent[] = [];

  async function listen(): Promise<void> {
    const stream = eventStream(made.auth, `${made.server.url}/events`, controller.signal);
    for await (const event of stream) heard.push(event);
  }

  const done = listen();
  done.catch(() => {});
  return {
    ...made,
    streams,
    heard,
    done,
    stop: () => controller.abort(),
    /** Waits for the stream of this number, the first of which is 1. */
    async stream(number: number) {
      await until(() => streams.length >= number);
      const found = streams[number - 1];
      if (!found) throw new Error("It was counted a moment ago.");
      return found;
    },
    expireToken: () => streams.forEach(({ request }) => expired.add(request.token ?? "")),
  };
}

const data = (heard: readonly ServerEvent[]) => heard.map((event) => event.data);

describe("a stream", () => {
  test.each<[string, string[], Partial<ServerEvent>[]]>([
    ["one event", ["data: one\n\n"], [{ type: "message", data: "one", lastEventId: "" }]],
    ["an event in bytes", "data: one\r\n\r\n".split(""), [{ data: "one" }]],
    ["ends of lines of all kinds", ["data: a\rdata: b\r\ndata: c\n\n"], [{ data: "a\nb\nc" }]],
    ["a CRLF in two chunks", ["data: a\r", "\ndata: b\r", "\n\r", "\n"], [{ data: "a\nb" }]],
    ["an end by CR alone, at once", ["data: a\r\r"], [{ data: "a" }]],
    [
      "a name and an id",
      ["event: x\nid: 7\ndata\n\n"],
      [{ type: "x", data: "", lastEventId: "7" }],
    ],
    ["an id that stays", ["id: 7\ndata: a\n\ndata: b\n\n"], [{}, { data: "b", lastEventId: "7" }]],
    ["a name that does not", ["event: x\ndata: a\n\ndata: b\n\n"], [{}, { type: "message" }]],
    ["one space, which is ours", ["data:a\ndata: b\ndata:  c\n\n"], [{ data: "a\nb\n c" }]],
    ["colons", ["data: a: b:c\n\n"], [{ data: "a: b:c" }]],
    ["a comment", [": hello\ndata: a\n\n"], [{ data: "a" }]],
    ["what means nothing", ["foo: 1\nbar\ndata: a\n\n"], [{ data: "a" }]],
    ["a name without data", ["event: x\n\ndata: a\n\n"], [{ type: "message", data: "a" }]],
    ["an id with a NUL", ["id: 7\nid: 8\0\ndata: a\n\n"], [{ lastEventId: "7" }]],
    ["a byte order mark", ["\uFEFFdata: a\n\n"], [{ data: "a" }]],
    ["a separator that ends no line", ["data: a\u2028b\n\n"], [{ data: "a\u2028b" }]],
  ])("is read as EventSource reads it: %s", async (_, chunks, events) => {
    const { stream, heard } = await listening();
    const { response } = await stream(1);
    for (const chunk of chunks) {
      response.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => heard.length >= events.length);
    expect(heard).toEqual(events.map((event) => expect.objectContaining(event)));
  });

  test("is read right when a letter comes in two chunks", async () => {
    const { stream, heard } = await listening();
    const { response } = await stream(1);
    const bytes = Buffer.from("data: 🎠\n\n");
    response.write(bytes.subarray(0, 8));
    await new Promise((resolve) => setImmediate(resolve));
    response.write(bytes.subarray(8));
    await until(() => heard.length > 0);
    expect(data(heard)).toEqual(["🎠"]);
  });
});

describe("a stream that ends", () => {
  test("goes on after the last whole event, with a new token if the old one has expired", async () => {
    const { server, stream, heard, expireToken } = await listening();
    const first = await stream(1);
    expireToken();
    first.response.end("id: 1\ndata: one\n\nid: 2\ndata: tw");
    await pausing(4200);
    await advance(4200);
    const second = await stream(2);
    expect(second.request.headers["last-event-id"]).toBe("1");
    expect(second.request.token).not.toBe(first.request.token);
    expect(server.received(refreshes)).toBe(1);
    second.response.write("id: 2\ndata: two\n\n");
    await until(() => heard.length > 1);
    expect(data(heard)).toEqual(["one", "two"]);
  });

  test("asks again for an id that is no ASCII", async () => {
    const { stream } = await listening();
    (await stream(1)).response.end("id: é🎠\ndata: one\n\n");
    await pausing(4200);
    await advance(4200);
    const id = (await stream(2)).request.headers["last-event-id"];
    expect(Buffer.from(String(id), "latin1").toString()).toBe("é🎠");
  });

  test("waits as long as the server says", async () => {
    const { stream } = await listening();
    (await stream(1)).response.end("retry: 10000\nretry: soon\n\n");
    await pausing(14_000);
    await advance(14_000);
    // Of nothing that was named, nothing is asked for.
    expect((await stream(2)).request.headers["last-event-id"]).toBeUndefined();
  });

  test("with 204 is over", async () => {
    const { server, stream, done } = await listening();
    const { response } = await stream(1);
    server.on("/events", answer(204));
    response.end();
    await pausing(4200);
    await advance(4200);
    await done;
    await advance(100_000);
    expect(server.received("/events")).toBe(2);
  });
});

describe("a server that is down", () => {
  test.each([
    ["drops the connection", drop],
    ["answers 503", answer(503)],
    ["answers 429", answer(429)],
  ])("is asked less and less often: it %s", async (_, handler) => {
    const { server, stream } = await listening();
    const { response } = await stream(1);
    server.on("/events", handler);
    response.destroy();
    for (const ms of [4200, 8400, 16_800, 33_600, 67_200, 84_000, 84_000]) {
      await pausing(ms);
      await advance(ms);
    }
    await until(() => server.received("/events") === 8);
    server.on("/events", answer(200, "", { "content-type": "text/event-stream" }));
    await pausing(84_000);
    await advance(84_000);
    await pausing(4200);
    expect(server.received("/events")).toBe(9);
  });

  test("is asked when the auth server says, if that is down", async () => {
    const { server, stream, expireToken } = await listening();
    server.on(refreshes, answer(503, {}, { "retry-after": "100" }));
    const { response } = await stream(1);
    expireToken();
    response.end();
    await pausing(4200);
    await advance(4200);
    await pausing(100_000);
    expect(server.received("/events")).toBe(2);
    server.off(refreshes);
    await advance(100_000);
    await stream(2);
    expect(server.received(refreshes)).toBe(2);
  });

  test("is asked at its own pace while other endpoints go on answering 401", async () => {
    const { server, auth, stream } = await listening();
    const { response } = await stream(1);
    for (const path of ["/me", "/mine"]) {
      server.on(path, answer(401, {}));
      await failure(auth.api.get(path));
    }
    expect(auth.getState().error).toMatchObject({ status: 401 });
    response.end();
    await pausing(4200);
    await advance(4200);
    await stream(2);
  });

  test.each([403, 404, 200])("is told, where no other try would change it: %i", async (status) => {
    const { server, stream, done } = await listening();
    const { response } = await stream(1);
    server.on("/events", answer(status, {}));
    response.end();
    await pausing(4200);
    await advance(4200);
    expect(await failure(done)).toMatchObject({ message: expect.stringContaining(`${status}`) });
  });
});

describe("the end of a session", () => {
  test("by logout ends the stream at once: not even what came along is heard", async () => {
    const { server, auth, streams } = await listening();
    await until(() => streams.length > 0);
    const heard: string[] = [];
    const signal = new AbortController().signal;
    const events = eventStream(auth, `${server.url}/events`, signal);
    const reading = (async () => {
      for await (const event of events) {
        heard.push(event.data);
        void auth.logout();
      }
    })();
    await until(() => streams.length > 1);
    for (const { response } of streams) response.write("data: one\n\ndata: two\n\n");
    await reading;
    expect(heard).toEqual(["one"]);
    await until(() => streams.every(({ request }) => request.aborted));
    await advance(100_000);
    expect(server.received("/events")).toBe(2);
  });

  test("by a switch of user ends the stream: the next user's is another", async () => {
    const { server, auth, stream, done } = await listening();
    await stream(1);
    await signIn(bob, auth, server);
    await done;
    await advance(100_000);
    expect(server.received("/events")).toBe(1);
  });

  test("by a refusal ends the stream", async () => {
    const { server, auth, stream, done } = await listening();
    await stream(1);
    server.revokeSession();
    await auth.getAccessToken({ forceRefresh: true });
    await done;
    await advance(100_000);
    expect(server.received("/events")).toBe(1);
  });

  test("ends the wait for the next try", async () => {
    const { auth, stream, done, server } = await listening();
    (await stream(1)).response.end();
    await pausing(4200);
    void auth.logout();
    await done;
    await advance(100_000);
    expect(server.received("/events")).toBe(1);
  });

  test("finds nobody signed in: then there is no stream", async () => {
    const { server, done } = await listening({ signedIn: false });
    await done;
    expect(server.received("/events")).toBe(1);
  });

  test("by dispose() is told", async () => {
    const { auth, stream, done } = await listening();
    (await stream(1)).response.end();
    await pausing(4200);
    auth.dispose();
    await advance(4200);
    expect(await failure(done)).toMatchObject({ code: "disposed" });
    expect(isPausing(8400)).toBe(false);
  });
});

test("a stream that is stopped closes its connection and makes no other", async () => {
  const { server, stream, done, stop } = await listening();
  const { request } = await stream(1);
  stop();
  await done;
  await until(() => request.aborted);
  await advance(100_000);
  expect(server.received("/events")).toBe(1);
});

test("who leaves the loop closes the connection", async () => {
  const { server, auth, streams } = await listening();
  const signal = new AbortController().signal;
  const reading = (async () => {
    for await (const event of eventStream(auth, `${server.url}/events`, signal)) return event.data;
    return undefined;
  })();
  await until(() => streams.length > 1);
  for (const { response } of streams) response.write("data: one\n\n");
  expect(await reading).toBe("one");
  await until(() => streams.some(({ request }) => request.aborted));
});
