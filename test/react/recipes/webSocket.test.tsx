import { act } from "@testing-library/react";
import { useAuth } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { openSocket, useSocket } from "../../../example/recipes/webSocket.js";
import { browserPlatform } from "../../../src/core/platform/browserPlatform.js";
import { answer } from "../../support/answers.js";
import { expectWarning } from "../../support/expectWarning.js";
import { renderRecorded } from "../../support/frames.js";
import { advance, movePageClock, pausing, until } from "../../support/pageClock.js";
import { PageSocket } from "../../support/pageSocket.js";
import { bob, signIn } from "../../support/people.js";
import { setup, type Setup, type SetupOptions } from "../../support/setup.js";
import { startSocketServer, type SocketServer } from "../../support/socketServer.js";

const refreshes = "POST /auth/refresh";
/** The first wait: 1 s, and 0.8 of 4 s. */
const firstMs = 4200;

let made: Setup;
let sockets: SocketServer;

movePageClock();

beforeEach(() => void vi.stubGlobal("WebSocket", PageSocket));

afterEach(() => {
  vi.unstubAllGlobals();
});

async function start(options: SetupOptions = {}): Promise<void> {
  made = await setup({ platform: browserPlatform, ...options });
  sockets = await startSocketServer();
}

/** Opens a socket outside React. */
async function open() {
  const socket = openSocket(made.auth, sockets.url);
  onTestFinished(() => socket.close());
  await advance(0);
  return socket;
}

/** Waits for the connection of this number, the first of which is 1. */
async function connection(number: number) {
  await until(() => sockets.connections.length >= number);
  const found = sockets.connections[number - 1];
  if (!found) throw new Error("It was counted a moment ago.");
  return found;
}

/** Lets the wait for the next connection go by. */
async function reconnect(ms: number = firstMs): Promise<void> {
  await pausing(ms);
  await act(() => advance(ms));
}

/** What is decided by now reaches the server before this does. */
const roundTrip = () => made.server.fetch(`${made.server.url}/ping`, {});

describe("the token of a connection", () => {
  beforeEach(() => start());

  test("is good when it is made: an expired one is renewed first, by one refresh", async () => {
    await open();
    const first = await connection(1);
    expect(first.token).toBe(await made.auth.getAccessToken());
    await advance(700_000);
    expect(made.server.received(refreshes)).toBe(0);
    first.close();
    await reconnect();
    const second = await connection(2);
    expect(second.token).not.toBe(first.token);
    expect(second.token).toBe(await made.auth.getAccessToken());
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("is followed by each new one, on the same connection", async () => {
    await open();
    const first = await connection(1);
    const next = await made.auth.getAccessToken({ forceRefresh: true });
    await until(() => first.heard.length > 0);
    const another = await made.auth.getAccessToken({ forceRefresh: true });
    await until(() => first.heard.length > 1);
    expect(first.heard).toEqual([
      { type: "token", token: next },
      { type: "token", token: another },
    ]);
    expect(sockets.connections).toHaveLength(1);
  });

  test("is not sent again to the connection that was made with it, nor to one that is closed", async () => {
    const socket = await open();
    const first = await connection(1);
    first.close();
    await until(() => socket.readyState === socket.CLOSED);
    const token = await made.auth.getAccessToken({ forceRefresh: true });
    await reconnect();
    const second = await connection(2);
    expect(second.token).toBe(token);
    await until(() => socket.readyState === socket.OPEN);
    socket.close();
    await made.auth.getAccessToken({ forceRefresh: true });
    await roundTrip();
    expect([first.heard, second.heard]).toEqual([[], []]);
  });

  test("is in no URL", async () => {
    await open();
    (await connection(1)).close(4401);
    await reconnect();
    await connection(2);
    expect(sockets.connections.map(({ url }) => url)).toEqual(["/live", "/live"]);
  });
});

describe("a connection that is closed because its token has expired", () => {
  beforeEach(() => start());

  test("is followed by one with a new token", async () => {
    await open();
    const first = await connection(1);
    first.close(4401);
    await reconnect();
    const second = await connection(2);
    expect(second.token).not.toBe(first.token);
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("causes no refresh if the token has been renewed meanwhile", async () => {
    await open();
    const first = await connection(1);
    const token = await made.auth.getAccessToken({ forceRefresh: true });
    first.close(4401);
    await reconnect();
    expect((await connection(2)).token).toBe(token);
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("is followed by longer waits while the auth server is down, which is asked when it says", async () => {
    await open();
    const first = await connection(1);
    made.server.on(refreshes, answer(503, {}, { "retry-after": "15" }));
    first.close(4401);
    await reconnect();
    await reconnect(firstMs * 1.3);
    await reconnect(firstMs * 1.3 ** 2);
    expect(made.server.received(refreshes)).toBe(1);
    made.server.off(refreshes);
    await reconnect(firstMs * 1.3 ** 3);
    expect((await connection(2)).token).not.toBe(first.token);
    expect(made.server.received(refreshes)).toBe(2);
  });
});

test("a server that drops every connection is asked less and less often", async () => {
  await start();
  sockets.onConnection = ({ close }) => close();
  await open();
  for (const [number, ms] of [firstMs, firstMs * 1.3, firstMs * 1.3 ** 2].entries()) {
    await connection(number + 1);
    await reconnect(ms);
  }
  expect((await connection(4)).token).toBe(await made.auth.getAccessToken());
});

test("a socket of nobody is closed, and never connects", async () => {
  await start({ signedIn: false });
  const socket = await open();
  await until(() => socket.readyState === socket.CLOSED);
  await advance(100_000);
  await roundTrip();
  expect(sockets.connections).toHaveLength(0);
});

/** The last message to whoever is signed in. */
function Queue(): ReactElement {
  const { user } = useAuth();
  const [message, setMessage] = useState("nothing");
  const socket = useSocket(sockets.url, (data) => setMessage(`${String(data)} for the user`));
  return (
    <p>
      {socket ? "live" : "waiting"}, {String(user?.["name"])}: {message}
    </p>
  );
}

/** Shows the component, and waits for the connection of this number. */
async function show(number = 1) {
  const shown = renderRecorded(made.auth, <Queue />);
  await act(() => advance(0));
  return { ...shown, connection: await connection(number) };
}

describe("a component with a socket", () => {
  test("shows what comes, and closes it when it goes", async () => {
    await start();
    const { frames, unmount, connection: first } = await show();
    await act(async () => first.send("5 minutes"));
    await until(() => frames.at(-1) === "live, Ada: 5 minutes for the user");
    unmount();
    await until(() => !first.isOpen());
    await advance(100_000);
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
  });

  test("connects once someone has signed in, and no sooner", async () => {
    await start({ signedIn: false });
    const { frames } = renderRecorded(made.auth, <Queue />);
    await act(() => advance(0));
    await made.auth.ready();
    await roundTrip();
    expect(sockets.connections).toHaveLength(0);
    await act(() => signIn(bob, made.auth, made.server));
    await act(() => advance(0));
    expect((await connection(1)).token).toBe(await made.auth.getAccessToken());
    await until(() => frames.at(-1) === "live, Bob: nothing");
  });

  test("connects as who comes back with a reload, by one refresh", async () => {
    await start({ signedIn: false });
    made.server.signInBefore();
    const { connection: first } = await show();
    expect(first.token).toBe(await made.auth.getAccessToken());
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("has none from a logout on, and another after the next login", async () => {
    await start();
    const { frames, connection: first } = await show();
    await act(() => made.auth.logout());
    await until(() => !first.isOpen());
    await act(() => advance(100_000));
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
    await act(() => signIn(bob, made.auth, made.server));
    await act(() => advance(0));
    expect((await connection(2)).token).toBe(await made.auth.getAccessToken());
    await until(() => frames.at(-1) === "live, Bob: nothing");
  });

  test("shows the next user nothing of what came for the last one", async () => {
    await start();
    const { frames, connection: first } = await show();
    await act(async () => first.send("5 minutes"));
    await until(() => frames.at(-1) === "live, Ada: 5 minutes for the user");
    await act(() => signIn(bob, made.auth, made.server));
    await act(() => advance(0));
    const second = await connection(2);
    expect(second.token).toBe(await made.auth.getAccessToken());
    await act(async () => second.send("9 minutes"));
    await until(() => frames.at(-1) === "live, Bob: 9 minutes for the user");
    expect(frames.filter((frame) => /Bob: 5/.test(frame))).toEqual([]);
    await until(() => !first.isOpen());
    expect([first.heard, second.heard]).toEqual([[], []]);
  });

  test("has none once the session is refused", async () => {
    await start();
    const { frames, connection: first } = await show();
    expectWarning(/the cookie seems not to arrive/);
    made.server.revokeSession();
    first.close(4401);
    await reconnect();
    await until(() => made.logouts.length > 0);
    expect(made.logouts).toEqual(["refused"]);
    await act(() => advance(100_000));
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
    expect(made.server.received(refreshes)).toBe(1);
    expect(frames.at(-1)).toContain("waiting");
  });
});
