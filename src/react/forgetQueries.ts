import type { Mutation, Query, QueryClient } from "@tanstack/react-query";
import { guarded } from "../core/events.js";

/** Everything but queries with `meta: { public: true }`, which are nobody's. */
export const usersQueries: { predicate: (query: Query) => boolean } = {
  predicate: ({ meta }) => meta?.["public"] !== true,
};

/**
 * Empties the query and mutation caches of everything but public queries. What is under way can no
 * longer write: queries are cancelled, mutations stop where they are.
 */
export function forgetQueries(client: QueryClient): void {
  const mutations = client.getMutationCache();
  forgetEach(client, usersQueries);
  for (const mutation of mutations.getAll()) guarded(disarm)(mutation);
  guarded(() => mutations.clear())();
}

/** What components wrote as they were unmounted, after all was forgotten, is the first user's too. */
export function forgetWritten(client: QueryClient): void {
  forgetEach(client, {
    // The next user's queries are here already, but have no data yet.
    predicate: (query) => query.state.data !== undefined && usersQueries.predicate(query),
  });
}

function forgetEach(client: QueryClient, filters: typeof usersQueries): void {
  const queries = client.getQueryCache();
  // Caches call their subscribers and `select` functions: user code, which must not stop us half-way.
  for (const query of queries.findAll(filters)) {
    guarded(forgetQuery)(query);
    guarded(() => queries.remove(query))();
  }
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

/** TanStack Query cannot cancel a mutation, but it waits for what these return: for ever. */
function disarm(mutation: Mutation): void {
  const never = () => new Promise<never>(() => {});
  mutation.setOptions({ mutationFn: never, onSuccess: never, onError: never });
  // A hook that renders once more would give its callbacks back.
  mutation.setOptions = () => {};
}
