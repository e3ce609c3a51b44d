"use client";

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Auth } from "../auth.js";
import { useAuthContext } from "./AuthContext.js";
import { isBound, watchClient } from "./bindClient.js";

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
  // oxlint-disable-next-line react/rules-of-hooks -- The same in every render of one build; and in production no effect for each query.
  if (process.env.NODE_ENV !== "production") useNaming(client, auth, hook);
  return { auth, client };
}

/** Each is named once. */
const named = new WeakSet<QueryClient>();

function useNaming(client: QueryClient, auth: Auth, hook: string): void {
  // Only a provider's effects have told by now which client is its own.
  useEffect(() => {
    if (isBound(client, auth) || named.has(client)) return;
    named.add(client);
    console.warn(
      "react-authed-query: there is a QueryClientProvider between AuthProvider and %s. Queries in its client that use none of our hooks may outlive the session: put it above AuthProvider, or pass the client as <AuthProvider queryClient>.",
      hook,
    );
  }, [auth, client, hook]);
}
