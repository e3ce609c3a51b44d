import type { Mutation, Query, QueryClient } from "@tanstack/react-query";
import { guarded } from "../core/events.js";
import { endMutation } from "./endMutation.js";

/**
 * Everything but queries with `meta: { public: true }`, which are nobody's. One that any of its
 * observers does not call public is the user's.
 */
export const usersQueries: { predicate: (query: Query) => boolean } = {
  predicate: ({ meta, observers }) =>
    ![meta, ...observers.map(({ options }) => options.meta)].every(
      (each) => each?.["public"] === true,
    ),
};

/** What the caches of a client hold: each query and mutation, with its data. */
export type Contents = ReadonlyMap<Query | Mutation, unknown>;

/** Without what is nobody's. */
export function contentsOf(client: QueryClient): Contents {
  const queries = client.getQueryCache().findAll(usersQueries);
  const mutations = client.getMutationCache().getAll();
  return new Map([...queries, ...mutations].map((each) => [each, each.state.data]));
}

/**
 * Empties the query and mutation caches of everything but public queries. What is under way can no
 * longer write: queries are cancelled, mutations end where they are.
 *
 * @param kept - stays, as long as its data are these.
 */
export function forgetQueries(client: QueryClient, kept?: Contents): void {
  const queries = client.getQueryCache();
  // Caches call their subscribers and `select` functions: user code, which must not stop us half-way.
  for (const [each, data] of contentsOf(client)) {
    if (kept?.has(each) && kept.get(each) === data) continue;
    if ("queryHash" in each) {
      guarded(forgetQuery)(each);
      guarded(() => queries.remove(each))();
    } else {
      endMutation(each);
    }
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
