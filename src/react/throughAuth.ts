import {
  skipToken,
  type Query,
  type QueryClient,
  type QueryFunction,
  type QueryFunctionContext,
  type SkipToken,
} from "@tanstack/react-query";
import type { AxiosInstance, AxiosRequestConfig } from "axios";
import { untilAborted } from "../core/platform/abort.js";
import { AuthError } from "../core/vocabulary/errors.js";
import { internalsOf } from "../authInternals.js";
import type { Auth } from "../auth.js";
import { asCaller } from "./asCaller.js";
import type { Keeping } from "./forgetQueries.js";
import { refusePersister } from "./refusePersister.js";
import { mayPass, retryUnlessFinal, type Retry } from "./retryUnlessFinal.js";

/** What is requested: a URL, or an axios request config. */
export type AuthedRequest = string | AxiosRequestConfig;

/** What functions of the user are given beside TanStack's own context. */
export interface WithApi {
  /** The axios instance that adds the token, refreshes and replays; bound to the user as {@link useApi}'s. */
  api: AxiosInstance;
}

/** The options of any query, of which only these matter here. */
export interface QuerySource {
  request?: AuthedRequest | SkipToken | ((pageParam: unknown) => AuthedRequest) | undefined;
  queryFn?: SkipToken | ((context: QueryFunctionContext & WithApi) => unknown) | undefined;
  retry?: Retry<Error>;
}

/** What becomes of them: TanStack's own. */
export interface QueryThroughAuth {
  queryFn: QueryFunction | SkipToken;
  retry: (failureCount: number, error: Error) => boolean;
}

/**
 * The options of a query that goes through the session.
 *
 * @param client - whose defaults count; the asking one if omitted.
 * @param whose - for whom they are rendered; for anyone if omitted.
 */
export function queryThroughAuth<Options extends QuerySource & Keeping>(
  auth: Auth,
  options: Options,
  client?: QueryClient,
  whose?: number,
): Omit<Options, keyof QuerySource> & QueryThroughAuth {
  const { request, queryFn, retry, ...rest } = options;
  refusePersister(options);
  const others: object = rest;
  let clientsRetry: Retry<Error>;
  return {
    ...rest,
    queryFn:
      request === skipToken || queryFn === skipToken
        ? skipToken
        : async (context) => {
            const { queryKey, signal, pageParam } = context;
            const api = asCaller(auth, auth.api);
            const asking = client ?? context.client;
            const defaulted = asking.defaultQueryOptions({ ...others, queryKey });
            clientsRetry = defaulted.retry;
            const query = asking.getQueryCache().get(defaulted.queryHash);
            if (whose && whose !== internalsOf(auth).userKey()) throw refuseLate(query);
            await assertSignedIn(auth, signal, query?.state.fetchFailureReason);
            if (queryFn) return queryFn({ ...context, api });
            const wanted = typeof request === "function" ? request(pageParam) : request;
            return bodyOf(api, wanted, { signal });
          },
    // Three times is TanStack Query's default.
    retry: retryUnlessFinal(() => retry ?? clientsRetry ?? 3),
  };
}

/**
 * A `refetch` that outlived the tree of its user must not ask as the next one. By now the query may be
 * one of theirs: it goes on as it was, by its own function.
 */
function refuseLate(query: Query | undefined): AuthError {
  const error = new AuthError("session_ended");
  query?.observers.forEach((observer) => query.setOptions(observer.options));
  // No cache-wide callback hears of it.
  void query?.cancel({ revert: true });
  if (query?.state.data === undefined) query?.setState({ status: "error", error });
  return error;
}

/**
 * The gate that `enabled` cannot be: a refetch() by hand, a loader and a mutation pass it too. Waits
 * while the session is loading. A retry after a failed refresh waits until the next one may be tried,
 * or another has succeeded: a `retryDelay` could not be told of that.
 *
 * @param failure - why the last try failed, if this is a retry.
 * @throws {@link AuthError} `signed_out`.
 */
export async function assertSignedIn(
  auth: Auth,
  signal?: AbortSignal,
  failure?: unknown,
): Promise<void> {
  if (mayPass(failure)) await untilAborted(internalsOf(auth).backoffOver(), signal);
  const { isAuthenticated } = await auth.ready(signal && { signal });
  if (!isAuthenticated) throw new AuthError("signed_out");
}

/** Sends a request and gives the body of its response. */
export async function bodyOf(
  api: AxiosInstance,
  request: AuthedRequest | undefined,
  defaults: AxiosRequestConfig,
): Promise<unknown> {
  const config = typeof request === "string" ? { url: request } : request;
  const { data } = await api.request<unknown>({ ...defaults, ...config });
  return data;
}
