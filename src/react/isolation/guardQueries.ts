import type { Query, QueryClient, QueryFunctionContext } from "@tanstack/react-query";
import { AuthError, reasonOf } from "../../core/vocabulary/errors.js";
import { misuse } from "../../core/vocabulary/usageErrors.js";
import { isPublic, type Keeping } from "./clearUserData.js";

/**
 * Guards all queries of a client, also those that are not made by us: refuses a `persister` of their
 * own, and what a former user's code asks for. A fetch or an observer gives a query its options first:
 * they are looked at each time.
 */
export function guardQueries(client: QueryClient): void {
  const cache = client.getQueryCache();
  const guard = (query: Query) => {
    let options = guarded(query, query.options);
    Object.defineProperty(query, "options", {
      configurable: true,
      get: () => options,
      set(next: typeof options) {
        options = guarded(query, next);
      },
    });
  };
  function guarded(query: Query, options: Query["options"]): Query["options"] {
    refusePersister(options);
    const { queryFn } = options;
    if (typeof queryFn !== "function") return options;
    return {
      ...options,
      async queryFn(context: QueryFunctionContext) {
        try {
          return await queryFn(context);
        } catch (error) {
          const isLate = reasonOf(error)?.code === "session_ended";
          if (isLate && cache.get(query.queryHash) === query) refuseLate(query);
          throw error;
        }
      },
    };
  }
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
 * A `refetch` that outlived the tree of its user is not sent. By now the query may be the next user's:
 * it goes on as it was, by its own function.
 */
function refuseLate(query: Query): void {
  query.observers.forEach((observer) => query.setOptions(observer.options));
  // No cache-wide callback hears of it.
  void query.cancel({ revert: true });
  if (query.state.data !== undefined) return;
  query.setState({ status: "error", error: new AuthError("session_ended") });
}
