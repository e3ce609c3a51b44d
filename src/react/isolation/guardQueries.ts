import type { Query, QueryClient } from "@tanstack/react-query";
import { misuse } from "../../core/vocabulary/usageErrors.js";
import { isPublic, type Keeping } from "./clearUserData.js";

/**
 * Refuses a query's own `persister`. It is a function, which neither tells whose data it has stored
 * nor gives them up.
 *
 * @throws TypeError unless the query is public.
 */
export function refusePersister(options: Keeping): void {
  if (options.persister && !isPublic(options)) throw misuse("query_persister");
}

/**
 * Refuses it also for queries that are not made by us. A fetch or an observer gives a query its
 * options first: they are looked at each time.
 */
export function refusePersisters(client: QueryClient): void {
  const cache = client.getQueryCache();
  const guard = (query: Query) => {
    let { options } = query;
    refusePersister(options);
    Object.defineProperty(query, "options", {
      configurable: true,
      get: () => options,
      set(next: typeof options) {
        refusePersister(next);
        options = next;
      },
    });
  };
  cache.getAll().forEach(guard);
  cache.subscribe(({ type, query }) => {
    if (type !== "added") return;
    try {
      guard(query);
    } catch (error) {
      // Else React's second attempt would find it there.
      cache.remove(query);
      throw error;
    }
  });
}
