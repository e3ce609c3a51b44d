"use client";

import {
  useQuery,
  type DefaultError,
  type DefinedUseQueryResult,
  type QueryClient,
  type QueryKey,
  type UseQueryOptions,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useState } from "react";
import { internalsOf } from "../authInternals.js";
import { useAuthState } from "./AuthContext.js";
import type { AuthedQueryOptions, DefinedInitialData } from "./authedQueryOptions.js";
import { useRequestWarning } from "./devWarnings.js";
import type { QuerySource } from "./querySource.js";
import { queryThroughAuth } from "./throughAuth.js";
import { useAuthedClient } from "./useAuthedClient.js";

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
 * @throws Error without an `<AuthProvider>` above.
 */
export function useAuthedQuery<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey> &
    DefinedInitialData<TQueryFnData>,
  queryClient?: QueryClient,
): DefinedUseQueryResult<TData, TError>;
export function useAuthedQuery<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey>,
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
