import { act } from "@testing-library/react";
import { useAuth } from "react-authed-query";
import type { ServerResponse } from "node:http";
import { useState, type ReactElement } from "react";
import { beforeEach, expect, test } from "vitest";
import { useEventStream } from "../../../example/recipes/eventStream.js";
import { answer } from "../../support/answers.js";
import type { ReceivedRequest } from "../../support/authServer.js";
import { renderRecorded } from "../../support/frames.js";
import { bob, signIn } from "../../support/people.js";
import { setup, type Setup } from "../../support/setup.js";

let server: Setup["server"];
let auth: Setup["auth"];
let streams: { request: ReceivedRequest; response: ServerResponse }[];

beforeEach(async () => {
  ({ server, auth } = await setup());
  streams = [];
  server.on("/events", (request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    streams.push({ request, response });
  });
});

/** The last event for whoever is signed in. */
function Queue(): ReactElement {
  const { user } = useAuth();
  const [queue, setQueue] = useState("nothing");
  const error = useEventStream(`${server.url}/events`, ({ data }) => setQueue(data));
  return (
    <p>
      {String(user?.["name"])}: {error instanceof Error ? error.message : queue}
    </p>
  );
}

const open = () => streams.filter(({ request }) => !request.aborted);

/** Writes to the one stream that is open. */
async function tell(text: string): Promise<void> {
  // StrictMode has opened and closed another.
  await expect.poll(() => open().length, { timeout: 5000 }).toBe(1);
  await act(async () => open()[0]?.response.write(`data: ${text}\n\n`));
}

test("a component hears the events, and closes the stream when it goes", async () => {
  const { frames, unmount } = renderRecorded(auth, <Queue />);
  await tell("5 minutes");
  await expect.poll(() => frames.at(-1)).toBe("Ada: 5 minutes");
  unmount();
  await expect.poll(() => open().length).toBe(0);
});

test("a component hears nothing after a logout, and its own after the next login", async () => {
  const { frames } = renderRecorded(auth, <Queue />);
  await tell("5 minutes");
  await expect.poll(() => frames.at(-1)).toBe("Ada: 5 minutes");
  await act(() => auth.logout());
  expect(frames.at(-1)).toBe("undefined: nothing");
  await expect.poll(() => open().length).toBe(0);
  const asked = server.received("/events");
  await server.fetch(`${server.url}/ping`, {});
  expect(server.received("/events")).toBe(asked);
  await act(() => signIn(bob, auth, server));
  await tell("9 minutes");
  await expect.poll(() => frames.at(-1)).toBe("Bob: 9 minutes");
});

test("a component hears the next user's events after a switch, and none of the last one's", async () => {
  const { frames } = renderRecorded(auth, <Queue />);
  await tell("5 minutes");
  await expect.poll(() => frames.at(-1)).toBe("Ada: 5 minutes");
  // As in a page: without act(), which holds effects back.
  await signIn(bob, auth, server);
  await expect.poll(() => frames.at(-1)).toBe("Bob: nothing");
  const token = await auth.getAccessToken();
  await expect.poll(() => open().map(({ request }) => request.token)).toEqual([token]);
  await tell("9 minutes");
  await expect.poll(() => frames.at(-1)).toBe("Bob: 9 minutes");
});

test("a component is told why there is no stream", async () => {
  server.on("/events", answer(404, {}));
  const { frames } = renderRecorded(auth, <Queue />);
  await expect.poll(() => frames.at(-1)).toBe("Ada: No event stream: 404 application/json");
});
