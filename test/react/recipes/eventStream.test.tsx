import { act } from "@testing-library/react";
import { useAuth } from "react-authed-query";
import type { ServerResponse } from "node:http";
import { useState, type ReactElement } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { useEventStream } from "../../../example/recipes/eventStream.js";
import { browserPlatform } from "../../../src/core/platform/browserPlatform.js";
import { answer, drop } from "../../support/answers.js";
import type { ReceivedRequest } from "../../support/authServer.js";
import { expectWarning } from "../../support/expectWarning.js";
import { renderRecorded } from "../../support/frames.js";
import { advance, movePageClock, pausing, until } from "../../support/pageClock.js";
import { bob, signIn } from "../../support/people.js";
import { setup, type Setup } from "../../support/setup.js";

const refreshes = "POST /auth/refresh";

let server: Setup["server"];
let auth: Setup["auth"];
let streams: { request: ReceivedRequest; response: ServerResponse }[];

movePageClock();

beforeEach(async () => {
  ({ server, auth } = await setup({ platform: browserPlatform }));
  streams = [];
  serveStreams();
});

function serveStreams(): void {
  server.on("/events", (request, response) => {
    if (!server.accepts(request.token)) return answer(401)(request, response);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    streams.push({ request, response });
  });
}

/** The last event for whoever is signed in. */
function Queue(): ReactElement {
  const { user } = useAuth();
  const [queue, setQueue] = useState("nothing");
  const error = useEventStream(`${server.url}/events`, ({ data }) => setQueue(String(data)));
  return (
    <p>
      {String(user?.["name"])}: {error || queue}
    </p>
  );
}

const open = () =>
  streams.filter(({ request, response }) => !request.aborted && !response.writableEnded);

/** The one stream that is open, once there is one: StrictMode has opened and closed another. */
async function stream() {
  await until(() => open().length === 1);
  const [found] = open();
  if (!found) throw new Error("It was counted a moment ago.");
  return found;
}

/** Writes to the one stream that is open. */
async function tell(text: string): Promise<void> {
  const { response } = await stream();
  await act(async () => response.write(`data: ${text}\n\n`));
}

/** Shows the component, and hears one event. */
async function show() {
  const shown = renderRecorded(auth, <Queue />);
  await tell("5 minutes");
  await until(() => shown.frames.at(-1) === "Ada: 5 minutes");
  return shown;
}

/** What is decided by now reaches the server before this does. */
const roundTrip = () => server.fetch(`${server.url}/ping`, {});

test("a component hears the events, and closes the stream when it goes", async () => {
  const { frames, unmount } = await show();
  expect(frames.at(-1)).toBe("Ada: 5 minutes");
  unmount();
  await until(() => open().length === 0);
});

describe("a component whose stream ends", () => {
  test("hears on after the last event, with a new token if the old one has expired", async () => {
    const { frames } = await show();
    const first = await stream();
    server.expireTokens();
    await act(async () => first.response.end("id: 7\ndata: 6 minutes\n\ndata: 7 min"));
    await pausing(3000);
    await act(() => advance(3000));
    await tell("7 minutes");
    await until(() => frames.at(-1) === "Ada: 7 minutes");
    const second = await stream();
    expect(second.request.headers["last-event-id"]).toBe("7");
    expect(second.request.token).toBe(await auth.getAccessToken());
    expect(server.received(refreshes)).toBe(1);
  });

  test.each([
    ["drops the connection", drop],
    ["answers 503", answer(503)],
    ["answers 429", answer(429)],
  ])("hears on when the server is back that %s", async (_, handler) => {
    if (handler === drop) expectWarning(/gave no answer that scripts may see/);
    const { frames } = await show();
    server.on("/events", handler);
    (await stream()).response.destroy();
    await pausing(3000);
    await act(() => advance(3000));
    await pausing(3000);
    serveStreams();
    await act(() => advance(3000));
    await tell("6 minutes");
    await until(() => frames.at(-1) === "Ada: 6 minutes");
    expect(server.received(refreshes)).toBe(0);
  });

  test("hears on when the auth server is back that was to renew its token", async () => {
    const { frames } = await show();
    server.on(refreshes, answer(503));
    server.expireTokens();
    (await stream()).response.destroy();
    await pausing(3000);
    await act(() => advance(3000));
    await pausing(3000);
    server.off(refreshes);
    await act(() => advance(3000));
    await tell("6 minutes");
    await until(() => frames.at(-1) === "Ada: 6 minutes");
    expect(server.received(refreshes)).toBe(2);
  });

  test.each([
    [204, "Ada: 5 minutes"],
    [404, "Ada: Non-200 status code (404)"],
  ])("is told of it, if that was a failure: %i", async (status, frame) => {
    const { frames } = await show();
    server.on("/events", answer(status));
    (await stream()).response.destroy();
    await pausing(3000);
    await act(() => advance(3000));
    const sent = server.received("/events");
    await act(() => advance(100_000));
    await until(() => frames.at(-1) === frame);
    expect(server.received("/events")).toBe(sent);
  });
});

describe("a component hears", () => {
  test("nothing after a logout, and its own after the next login", async () => {
    const { frames } = await show();
    await act(() => auth.logout());
    expect(frames.at(-1)).toBe("undefined: nothing");
    await until(() => open().length === 0);
    const asked = server.received("/events");
    await act(() => advance(100_000));
    await roundTrip();
    expect(server.received("/events")).toBe(asked);
    await act(() => signIn(bob, auth, server));
    await tell("9 minutes");
    await until(() => frames.at(-1) === "Bob: 9 minutes");
  });

  test("the next user's events after a switch, and none of the last one's", async () => {
    const { frames } = await show();
    // As in a page: without act(), which holds effects back.
    await signIn(bob, auth, server);
    await until(() => frames.at(-1) === "Bob: nothing");
    const token = await auth.getAccessToken();
    await until(() => open().every(({ request }) => request.token === token));
    await tell("9 minutes");
    await until(() => frames.at(-1) === "Bob: 9 minutes");
    expect(frames.filter((frame) => /Bob: 5/.test(frame))).toEqual([]);
  });

  test("nothing once the session is refused", async () => {
    const { frames } = await show();
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    (await stream()).response.destroy();
    await pausing(3000);
    await act(() => advance(3000));
    await until(() => frames.at(-1)?.startsWith("undefined") === true);
    const asked = server.received("/events");
    await act(() => advance(100_000));
    await roundTrip();
    expect(server.received("/events")).toBe(asked);
  });
});
