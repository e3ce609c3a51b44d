"use client";

// oxlint-disable typescript/no-unnecessary-type-parameters -- TQueryFn is inferred: from it the options tell whether there is a queryFn.

import {
  useQuery,
  type DefaultError,
  type DefinedUseQueryResult,
  type QueryClient,
  type QueryKey,
  type SkipToken,
  type UseQueryOptions,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useState } from "react";
import { internalsOf } from "../../authInternals.js";
import { useAuthState } from "../context/AuthContext.js";
import { useAuthedClient } from "../provider/useAuthedClient.js";
import type { AuthedQueryOptions, DefinedInitialData } from "./authedQueryOptions.js";
import type { QuerySource } from "./authedQuerySource.js";
import { queryThroughAuth } from "./queryThroughAuth.js";
import { useRequestWarning } from "./queryWarnings.js";

/**
 * `useQuery` through the session: waits while it is loading, is idle while nobody is signed in, and
 * never retries what a retry cannot cure (401, `refused`, `signed_out`, `session_ended`, `step_up`).
 * `unavailable` and `timeout` are retried as `retry` says, but not before `retryAt`; a query that has
 * failed with one of them runs again after the next successful refresh.
 * Signed out, `refetch()` sends nothing and settles with the error `signed_out`; called late, by what
 * outlived the tree of its user, with `session_ended`.
 *
 * ```tsx
 * const { data } = useAuthedQuery<Order[]>({ queryKey: ["orders"], request: "/orders" });
 * ```
 *
 * `parse`, a function or a Standard Schema, checks the body of the `request` and types the data. A body
 * that it refuses is a `TypeError` that names the key, is not retried, and holds nothing of the body.
 *
 * ```tsx
 * const { data } = useAuthedQuery({ queryKey: ["orders"], request: "/orders", parse: Orders });
 * ```
 *
 * Takes options objects too, whole or spread with more: of `queryOptions()`, of
 * {@link authedQueryOptions} (which stay with their Auth), and of generators. Where an object has no
 * `queryFn`, the client's default one runs, given `api`; without that the query fails with the remedy.
 *
 * ```tsx
 * const { data } = useAuthedQuery({ ...getOrdersOptions(), select: (orders) => orders.length });
 * ```
 *
 * @throws Error without an `<AuthProvider>` above.
 */
export function useAuthedQuery<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
  TQueryFn = never,
>(
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey, SkipToken, TQueryFn> &
    DefinedInitialData<TQueryFnData>,
  queryClient?: QueryClient,
): DefinedUseQueryResult<TData, TError>;
export function useAuthedQuery<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
  TQueryFn = never,
>(
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey, SkipToken, TQueryFn>,
  queryClient?: QueryClient,
): UseQueryResult<TData, TError>;
export function useAuthedQuery(options: object, queryClient?: QueryClient): UseQueryResult {
  const { auth, client } = useAuthedClient("useAuthedQuery", queryClient);
  const { isAuthenticated } = useAuthState(auth);
  const [whose] = useState(internalsOf(auth).userKey);
  // The overloads say what of the options each function is given.
  const given = options as UseQueryOptions & QuerySource;
  const through = {
    ...queryThroughAuth(auth, given, client, whose),
    // Only what is given: an `enabled: undefined` would override the client's default.
    ...(!isAuthenticated && { enabled: false }),
  };
  // oxlint-disable-next-line react/rules-of-hooks -- The same in every render of one build.
  if (process.env.NODE_ENV !== "production") useRequestWarning(client, through);
  return useQuery(through, client);
}
