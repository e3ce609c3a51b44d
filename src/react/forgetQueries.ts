import type { Query, QueryClient } from "@tanstack/react-query";

/** Empties the query and mutation caches of everything but queries with `meta: { public: true }`. */
export function forgetQueries(client: QueryClient): void {
  const predicate = (query: Query) => query.meta?.["public"] !== true;
  void client.cancelQueries({ predicate }, { silent: true, revert: false });
  client.removeQueries({ predicate });
  client.getMutationCache().clear();
}
