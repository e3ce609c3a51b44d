import { useQueryClient } from "@tanstack/react-query";
import { useAuth } from "react-authed-query";
import { useEffect, useState } from "react";
import { useSocket } from "../../recipes/webSocket.js";
import type { Ride } from "./park.js";

const url = `${location.origin.replace("http", "ws")}/api/queue-times`;

/** The server speaks every few seconds. One that is silent for so long is out of reach. */
const silenceMs = 20_000;

/** Keeps the queue times of the rides up to date. Tells whether they are, at this moment. */
export function useLiveQueueTimes(): boolean {
  const { getAccessToken } = useAuth();
  const queryClient = useQueryClient();
  const [heardAt, setHeardAt] = useState(0);
  const socket = useSocket(url, (data) => {
    // The server's `queueTimes.ts` says what is in it.
    const minutes = JSON.parse(String(data)) as Record<string, number>;
    queryClient.setQueryData<Ride[]>(["rides"], (rides) =>
      rides?.map((ride) => ({ ...ride, queueMinutes: minutes[ride.id] ?? ride.queueMinutes })),
    );
    setHeardAt(Date.now());
    // A page that only listens makes no request with which the next token would come in time.
    getAccessToken().catch(() => {});
  });

  useEffect(() => {
    if (heardAt === 0) return undefined;
    const timer = setTimeout(() => {
      setHeardAt(0);
      // No browser notices by itself that the other end is gone.
      socket?.reconnect();
    }, silenceMs);
    return () => clearTimeout(timer);
  }, [heardAt, socket]);

  return heardAt > 0;
}
