import { WebSocket } from "partysocket";
import { useAuth, type Auth } from "react-authed-query";
import { useEffect, useRef, useState } from "react";

/** How the server says that a token is no longer good: agree with it on a close code from 4000 on. */
const tokenExpired = 4401;

/**
 * A WebSocket for a component: open while someone is signed in, each connection with a token that is
 * good then, and with the next ones as they come. Gives the open socket, `null` while there is none.
 */
export function useSocket(url: string, onMessage: (data: unknown) => void): WebSocket | null {
  const { getAccessToken, onEvent, status } = useAuth();
  const [open, setOpen] = useState<WebSocket | null>(null);
  const listener = useRef(onMessage);
  useEffect(() => {
    listener.current = onMessage;
  });
  // While loading, the first connection waits for the token.
  const isSignedOut = status === "unauthenticated";
  useEffect(() => {
    if (isSignedOut) return undefined;
    const socket = openSocket({ getAccessToken, onEvent }, url);
    socket.addEventListener("open", () => setOpen(socket));
    socket.addEventListener("close", () => setOpen(null));
    socket.addEventListener("message", ({ data }) => listener.current(data));
    return () => socket.close();
  }, [getAccessToken, onEvent, isSignedOut, url]);
  return open;
}

/**
 * A WebSocket that connects again by itself, until it is closed or nobody is signed in any more.
 * Outside React, close it in `onLogout`: it would connect as the next user.
 *
 * Each new token of the session is sent on the open connection, as `{ type: "token", token }`: agree
 * with the server on that message too. So a connection outlives the token that it was made with.
 */
export function openSocket(auth: Pick<Auth, "getAccessToken" | "onEvent">, url: string): WebSocket {
  /** The token with which it has connected last. */
  let latest: string | null = null;
  /** The token of the last connection, if the server said that it has expired. */
  let rejected: string | null = null;

  async function nextToken(): Promise<string | null> {
    const token = await auth.getAccessToken();
    // Another one has been got meanwhile, by a request say.
    if (token === null || token !== rejected) return token;
    return auth.getAccessToken({ forceRefresh: true });
  }

  /** Never in the URL: that lands in the logs of every server on the way. */
  async function protocols(): Promise<string[]> {
    latest = await nextToken();
    if (latest === null) socket.close();
    return ["app", latest ?? "nobody"];
  }

  async function sendNextToken(): Promise<void> {
    const token = await auth.getAccessToken();
    // What is sent to a socket that is not open waits for the next connection, which has a token.
    if (token === null || socket.readyState !== socket.OPEN) return;
    socket.send(JSON.stringify({ type: "token", token }));
  }

  const stop = auth.onEvent(({ type }) => {
    // The next session's tokens are for the next socket.
    if (type === "session-ended" || !socket.shouldReconnect) stop();
    // Without a token to send there is nothing to do: the server closes the connection in time.
    else if (type === "token-received") sendNextToken().catch(() => {});
  });

  // A server that starts again is not met by all of its clients in one second.
  const minReconnectionDelay = 1000 + 4000 * Math.random();
  const socket = new WebSocket(url, protocols, { minReconnectionDelay });
  socket.addEventListener("close", ({ code }) => {
    if (code === tokenExpired) rejected = latest;
  });
  return socket;
}
