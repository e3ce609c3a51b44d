"use client";

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { useAuthContext } from "../context/AuthContext.js";
import { watchClient } from "../isolation/clientOwner.js";
import { useClientWarning } from "./providerWarnings.js";

/**
 * The nearest `Auth` and query client. The client may be another than the provider's, if there is a
 * `QueryClientProvider` in between: it is cleared too, from its first use through us on.
 */
export function useAuthedClient(
  hook: string,
  given: QueryClient | undefined,
): { auth: Auth; client: QueryClient } {
  const auth = useAuthContext(hook);
  const client = useQueryClient(given);
  watchClient(client, auth);
  // oxlint-disable-next-line react/rules-of-hooks -- The same in every render of one build; and in production no effect for each query.
  if (process.env.NODE_ENV !== "production") useClientWarning(client, auth, hook);
  return { auth, client };
}
