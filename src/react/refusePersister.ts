import type { QueryClient } from "@tanstack/react-query";
import { misuse } from "../core/misuse.js";

/** What tells of a query whether it would be stored, and may be. */
export interface Persistable {
  persister?: unknown;
  meta?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Refuses a query's own `persister`. It is a function, which neither tells whose data it has stored
 * nor gives them up.
 *
 * @throws TypeError unless the query is public.
 */
export function refusePersister({ persister, meta }: Persistable): void {
  if (persister && meta?.["public"] !== true) throw misuse("query_persister");
}

/** Refuses it also for queries that are not made by us, in their first rendering. */
export function refusePersisters(client: QueryClient): void {
  const cache = client.getQueryCache();
  cache.subscribe(({ type, query }) => {
    // "added", and "observerAdded" to a query that was there.
    if (!/added/i.test(type)) return;
    try {
      for (const { options } of [query, ...query.observers]) refusePersister(options);
    } catch (error) {
      // Else React's second attempt would find it there.
      cache.remove(query);
      throw error;
    }
  });
}
