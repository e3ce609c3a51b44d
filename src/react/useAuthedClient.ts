"use client";

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Auth } from "../createAuth.js";
import { useAuthContext } from "./AuthContext.js";
import { isBound, watchClient } from "./bindClient.js";

/** Each is named once. */
const named = new WeakSet<QueryClient>();

/**
 * The nearest `Auth` and query client. The client may be another than the provider's, if there is a
 * `QueryClientProvider` in between: it is forgotten too, from its first use through us on.
 */
export function useAuthedClient(
  hook: string,
  given: QueryClient | undefined,
): { auth: Auth; client: QueryClient } {
  const auth = useAuthContext(hook);
  const client = useQueryClient(given);
  watchClient(client, auth);
  useEffect(() => {
    if (process.env.NODE_ENV === "production" || isBound(client, auth) || named.has(client)) return;
    named.add(client);
    console.warn(
      "react-authed-query: there is a QueryClientProvider between AuthProvider and %s. Queries in its client that use none of our hooks may outlive the session: put it above AuthProvider, or pass the client as <AuthProvider queryClient>.",
      hook,
    );
  }, [auth, client, hook]);
  return { auth, client };
}
