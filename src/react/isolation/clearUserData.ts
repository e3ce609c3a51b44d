import type { Mutation, Query, QueryClient } from "@tanstack/react-query";
import { isolateErrors } from "../../core/platform/isolateErrors.js";
import { endMutation } from "./endMutation.js";

/** The options of a query that say whose data it keeps, and where. */
export interface Keeping {
  persister?: unknown;
  meta?: Readonly<Record<string, unknown>> | undefined;
}

/** The options of a query: its own, and those of each of its observers. */
function optionsOf({ options, observers }: Query): Keeping[] {
  return [options, ...observers.map((observer) => observer.options)];
}

/** Of a query with `meta: { public: true }`, whose data are nobody's. */
export function isPublic({ meta }: Keeping): boolean {
  return meta?.["public"] === true;
}

/** Everything but public queries. One that any of its observers does not call public is the user's. */
export const usersQueries: { predicate: (query: Query) => boolean } = {
  predicate: (query) => !optionsOf(query).every(isPublic),
};

/** The contents of a client's caches: each query and mutation, with its data. */
export type Contents = ReadonlyMap<Query | Mutation, unknown>;

/** Without public queries. */
export function contentsOf(client: QueryClient): Contents {
  const queries = client.getQueryCache().findAll(usersQueries);
  const mutations = client.getMutationCache().getAll();
  return new Map([...queries, ...mutations].map((each) => [each, each.state.data]));
}

/**
 * Empties the query and mutation caches of everything but public queries. Work under way can no longer
 * write: queries are cancelled, mutations end where they are.
 *
 * @param kept - stays, as long as its data are these.
 */
export function clearUserData(client: QueryClient, kept?: Contents): void {
  const queries = client.getQueryCache();
  // Caches call their subscribers and `select` functions: user code, which must not stop us half-way.
  for (const [each, data] of contentsOf(client)) {
    if (kept?.has(each) && kept.get(each) === data) continue;
    if ("queryHash" in each) {
      isolateErrors(clearQuery)(each);
      isolateErrors(() => queries.remove(each))();
    } else {
      endMutation(each);
    }
  }
}

/** Removing is not enough: an observer that has the query, or kept it as the previous one, still shows it. */
function clearQuery(query: Query): void {
  query.setState({
    data: undefined,
    error: null,
    fetchFailureReason: null,
    fetchStatus: "idle",
    status: "pending",
  });
}
