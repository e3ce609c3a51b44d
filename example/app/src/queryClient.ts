import { QueryClient } from "@tanstack/react-query";
import { isOutage, isUnanswered } from "./park.js";

export const queryClient = new QueryClient({
  defaultOptions: {
    // The session's own failed queries are asked again by the library.
    queries: { refetchInterval: ({ state: { error } }) => isUnanswered(error) && 5000 },
    // What needed a token and got none has not been sent. It is sent once there is one.
    mutations: { retry: (_count, error) => isOutage(error) },
  },
});
