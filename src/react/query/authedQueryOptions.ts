// oxlint-disable typescript/no-unnecessary-type-parameters -- TQueryFn is inferred: from it the options tell whether there is a queryFn.

import type {
  DataTag,
  DefaultError,
  DefinedInitialDataInfiniteOptions,
  DefinedInitialDataOptions,
  InfiniteData,
  NonUndefinedGuard,
  QueryKey,
  SkipToken,
  UndefinedInitialDataInfiniteOptions,
  UndefinedInitialDataOptions,
  UnusedSkipTokenInfiniteOptions,
  UnusedSkipTokenOptions,
  UseInfiniteQueryOptions,
  UseQueryOptions,
} from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import type { AuthedRequest } from "../request/authedRequest.js";
import type { AuthedQuerySource, QuerySource } from "./authedQuerySource.js";
import { queryThroughAuth } from "./queryThroughAuth.js";

/** Every option of `useQuery`, with `request` or `queryFn`. `queryKey` stays exactly yours. */
export type AuthedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
  Skip = SkipToken,
  TQueryFn = never,
> = Omit<UseQueryOptions<TQueryFnData, TError, TData, TQueryKey>, "queryFn"> &
  AuthedQuerySource<TQueryFnData, TQueryKey, Skip, AuthedRequest, never, TQueryFn>;

/** `initialData` that makes `data` defined from the start. */
export interface DefinedInitialData<TQueryFnData> {
  initialData: NonUndefinedGuard<TQueryFnData> | (() => NonUndefinedGuard<TQueryFnData>);
}

/**
 * Every option of `useInfiniteQuery`, with `queryFn`, or with `request` as a function of the page
 * parameter.
 */
export type AuthedInfiniteQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = unknown,
  Skip = SkipToken,
  TQueryFn = never,
> = Omit<UseInfiniteQueryOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam>, "queryFn"> &
  AuthedQuerySource<
    TQueryFnData,
    TQueryKey,
    Skip,
    (pageParam: TPageParam) => AuthedRequest,
    TPageParam,
    TQueryFn
  >;

/**
 * `queryOptions` for a query through the session: for `useSuspenseQuery`, `useQueries`, loaders and
 * prefetching, and for sharing. While the session is loading the query waits; signed out it rejects
 * with `signed_out` and sends nothing. `retry` is the client's if omitted, else 3, in loaders too; after
 * `unavailable` and `timeout` the next try waits until `retryAt`. Under an `AuthProvider` a query that has
 * failed with one of them runs again after the next successful refresh, and one that has failed with
 * `signed_out` when someone signs in.
 *
 * `parse` checks the body of the `request` and types the data, as in {@link useAuthedQuery}. Options
 * objects of `queryOptions()` and of generators are taken too.
 *
 * Only `useAuthedQuery` rests by itself while nobody is signed in. Here pass `enabled` if the query is
 * polled, and give `useSuspenseQuery` an error boundary close by: a refusal while it waits is an error.
 *
 * ```ts
 * const orders = authedQueryOptions<Order[]>(auth, { queryKey: ["orders"], request: "/orders" });
 * const { data } = useSuspenseQuery(orders);
 * ```
 */
export function authedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
  TQueryFn = never,
>(
  auth: Auth,
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey, SkipToken, TQueryFn> &
    DefinedInitialData<TQueryFnData>,
): DefinedInitialDataOptions<TQueryFnData, TError, TData, TQueryKey> & {
  queryKey: DataTag<TQueryKey, TQueryFnData, TError>;
};
export function authedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
  TQueryFn = never,
>(
  auth: Auth,
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey, never, TQueryFn>,
): UnusedSkipTokenOptions<TQueryFnData, TError, TData, TQueryKey> & {
  queryKey: DataTag<TQueryKey, TQueryFnData, TError>;
};
export function authedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
  TQueryFn = never,
>(
  auth: Auth,
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey, SkipToken, TQueryFn>,
): UndefinedInitialDataOptions<TQueryFnData, TError, TData, TQueryKey> & {
  queryKey: DataTag<TQueryKey, TQueryFnData, TError>;
};
export function authedQueryOptions(auth: Auth, options: object): unknown {
  // The overloads say what of it each function is given.
  return queryThroughAuth(auth, options as QuerySource);
}

/**
 * `infiniteQueryOptions` for a query through the session, as {@link authedQueryOptions}.
 *
 * ```ts
 * const rides = authedInfiniteQueryOptions(auth, {
 *   queryKey: ["rides"],
 *   request: (page: number) => `/rides?page=${page}`,
 *   parse: Page, // or annotate: getNextPageParam: (last: Page) => last.next
 *   initialPageParam: 1,
 *   getNextPageParam: (last) => last.next,
 * });
 * ```
 */
export function authedInfiniteQueryOptions<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = unknown,
  TQueryFn = never,
>(
  auth: Auth,
  options: AuthedInfiniteQueryOptions<
    TQueryFnData,
    TError,
    TData,
    TQueryKey,
    TPageParam,
    SkipToken,
    TQueryFn
  > & {
    initialData:
      | NonUndefinedGuard<InfiniteData<TQueryFnData, TPageParam>>
      | (() => NonUndefinedGuard<InfiniteData<TQueryFnData, TPageParam>>);
  },
): DefinedInitialDataInfiniteOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam> & {
  queryKey: DataTag<TQueryKey, InfiniteData<TQueryFnData>, TError>;
};
export function authedInfiniteQueryOptions<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = unknown,
  TQueryFn = never,
>(
  auth: Auth,
  options: AuthedInfiniteQueryOptions<
    TQueryFnData,
    TError,
    TData,
    TQueryKey,
    TPageParam,
    never,
    TQueryFn
  >,
): UnusedSkipTokenInfiniteOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam> & {
  queryKey: DataTag<TQueryKey, InfiniteData<TQueryFnData>, TError>;
};
export function authedInfiniteQueryOptions<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = unknown,
  TQueryFn = never,
>(
  auth: Auth,
  options: AuthedInfiniteQueryOptions<
    TQueryFnData,
    TError,
    TData,
    TQueryKey,
    TPageParam,
    SkipToken,
    TQueryFn
  >,
): UndefinedInitialDataInfiniteOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam> & {
  queryKey: DataTag<TQueryKey, InfiniteData<TQueryFnData>, TError>;
};
export function authedInfiniteQueryOptions(auth: Auth, options: object): unknown {
  // The overloads say what of it each function is given.
  return queryThroughAuth(auth, options as QuerySource);
}
