import { EventSource, type FetchLike } from "eventsource";
import { useAuth } from "react-authed-query";
import { useEffect, useRef, useState } from "react";

/**
 * Listens to server-sent events while someone is signed in, each connection with a token that is good
 * then. Connects again from the last event on. Gives why it stopped, if it did before the session
 * ended and the server did not end it (204).
 *
 * On another origin, the server has to allow the header `Last-Event-ID`.
 */
export function useEventStream(url: string, onMessage: (event: MessageEvent) => void): string {
  const { fetch, getState, isAuthenticated } = useAuth();
  const [error, setError] = useState("");
  const listener = useRef(onMessage);
  useEffect(() => {
    listener.current = onMessage;
  });
  useEffect(() => {
    if (!isAuthenticated) return undefined;

    /** EventSource gives up when it is answered anything but a stream. Some answers pass. */
    const connect: FetchLike = async (input, init) => {
      const response = await fetch(input, init);
      const { status } = response;
      // A 401 that a refresh would have cured, had the auth server been there.
      const isUnauthorized = status === 401 && getState().error !== null;
      if (isUnauthorized || status === 429 || status > 499) throw new Error(`${status}`);
      return response;
    };

    const source = new EventSource(url, { fetch: connect });
    source.addEventListener("message", (event) => listener.current(event));
    source.addEventListener("error", ({ code, message = "" }) => {
      if (source.readyState === source.CLOSED && code !== 204) setError(message);
    });
    return () => {
      source.close();
      setError("");
    };
  }, [fetch, getState, isAuthenticated, url]);
  return error;
}
