import {
  skipToken,
  type Query,
  type QueryClient,
  type QueryFunction,
  type SkipToken,
} from "@tanstack/react-query";
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from "axios";
import { untilAborted } from "../core/platform/abort.js";
import { AuthError } from "../core/vocabulary/errors.js";
import { fieldsOf } from "../core/vocabulary/values.js";
import { internalsOf } from "../authInternals.js";
import type { Auth } from "../auth.js";
import { asCaller } from "./asCaller.js";
import { noteRequest, warnOfTwoRequests } from "./devWarnings.js";
import type { Keeping } from "./forgetQueries.js";
import type { AuthedRequest, QuerySource } from "./querySource.js";
import { refusePersister } from "./refusePersister.js";
import { mayPass, retryUnlessFinal, type Retry } from "./retryUnlessFinal.js";

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
  const through: Omit<Options, keyof QuerySource> & QueryThroughAuth = {
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
            if (process.env.NODE_ENV !== "production") warnOfTwoRequests(query);
            return bodyOf(api, wanted, { signal });
          },
    // Three times is TanStack Query's default.
    retry: retryUnlessFinal(() => retry ?? clientsRetry ?? 3),
  };
  if (process.env.NODE_ENV !== "production") noteRequest(through.queryFn, request);
  return through;
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

/**
 * Sends a request and gives the body of its response. An interceptor of the app's may make something
 * else of a response, the body alone say: then that is what is given.
 */
export async function bodyOf(
  api: AxiosInstance,
  request: AuthedRequest | undefined,
  defaults: AxiosRequestConfig,
): Promise<unknown> {
  const config = typeof request === "string" ? { url: request } : request;
  const answer: unknown = await api.request({ ...defaults, ...config });
  return isResponse(answer) ? answer.data : answer;
}

/** A response has the config of its request, and that has methods: no body from a server has any. */
function isResponse(answer: unknown): answer is AxiosResponse<unknown> {
  const { headers } = fieldsOf(fieldsOf(answer)["config"]);
  return typeof fieldsOf(headers)["toJSON"] === "function";
}
