import {
  skipToken,
  useQuery,
  useQueryClient,
  type DefaultError,
  type DefinedUseQueryResult,
  type NonUndefinedGuard,
  type QueryFunction,
  type QueryFunctionContext,
  type QueryKey,
  type SkipToken,
  type UseQueryOptions,
  type UseQueryResult,
} from "@tanstack/react-query";
import type { AxiosInstance, AxiosRequestConfig } from "axios";
import { useSyncExternalStore } from "react";
import { AuthError } from "../core/errors.js";
import { loadingState } from "../core/session.js";
import type { Auth } from "../createAuth.js";
import { useAuthContext } from "./AuthContext.js";
import { retryUnlessFinal } from "./retryUnlessFinal.js";

/** What a `queryFn` of {@link useAuthedQuery} is given: TanStack's context and the axios instance. */
export type AuthedQueryContext<TQueryKey extends QueryKey = QueryKey> =
  QueryFunctionContext<TQueryKey> & { api: AxiosInstance };

/** Where the data comes from: a `request` whose response body it is, or a `queryFn`. Never both. */
export type AuthedQuerySource<TQueryFnData, TQueryKey extends QueryKey> =
  | {
      /** A URL or an axios request config; `signal` is passed for you. */
      request: string | AxiosRequestConfig | SkipToken;
      queryFn?: never;
    }
  | {
      queryFn:
        | ((context: AuthedQueryContext<TQueryKey>) => TQueryFnData | Promise<TQueryFnData>)
        | SkipToken;
      request?: never;
    };

/** Every option of `useQuery`, with `request` or `queryFn`. `queryKey` stays exactly yours. */
export type AuthedQueryOptions<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
> = Omit<UseQueryOptions<TQueryFnData, TError, TData, TQueryKey>, "queryFn"> &
  AuthedQuerySource<TQueryFnData, TQueryKey>;

/**
 * `useQuery` through the session: waits while it is loading, is idle while nobody is signed in, and
 * never retries what a retry cannot cure (401, `refused`, `signed_out`, `session_ended`, `step_up`).
 * Signed out, `refetch()` sends nothing and settles with the error `signed_out`.
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
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey> & {
    initialData: NonUndefinedGuard<TQueryFnData> | (() => NonUndefinedGuard<TQueryFnData>);
  },
): DefinedUseQueryResult<TData, TError>;
export function useAuthedQuery<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey>,
): UseQueryResult<TData, TError>;
export function useAuthedQuery<
  TQueryFnData = unknown,
  TError = DefaultError,
  TData = TQueryFnData,
  TQueryKey extends QueryKey = QueryKey,
>(
  options: AuthedQueryOptions<TQueryFnData, TError, TData, TQueryKey>,
): UseQueryResult<TData, TError> {
  const auth = useAuthContext("useAuthedQuery");
  const client = useQueryClient();
  const isSignedIn = useSyncExternalStore(
    auth.subscribe,
    () => auth.getState().isAuthenticated,
    () => loadingState.isAuthenticated,
  );
  const { request, queryFn, ...rest } = options;
  const { retry } = client.defaultQueryOptions(rest);
  return useQuery({
    ...rest,
    // Only what is given: an `enabled: undefined` would override the client's default.
    ...(!isSignedIn && { enabled: false }),
    queryFn: queryFunction(auth, { request, queryFn } as AuthedQuerySource<
      TQueryFnData,
      TQueryKey
    >),
    retry: retryUnlessFinal(retry),
  });
}

function queryFunction<TQueryFnData, TQueryKey extends QueryKey>(
  auth: Auth,
  { request, queryFn }: AuthedQuerySource<TQueryFnData, TQueryKey>,
): QueryFunction<TQueryFnData, TQueryKey> | SkipToken {
  const source = request ?? queryFn;
  if (source === skipToken) return skipToken;
  return async (context) => {
    const { signal } = context;
    // A refetch() by hand is not held back by `enabled`.
    const { isAuthenticated } = await auth.ready({ signal });
    if (!isAuthenticated) throw new AuthError("signed_out");
    if (typeof source === "function") return source({ ...context, api: auth.api });
    const config = typeof source === "string" ? { url: source } : source;
    const { data } = await auth.api.request<TQueryFnData>({ ...config, signal });
    return data;
  };
}
