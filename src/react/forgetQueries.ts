import type { Mutation, MutationObserver, Query, QueryClient } from "@tanstack/react-query";
import { guarded } from "../core/events.js";

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
 * longer write: queries are cancelled, mutations stop where they are.
 *
 * @param kept - stays, as long as its data are these.
 */
export function forgetQueries(client: QueryClient, kept?: Contents): void {
  const queries = client.getQueryCache();
  const mutations = client.getMutationCache();
  // Caches call their subscribers and `select` functions: user code, which must not stop us half-way.
  for (const [each, data] of contentsOf(client)) {
    if (kept?.has(each) && kept.get(each) === data) continue;
    if ("queryHash" in each) {
      guarded(forgetQuery)(each);
      guarded(() => queries.remove(each))();
    } else {
      guarded(() => mutations.remove(each))();
      guarded(disarm)(each);
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

/** TanStack Query cannot cancel a mutation, but it waits for what these return: for ever. */
function disarm(mutation: Mutation): void {
  const never = () => new Promise<never>(() => {});
  mutation.setOptions({ mutationFn: never, onSuccess: never, onError: never, onSettled: never });
  // A hook that renders once more would give its callbacks back.
  mutation.setOptions = () => {};
  // A hook above the provider, which is not unmounted, would show its data, or wait for ever.
  observers.get(mutation)?.reset();
}

const observers = new WeakMap<Mutation, MutationObserver>();

/** Only the events of a cache tell who observes a mutation. */
export function noteObservers(client: QueryClient): void {
  client.getMutationCache().subscribe((event) => {
    if (event.type === "observerAdded") observers.set(event.mutation, event.observer);
  });
}
