import {
  skipToken,
  type QueryClient,
  type QueryFunction,
  type SkipToken,
} from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { AuthError } from "../../core/vocabulary/errors.js";
import type { Keeping } from "../isolation/clearUserData.js";
import { refusePersister } from "../isolation/guardQueries.js";
import { retryUnlessFinal, type Retry } from "../recovery/retryUnlessFinal.js";
import { asCaller } from "../request/asCaller.js";
import { assertOneSource, assertSignedIn, bodyOf, gated, isGated } from "../request/gate.js";
import { parseBody } from "../request/parseBody.js";
import type { QuerySource } from "./authedQuerySource.js";
import { noteRequest, warnOfTwoRequests } from "./queryWarnings.js";

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
            if (whose && whose !== internalsOf(auth).userKey())
              throw new AuthError("session_ended");
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
