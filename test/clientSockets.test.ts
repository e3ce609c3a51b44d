// @vitest-environment jsdom
// @vitest-environment-options { "url": "http://127.0.0.1:3000" }
import type { EventSource } from "eventsource";
import type { WebSocket } from "partysocket";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { browserPlatform } from "../src/core/platform/browserPlatform.js";
import { answer } from "./support/answers.js";
import type { ReceivedRequest } from "./support/authServer.js";
import { expectWarning } from "./support/expectWarning.js";
import { advance, movePageClock, pausing, until } from "./support/pageClock.js";
import { PageSocket } from "./support/pageSocket.js";
import { setup, type Setup } from "./support/setup.js";
import { startSocketServer } from "./support/socketServer.js";

const refreshes = "POST /auth/refresh";
const reconnectMs = 3000;

movePageClock();

beforeEach(() => void vi.stubGlobal("WebSocket", PageSocket));

afterEach(() => {
  vi.unstubAllGlobals();
});

/** What the documented lines export, for the types to be checked without them. */
interface Documented {
  events: EventSource;
  socket: WebSocket;
}

/** The documented lines, run with an `auth` of this test. */
async function run(file: string, { auth }: Setup, baseURL: string): Promise<Documented> {
  vi.resetModules();
  vi.doMock("./clients/clients/auth", () => ({ auth, baseURL }));
  const documented: Documented = await import(/* @vite-ignore */ `./clients/clients/${file}`);
  onTestFinished(() => (documented.events ?? documented.socket).close());
  return documented;
}

async function reconnect(): Promise<void> {
  await pausing(reconnectMs);
  await advance(reconnectMs);
}

/** Listens to an event stream, and hears its first event. */
async function listen() {
  const made = await setup({ platform: browserPlatform });
  const streams: { request: ReceivedRequest; response: ServerResponse }[] = [];
  made.server.on("/events", (request, response) => {
    if (!made.server.accepts(request.token)) return answer(401)(request, response);
    response.writeHead(200, { "content-type": "text/event-stream" });
    streams.push({ request, response });
    response.write(`id: ${streams.length}\ndata: ${streams.length}\n\n`);
  });
  const { events } = await run("eventsource", made, made.server.url);
  const heard: string[] = [];
  events.addEventListener("message", ({ data }) => void heard.push(String(data)));
  await until(() => heard.length === 1);
  return { ...made, streams, events, heard };
}

/** Connects a socket for the first time. */
async function connect() {
  const made = await setup({ platform: browserPlatform });
  const { url, connections } = await startSocketServer();
  const baseURL = url.replace("ws", "http").replace("/live", "");
  const { socket } = await run("partysocket", made, baseURL);
  await advance(0);
  await until(() => connections.length === 1);
  return { ...made, socket, connections };
}

describe("eventsource", () => {
  test("connects again with a new token after the last event, with one refresh", async () => {
    const { server, auth, streams, heard } = await listen();
    server.expireTokens();
    streams[0]?.response.end();
    await reconnect();
    await until(() => heard.length === 2);
    expect(heard).toEqual(["1", "2"]);
    expect(streams[1]?.request.headers["last-event-id"]).toBe("1");
    expect(streams[1]?.request.token).toBe(await auth.getAccessToken());
    expect(server.received(refreshes)).toBe(1);
  });

  test("is closed by a refusal, which ends the session once", async () => {
    expectWarning(/the cookie seems not to arrive/);
    const { server, streams, events, logouts } = await listen();
    server.revokeSession();
    streams[0]?.response.end();
    await reconnect();
    await until(() => events.readyState === events.CLOSED);
    await advance(100_000);
    expect(server.received("/events")).toBe(2);
    expect(server.received(refreshes)).toBe(1);
    expect(logouts).toEqual(["refused"]);
  });

  test("is closed by a logout", async () => {
    const { server, auth, events } = await listen();
    await auth.logout();
    expect(events.readyState).toBe(events.CLOSED);
    await advance(100_000);
    expect(server.received("/events")).toBe(1);
  });
});

describe("partysocket", () => {
  test("connects again with a new token, with one refresh", async () => {
    const { server, auth, connections } = await connect();
    connections[0]?.close(4401);
    await reconnect();
    await until(() => connections.length === 2);
    expect(connections[1]?.token).not.toBe(connections[0]?.token);
    expect(connections[1]?.token).toBe(await auth.getAccessToken());
    expect(server.received(refreshes)).toBe(1);
  });

  test("is closed by a refusal, which ends the session once", async () => {
    expectWarning(/the cookie seems not to arrive/);
    const { server, socket, connections, logouts } = await connect();
    server.revokeSession();
    connections[0]?.close(4401);
    await reconnect();
    await until(() => socket.readyState === socket.CLOSED);
    await advance(100_000);
    await server.fetch(`${server.url}/ping`, {});
    expect(connections).toHaveLength(1);
    expect(server.received(refreshes)).toBe(1);
    expect(logouts).toEqual(["refused"]);
  });

  test("is closed by a logout", async () => {
    const { server, auth, socket, connections } = await connect();
    await auth.logout();
    expect(socket.readyState).toBe(socket.CLOSED);
    await advance(100_000);
    await server.fetch(`${server.url}/ping`, {});
    expect(connections).toHaveLength(1);
  });

  test("sends what has been queued before it tells that it is open", async () => {
    const { socket, connections } = await connect();
    connections[0]?.close();
    await until(() => socket.readyState !== socket.OPEN);
    const told: string[] = [];
    vi.spyOn(PageSocket.prototype, "send").mockImplementation((text) => void told.push(text));
    socket.send("queued");
    socket.addEventListener("open", () => void told.push("open"));
    await reconnect();
    await until(() => told.length === 2);
    expect(told).toEqual(["queued", "open"]);
  });
});
