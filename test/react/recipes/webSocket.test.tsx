import { act } from "@testing-library/react";
import { useAuth } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { keepSocket, useSocket } from "../../../example/recipes/webSocket.js";
import { browserPlatform } from "../../../src/core/platform/browserPlatform.js";
import { answer } from "../../support/answers.js";
import { expectWarning } from "../../support/expectWarning.js";
import { renderRecorded } from "../../support/frames.js";
import { advance, isPausing, movePageClock, pausing, until } from "../../support/pageClock.js";
import { PageSocket } from "../../support/pageSocket.js";
import { bob, signIn } from "../../support/people.js";
import { setup, type Setup, type SetupOptions } from "../../support/setup.js";
import { startSocketServer, type SocketServer } from "../../support/socketServer.js";

const refreshes = "POST /auth/refresh";

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

/** Keeps a socket outside React. */
function keep() {
  const heard: unknown[] = [];
  const opened: (WebSocket | null)[] = [];
  const stop = keepSocket(made.auth, sockets.url, {
    onSocket: (socket) => void opened.push(socket),
    onMessage: (data) => void heard.push(data),
  });
  onTestFinished(stop);
  return { heard, opened, stop };
}

/** Waits for the connection of this number, the first of which is 1. */
async function connection(number: number) {
  await until(() => sockets.connections.length >= number);
  const found = sockets.connections[number - 1];
  if (!found) throw new Error("It was counted a moment ago.");
  return found;
}

/** What is decided by now reaches the server before this does. */
async function roundTrip(): Promise<void> {
  const probe = new WebSocket(sockets.url);
  await new Promise((resolve) => probe.addEventListener("open", resolve));
  probe.close();
}

describe("the token of a connection", () => {
  beforeEach(() => start());

  test("is good when it is made: an expired one is renewed first, by one refresh", async () => {
    keep();
    const first = await connection(1);
    expect(first.token).toBe(await made.auth.getAccessToken());
    await advance(700_000);
    expect(made.server.received(refreshes)).toBe(0);
    first.close();
    await pausing(900);
    await advance(900);
    const second = await connection(2);
    expect(second.token).not.toBe(first.token);
    expect(second.token).toBe(await made.auth.getAccessToken());
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("is in no URL", async () => {
    keep();
    (await connection(1)).close(4401);
    await connection(2);
    expect(sockets.connections.map(({ url }) => url)).toEqual(["/live", "/live"]);
  });
});

describe("a connection that is closed because its token has expired", () => {
  beforeEach(() => start());

  test("is followed by one with a new token, without a wait", async () => {
    keep();
    const first = await connection(1);
    first.close(4401);
    const second = await connection(2);
    expect(second.token).not.toBe(first.token);
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("causes no refresh if the token has been renewed meanwhile", async () => {
    keep();
    const first = await connection(1);
    const token = await made.auth.getAccessToken({ forceRefresh: true });
    first.close(4401);
    expect((await connection(2)).token).toBe(token);
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("and again with the new one, is followed by a wait before each other try", async () => {
    sockets.onConnection = ({ close }) => close(4401);
    keep();
    await connection(2);
    await pausing(900);
    await advance(899);
    await roundTrip();
    expect(sockets.connections).toHaveLength(2);
    await advance(1);
    await connection(3);
    expect(made.server.received(refreshes)).toBe(2);
  });

  test("counts as the first again after one that held", async () => {
    keep();
    (await connection(1)).close(4401);
    const second = await connection(2);
    await advance(10_000);
    second.close(4401);
    expect((await connection(3)).token).not.toBe(second.token);
  });

  test("waits as long as the auth server asks for", async () => {
    keep();
    const first = await connection(1);
    made.server.on(refreshes, answer(503, {}, { "retry-after": "120" }));
    first.close(4401);
    await pausing(120_000);
    made.server.off(refreshes);
    await advance(119_999);
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
    expect(made.server.received(refreshes)).toBe(1);
    await advance(1);
    expect((await connection(2)).token).not.toBe(first.token);
  });
});

test("a server that drops every connection is asked less and less often, and after one that held as at first", async () => {
  await start();
  sockets.onConnection = ({ close }) => close();
  keep();
  let number = 1;
  for (const ms of [900, 1800, 3600, 7200, 14_400, 27_000, 27_000]) {
    await connection(number);
    await pausing(ms);
    await advance(ms - 1);
    await roundTrip();
    expect(sockets.connections).toHaveLength(number);
    number += 1;
    if (number === 8) sockets.onConnection = () => {};
    await advance(1);
  }
  const last = await connection(number);
  await advance(10_000);
  last.close();
  await pausing(900);
  await advance(900);
  await connection(number + 1);
});

test("the wait ends when the network is back", async () => {
  await start();
  keep();
  (await connection(1)).close();
  await pausing(900);
  window.dispatchEvent(new Event("online"));
  expect((await connection(2)).isOpen()).toBe(true);
});

describe("who is connected", () => {
  test("is nobody, before someone signs in", async () => {
    await start({ signedIn: false });
    keep();
    await made.auth.ready();
    await roundTrip();
    expect(sockets.connections).toHaveLength(0);
    await signIn(bob, made.auth, made.server);
    expect((await connection(1)).token).toBe(await made.auth.getAccessToken());
  });

  test("is who comes back with a reload, by one refresh", async () => {
    await start({ signedIn: false });
    made.server.signInBefore();
    keep();
    expect((await connection(1)).token).toBe(await made.auth.getAccessToken());
    expect(made.server.received(refreshes)).toBe(1);
  });

  test("is nobody from the moment of a logout on, and the next user after the next login", async () => {
    await start();
    const { heard, opened } = keep();
    const first = await connection(1);
    first.send("one");
    await until(() => heard.length > 0);
    const [socket] = opened;
    const telling = made.auth.logout();
    expect(socket?.readyState).toBe(WebSocket.CLOSING);
    expect(opened.at(-1)).toBeNull();
    first.send("two");
    await telling;
    await until(() => !first.isOpen());
    await advance(100_000);
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
    expect(heard).toEqual(["one"]);
    await signIn(bob, made.auth, made.server);
    expect((await connection(2)).token).toBe(await made.auth.getAccessToken());
  });

  test("is the other one after a switch of user, over another socket", async () => {
    await start();
    const { opened } = keep();
    const first = await connection(1);
    await signIn(bob, made.auth, made.server);
    expect(opened[0]?.readyState).toBeGreaterThan(WebSocket.OPEN);
    const second = await connection(2);
    await until(() => !first.isOpen());
    expect(second.token).toBe(await made.auth.getAccessToken());
    expect(second.isOpen()).toBe(true);
  });

  test("is the other one, if the switch comes while a new token is waited for", async () => {
    await start();
    keep();
    const first = await connection(1);
    made.server.on(refreshes, answer(503, {}, { "retry-after": "60" }));
    first.close(4401);
    await pausing(60_000);
    await signIn(bob, made.auth, made.server);
    expect((await connection(2)).token).toBe(await made.auth.getAccessToken());
    await advance(100_000);
    await roundTrip();
    expect(sockets.connections).toHaveLength(2);
  });

  test("is nobody once the session is refused", async () => {
    await start();
    const { opened } = keep();
    const first = await connection(1);
    expectWarning(/the cookie seems not to arrive/);
    made.server.revokeSession();
    first.close(4401);
    await until(() => made.logouts.length > 0);
    expect(made.logouts).toEqual(["refused"]);
    await advance(100_000);
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
    expect(opened.at(-1)).toBeNull();
  });

  test("is nobody after the stop, be it in a wait", async () => {
    await start();
    const { stop } = keep();
    (await connection(1)).close();
    await pausing(900);
    const timers = vi.getTimerCount();
    stop();
    expect(vi.getTimerCount()).toBe(timers - 1);
    await signIn(bob, made.auth, made.server);
    await advance(100_000);
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
  });

  test("is nobody after dispose()", async () => {
    await start();
    keep();
    const first = await connection(1);
    made.auth.dispose();
    first.close();
    await pausing(900);
    await advance(900);
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
    expect(isPausing(1800)).toBe(false);
  });
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

describe("a component with a socket", () => {
  beforeEach(() => start());

  test("shows what comes, and closes it when it goes", async () => {
    const { frames, unmount } = renderRecorded(made.auth, <Queue />);
    const first = await connection(1);
    await act(async () => first.send("5 minutes"));
    await until(() => frames.at(-1) === "live, Ada: 5 minutes for the user");
    unmount();
    await until(() => !first.isOpen());
    await advance(100_000);
    await roundTrip();
    expect(sockets.connections).toHaveLength(1);
  });

  test("shows the next user nothing of what came for the last one", async () => {
    const { frames } = renderRecorded(made.auth, <Queue />);
    const first = await connection(1);
    await act(async () => first.send("5 minutes"));
    await until(() => frames.at(-1) === "live, Ada: 5 minutes for the user");
    await act(() => signIn(bob, made.auth, made.server));
    const second = await connection(2);
    await act(async () => second.send("9 minutes"));
    await until(() => frames.at(-1) === "live, Bob: 9 minutes for the user");
    expect(frames.filter((frame) => /Bob: 5/.test(frame))).toEqual([]);
    expect(first.isOpen()).toBe(false);
  });
});
