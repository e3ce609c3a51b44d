import type { QueryClient } from "@tanstack/react-query";
import { misuse } from "../core/misuse.js";
import { isPublic, optionsOf, type Keeping } from "./forgetQueries.js";

/**
 * Refuses a query's own `persister`. It is a function, which neither tells whose data it has stored
 * nor gives them up.
 *
 * @throws TypeError unless the query is public.
 */
export function refusePersister(options: Keeping): void {
  if (options.persister && !isPublic(options)) throw misuse("query_persister");
}

/** Refuses it also for queries that are not made by us, in their first rendering. */
export function refusePersisters(client: QueryClient): void {
  const cache = client.getQueryCache();
  cache.subscribe(({ type, query }) => {
    // "added", and "observerAdded" to a query that was there.
    if (!/added/i.test(type)) return;
    try {
      optionsOf(query).forEach(refusePersister);
    } catch (error) {
      // Else React's second attempt would find it there.
      cache.remove(query);
      throw error;
    }
  });
}
