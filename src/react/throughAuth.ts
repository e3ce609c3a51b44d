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
import { misuse } from "../core/vocabulary/usageErrors.js";
import type { Auth } from "../auth.js";
import { asCaller } from "./asCaller.js";
import { noteRequest, warnOfTwoRequests } from "./devWarnings.js";
import type { Keeping } from "./forgetQueries.js";
import { nameOf, parseBody } from "./parseBody.js";
import type { AuthedRequest, QuerySource } from "./querySource.js";
import { refusePersister } from "./refusePersister.js";
import { FinalError, mayPass, retryUnlessFinal, type Retry } from "./retryUnlessFinal.js";

/** The options of TanStack Query that they become. */
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
): Omit<Options, "request" | "parse" | "queryFn" | "retry"> & QueryThroughAuth {
  const { request, parse, queryFn, retry, ...rest } = options;
  refusePersister(options);
  const others: object = rest;
  let clientsRetry: Retry<Error>;
  const through: Omit<Options, keyof QuerySource> & QueryThroughAuth = {
    ...rest,
    queryFn:
      request === skipToken || queryFn === skipToken
        ? skipToken
        : gated(async (context) => {
            const { queryKey, signal, pageParam } = context;
            const api = asCaller(auth, auth.api);
            const asking = client ?? context.client;
            const defaulted = asking.defaultQueryOptions({ ...others, queryKey });
            clientsRetry = defaulted.retry;
            const query = asking.getQueryCache().get(defaulted.queryHash);
            if (whose && whose !== internalsOf(auth).userKey()) throw refuseLate(query);
            const run = queryFn ?? (request === undefined && defaulted.queryFn);
            assertOneSource(run, request ?? parse, queryKey);
            if (!isGated(run)) await assertSignedIn(auth, signal, query?.state.fetchFailureReason);
            if (typeof run === "function") return run({ ...context, api });
            const wanted = typeof request === "function" ? request(pageParam) : request;
            if (process.env.NODE_ENV !== "production") warnOfTwoRequests(query);
            return parseBody(parse, await bodyOf(api, wanted, { signal }), queryKey);
          }),
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

/** @throws FinalError unless there is either a function of the user or what belongs to a `request`. */
export function assertOneSource(fn: unknown, ofRequest: unknown, key: unknown): void {
  const isOne = Boolean(fn) !== (ofRequest !== undefined);
  if (!isOne) throw new FinalError(misuse("one_source", nameOf(key)).message);
}

const gates = new WeakSet<object>();

/** Marks a function that waits for the session by itself: options made by us may be given to us. */
export function gated<Fn extends object>(fn: Fn): Fn {
  gates.add(fn);
  return fn;
}

/** Tells whether a function waits for the session by itself. */
export function isGated(fn: unknown): boolean {
  return gates.has(Object(fn));
}
