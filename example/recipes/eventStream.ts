import { AuthError, useAuth, type Auth } from "react-authed-query";
import { useEffect, useRef, useState } from "react";

/** An event as `EventSource` tells it. */
export interface ServerEvent {
  type: string;
  data: string;
  lastEventId: string;
}

/** What an event stream needs of an `Auth`. */
export type StreamAuth = Pick<Auth, "fetch" | "getState" | "onLogout">;

/**
 * Listens to server-sent events while someone is signed in. Gives what made it stop, if it was
 * neither the server (204) nor the end of the session.
 */
export function useEventStream(url: string, onEvent: (event: ServerEvent) => void): unknown {
  const { fetch, getState, onLogout, isAuthenticated } = useAuth();
  const [error, setError] = useState<unknown>();
  const listener = useRef(onEvent);
  useEffect(() => {
    listener.current = onEvent;
  });
  useEffect(() => {
    if (!isAuthenticated) return undefined;
    const controller = new AbortController();
    async function listen(): Promise<void> {
      const stream = eventStream({ fetch, getState, onLogout }, url, controller.signal);
      for await (const event of stream) listener.current(event);
    }
    void listen().catch(setError);
    return () => {
      controller.abort();
      setError(undefined);
    };
  }, [fetch, getState, onLogout, isAuthenticated, url]);
  return error;
}

/**
 * Server-sent events with the token, which `EventSource` cannot send. Connects again as that does,
 * from the last event on, until the server answers 204, the session ends, or the signal aborts.
 *
 * The URL is one for `fetch`: relative to the page. On another origin, the server has to allow the
 * header `Last-Event-ID`.
 *
 * @throws Error for an answer that is no event stream and that another try would not change.
 */
export async function* eventStream(
  auth: StreamAuth,
  url: string,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent, void> {
  const memory: Memory = { lastEventId: "", retryMs: 3000 };
  const session = new AbortController();
  const end = () => session.abort();
  // A page renders for the next user before it is told that the last one's session has ended.
  await Promise.resolve();
  // `auth.fetch` breaks off at a logout by itself; this also keeps us from asking again.
  const stopListening = auth.onLogout(end);
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  let failures = 0;

  try {
    while (!session.signal.aborted) {
      // Set if it was the session that failed: then the auth server says when to come back.
      let isUnauthorized = false;
      try {
        const headers = { accept: "text/event-stream", ...resumeHeader(memory.lastEventId) };
        const init: RequestInit = { headers, cache: "no-store", signal: session.signal };
        const response = await auth.fetch(url, init);
        const { status, body } = response;
        if (status === 204) return;
        const type = response.headers.get("content-type") ?? "";
        if (body && status === 200 && /^text\/event-stream\b/i.test(type)) {
          failures = 0;
          for await (const event of eventsOf(body, memory)) {
            // It may have come in one piece with the last one, and been heard of since.
            if (session.signal.aborted) return;
            yield event;
          }
        } else {
          await body?.cancel();
          if (auth.getState().status === "unauthenticated") return;
          // A 401 that a refresh would have cured, had the auth server been there.
          isUnauthorized = status === 401 && auth.getState().error !== null;
          const isPassing = isUnauthorized || status === 429 || status > 499;
          if (!isPassing) throw new Error(`No event stream: ${status} ${type}`);
        }
      } catch (error) {
        if (session.signal.aborted) return;
        isUnauthorized = error instanceof AuthError && error.code !== "disposed";
        if (!isUnauthorized && !(error instanceof TypeError)) throw error;
      }
      const { retryMs } = memory;
      const backOffMs = Math.max(retryMs, Math.min(60_000, retryMs * 2 ** failures++));
      const retryAt = isUnauthorized ? auth.getState().error?.retryAt : undefined;
      const pauseMs = (retryAt ?? 0) - Date.now();
      await sleep(Math.max(backOffMs * (1 + Math.random() / 2), pauseMs), session.signal);
    }
  } finally {
    stopListening();
    signal.removeEventListener("abort", end);
  }
}

/** What outlives a connection. */
interface Memory {
  lastEventId: string;
  retryMs: number;
}

/** A header is bytes, and `fetch` takes a text whose characters are them. */
function resumeHeader(lastEventId: string): Record<string, string> {
  const bytes = new TextEncoder().encode(lastEventId);
  return lastEventId ? { "last-event-id": String.fromCodePoint(...bytes) } : {};
}

/** The events of one connection. @see WHATWG HTML §9.2.6 */
async function* eventsOf(
  body: ReadableStream<BufferSource>,
  memory: Memory,
): AsyncGenerator<ServerEvent, void> {
  let type = "";
  let data = "";
  let id = memory.lastEventId;
  for await (const line of linesOf(body)) {
    // A comment has no name, and lines of other names mean nothing.
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "event") type = value;
    else if (name === "data") data += `${value}\n`;
    else if (name === "id" && !value.includes("\0")) id = value;
    else if (name === "retry" && /^\d+$/.test(value)) memory.retryMs = Math.min(+value, 3_600_000);
    if (line !== "") continue;
    // Only now is it whole: of one that was cut off, the next connection asks again.
    memory.lastEventId = id;
    if (data) yield { type: type || "message", data: data.slice(0, -1), lastEventId: id };
    type = data = "";
  }
}

/** The lines, ended by LF, CRLF or CR, however they were cut into chunks. What has no end is none. */
async function* linesOf(body: ReadableStream<BufferSource>): AsyncGenerator<string, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let endedWithCR = false;
  try {
    for (;;) {
      const { value = "", done } = await reader.read();
      if (done) return;
      // The other half of a CRLF ends no other line.
      const lines = (rest + (endedWithCR ? value.replace(/^\n/, "") : value)).split(/\r\n|\n|\r/);
      endedWithCR = value.endsWith("\r");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    // Whoever stops reading closes the connection; one that broke is closed.
    await reader.cancel().catch(() => {});
  }
}

/** Waits, but not for whom nobody waits any more. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    function wake(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    }
    const timer = setTimeout(wake, ms);
    signal.addEventListener("abort", wake);
    if (signal.aborted) wake();
  });
}
