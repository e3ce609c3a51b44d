import { AuthError, useAuth, type Auth } from "react-authed-query";
import { useEffect, useRef, useState } from "react";

/** What a socket needs of an `Auth`. */
export type SocketAuth = Pick<Auth, "getAccessToken" | "getState" | "onLogout" | "subscribe">;

export interface SocketListeners {
  /** The open socket, to send with; `null` once there is none. */
  onSocket(socket: WebSocket | null): void;
  onMessage(data: unknown): void;
}

/** How the server says that a token is no longer good: agree with it on a close code from 4000 on. */
const tokenExpired = 4401;

/** A connection that held this long has worked: what failed before it counts no more. */
const provenMs = 10_000;

/**
 * A WebSocket for a component: open while someone is signed in, each connection with a token that is
 * good then. Gives the open socket, `null` while there is none.
 */
export function useSocket(url: string, onMessage: (data: unknown) => void): WebSocket | null {
  const { getAccessToken, getState, onLogout, subscribe } = useAuth();
  const [socket, setSocket] = useState<WebSocket | null>(null);
  const listener = useRef(onMessage);
  useEffect(() => {
    listener.current = onMessage;
  });
  useEffect(() => {
    const auth = { getAccessToken, getState, onLogout, subscribe };
    const onData = (data: unknown) => listener.current(data);
    return keepSocket(auth, url, { onSocket: setSocket, onMessage: onData });
  }, [getAccessToken, getState, onLogout, subscribe, url]);
  return socket;
}

/**
 * The same outside React: connects for each session, and closes with it. No socket of one user lives
 * on under the next.
 *
 * @returns its stop.
 */
export function keepSocket(auth: SocketAuth, url: string, listeners: SocketListeners): () => void {
  let session: AbortController | undefined;

  function end(): void {
    session?.abort();
    session = undefined;
  }

  function follow(): void {
    // While loading, the first connection waits for the token.
    if (auth.getState().status === "unauthenticated") return end();
    if (session) return;
    session = new AbortController();
    void stayConnected(auth, url, listeners, session.signal);
  }

  const stops = [
    auth.subscribe(follow),
    // When another user signs in, someone is signed in before and after.
    auth.onLogout(() => {
      end();
      follow();
    }),
    end,
  ];
  follow();
  return () => {
    for (const stop of stops) stop();
  };
}

/** Connects again and again until the session ends. */
async function stayConnected(
  auth: SocketAuth,
  url: string,
  listeners: SocketListeners,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  /** The token of the last connection, if the server said that it has expired. */
  let refused: string | undefined;

  const backOff = () =>
    sleep(Math.min(30_000, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2), signal);

  while (!signal.aborted) {
    let token: string | null;
    try {
      token = await tokenOtherThan(refused, auth, signal);
    } catch (error) {
      if (!(error instanceof AuthError) || error.code === "disposed") return;
      if (error.retryAt === undefined) await backOff();
      else await sleep(error.retryAt - Date.now(), signal);
      continue;
    }
    if (token === null || signal.aborted) return;

    const { code, openMs } = await connection(url, token, listeners, signal);
    if (openMs >= provenMs) {
      failures = 0;
      refused = undefined;
    }
    const isFirstRefusal = code === tokenExpired && refused === undefined;
    refused = code === tokenExpired ? token : undefined;
    // A new token cures that at once. If it did not, the server means something else.
    if (!isFirstRefusal) await backOff();
  }
}

/** A token that is good now, as far as we and the server know; `null` if nobody is signed in. */
async function tokenOtherThan(
  refused: string | undefined,
  auth: SocketAuth,
  signal: AbortSignal,
): Promise<string | null> {
  const token = await auth.getAccessToken({ signal });
  // Another one has been got meanwhile, by a request say.
  if (token === null || token !== refused) return token;
  return auth.getAccessToken({ signal, forceRefresh: true });
}

/** One connection from its start to its end: with which code it was closed, and how long it was open. */
function connection(
  url: string,
  token: string,
  { onSocket, onMessage }: SocketListeners,
  signal: AbortSignal,
): Promise<{ code: number; openMs: number }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    let openedAt = Infinity;

    function leave(code: number): void {
      signal.removeEventListener("abort", onAbort);
      if (openedAt < Infinity) onSocket(null);
      resolve({ code, openMs: Date.now() - openedAt });
    }

    function onAbort(): void {
      // The server takes its time to answer this; nothing that it says meanwhile is heard.
      socket.close();
      leave(1000);
    }

    signal.addEventListener("abort", onAbort);
    socket.addEventListener(
      "open",
      () => {
        openedAt = Date.now();
        // Never in the URL: that lands in the logs of every server on the way. A server that wants to
        // know before it accepts takes it as a subprotocol: `new WebSocket(url, ["app", token])`.
        socket.send(JSON.stringify({ type: "auth", token }));
        onSocket(socket);
      },
      { signal },
    );
    socket.addEventListener("message", ({ data }) => onMessage(data), { signal });
    // After an "error" there is always a "close".
    socket.addEventListener("close", ({ code }) => leave(code), { signal });
  });
}

/** Waits, but no longer than until the network is back or nobody waits any more. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    function wake(): void {
      clearTimeout(timer);
      window.removeEventListener("online", wake);
      signal.removeEventListener("abort", wake);
      resolve();
    }
    const timer = setTimeout(wake, ms);
    window.addEventListener("online", wake);
    signal.addEventListener("abort", wake);
    if (signal.aborted) wake();
  });
}
