import type {
  DataTag,
  DefaultError,
  DefinedInitialDataInfiniteOptions,
  DefinedInitialDataOptions,
  InfiniteData,
  NonUndefinedGuard,
  QueryFunctionContext,
  QueryKey,
  SkipToken,
  UndefinedInitialDataInfiniteOptions,
  UndefinedInitialDataOptions,
  UnusedSkipTokenInfiniteOptions,
  UnusedSkipTokenOptions,
  UseInfiniteQueryOptions,
  UseQueryOptions,
} from "@tanstack/react-query";
import type { Auth } from "../auth.js";
import type { AuthedRequest, QuerySource, WithApi } from "./querySource.js";
import { queryThroughAuth } from "./throughAuth.js";

/** What a `queryFn` is given: TanStack's context and the axios instance. */
export type AuthedQueryContext<
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = never,
> = QueryFunctionContext<TQueryKey, TPageParam> & WithApi;

/** Where the data comes from: a `request` whose response body it is, or a `queryFn`. Never both. */
export type AuthedQuerySource<
  TQueryFnData,
  TQueryKey extends QueryKey,
  Skip = SkipToken,
  TRequest = AuthedRequest,
  TPageParam = never,
> =
  | {
      /** A URL or an axios request config; `signal` is passed for you. */
      request: TRequest | Skip;
      queryFn?: never;
    }
  | {
      queryFn:
        | ((
            context: AuthedQueryContext<TQueryKey, TPageParam>,
          ) => TQueryFnData | Promise<TQueryFnData>)
        | Skip;
      request?: never;
    };

/** Every option of `useQuery`, with `request` or `queryFn`. `queryKey` stays exactly yours. */
export type AuthedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
  Skip = SkipToken,
> = Omit<UseQueryOptions<TQueryFnData, TError, TData, TQueryKey>, "queryFn"> &
  AuthedQuerySource<TQueryFnData, TQueryKey, Skip>;

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
> = Omit<UseInfiniteQueryOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam>, "queryFn"> &
  AuthedQuerySource<
    TQueryFnData,
    TQueryKey,
    Skip,
    (pageParam: TPageParam) => AuthedRequest,
    TPageParam
  >;

/**
 * `queryOptions` for a query through the session: for `useSuspenseQuery`, `useQueries`, loaders and
 * prefetching, and for sharing. While the session is loading the query waits; signed out it rejects
 * with `signed_out` and sends nothing. `retry` is the client's if omitted, else 3, in loaders too; after
 * `unavailable` and `timeout` the next try waits until `retryAt`. Under an `AuthProvider` a query that has
 * failed with one of them runs again after the next successful refresh, and one that has failed with
 * `signed_out` when someone signs in.
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
>(
  auth: Auth,
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey> &
    DefinedInitialData<TQueryFnData>,
): DefinedInitialDataOptions<TQueryFnData, TError, TData, TQueryKey> & {
  queryKey: DataTag<TQueryKey, TQueryFnData, TError>;
};
export function authedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  auth: Auth,
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey, never>,
): UnusedSkipTokenOptions<TQueryFnData, TError, TData, TQueryKey> & {
  queryKey: DataTag<TQueryKey, TQueryFnData, TError>;
};
export function authedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  auth: Auth,
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey>,
): UndefinedInitialDataOptions<TQueryFnData, TError, TData, TQueryKey> & {
  queryKey: DataTag<TQueryKey, TQueryFnData, TError>;
};
export function authedQueryOptions(auth: Auth, options: QuerySource): unknown {
  return queryThroughAuth(auth, options);
}

/**
 * `infiniteQueryOptions` for a query through the session, as {@link authedQueryOptions}.
 *
 * ```ts
 * const rides = authedInfiniteQueryOptions(auth, {
 *   queryKey: ["rides"],
 *   request: (page: number) => `/rides?page=${page}`,
 *   initialPageParam: 1,
 *   getNextPageParam: (last: Page) => last.next,
 * });
 * ```
 */
export function authedInfiniteQueryOptions<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = unknown,
>(
  auth: Auth,
  options: AuthedInfiniteQueryOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam> & {
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
>(
  auth: Auth,
  options: AuthedInfiniteQueryOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam, never>,
): UnusedSkipTokenInfiniteOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam> & {
  queryKey: DataTag<TQueryKey, InfiniteData<TQueryFnData>, TError>;
};
export function authedInfiniteQueryOptions<
  TQueryFnData,
  TError = DefaultError,
  TData = InfiniteData<TQueryFnData>,
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = unknown,
>(
  auth: Auth,
  options: AuthedInfiniteQueryOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam>,
): UndefinedInitialDataInfiniteOptions<TQueryFnData, TError, TData, TQueryKey, TPageParam> & {
  queryKey: DataTag<TQueryKey, InfiniteData<TQueryFnData>, TError>;
};
export function authedInfiniteQueryOptions(auth: Auth, options: object): unknown {
  // The overloads say what of it each function is given.
  return queryThroughAuth(auth, options as QuerySource);
}
