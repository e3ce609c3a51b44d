import type { Mutation, Query, QueryClient } from "@tanstack/react-query";
import { AuthError } from "../core/errors.js";
import { guarded } from "../core/events.js";

/** Everything but queries with `meta: { public: true }`, which are nobody's. */
export const usersQueries: { predicate: (query: Query) => boolean } = {
  predicate: ({ meta }) => meta?.["public"] !== true,
};

/**
 * Empties the query and mutation caches of everything but public queries. What is under way can no
 * longer write: queries are cancelled, mutations lose their callbacks and send nothing more.
 */
export function forgetQueries(client: QueryClient): void {
  const queries = client.getQueryCache();
  const mutations = client.getMutationCache();
  // Caches call their subscribers and `select` functions: user code, which must not stop us half-way.
  for (const query of queries.findAll(usersQueries)) {
    guarded(forgetQuery)(query);
    guarded(() => queries.remove(query))();
  }
  for (const mutation of mutations.getAll()) guarded(disarm)(mutation);
  guarded(() => mutations.clear())();
}

/** Removing is not enough: whoever observes the query, or kept it as the previous one, still shows it. */
function forgetQuery(query: Query): void {
  void query.cancel({ silent: true });
  query.setState({
    data: undefined,
    error: null,
    fetchFailureReason: null,
    fetchStatus: "idle",
    status: "pending",
  });
}

function disarm(mutation: Mutation): void {
  mutation.setOptions({ mutationFn: () => Promise.reject(new AuthError("session_ended")) });
  // A hook that renders once more would give its callbacks back.
  mutation.setOptions = () => {};
}
