import type { QueryFunctionContext, QueryKey, SkipToken } from "@tanstack/react-query";
import type { Retry } from "../recovery/retryUnlessFinal.js";
import type { Parse } from "../request/parseBody.js";
import type { AuthedRequest, Remedy, WithApi } from "../request/authedRequest.js";

/** The context of a `queryFn`: TanStack's own and the axios instance. */
export type AuthedQueryContext<
  TQueryKey extends QueryKey = QueryKey,
  TPageParam = never,
> = QueryFunctionContext<TQueryKey, TPageParam> & WithApi;

/**
 * The source of the data: a `request` whose response body it is, or a `queryFn`. Never both.
 *
 * TanStack's options objects say `queryFn?`. They are told from options that have none by `TQueryFn`,
 * which is inferred from a `queryFn` that may be missing, and stays `never` where there is none.
 */
export type AuthedQuerySource<
  TQueryFnData,
  TQueryKey extends QueryKey,
  Skip = SkipToken,
  TRequest = AuthedRequest,
  TPageParam = never,
  TQueryFn = never,
> =
  | {
      /** A URL or an axios request config; `signal` is passed for you. */
      request: TRequest | Skip;
      /** Checks the response body, and types the data. */
      parse?: Parse<TQueryFnData> | undefined;
      queryFn?:
        | Remedy<"Give `request` (which `parse` may check) or `queryFn`, not both.">
        | undefined;
    }
  | QueryFnInsteadOfRequest<AuthedQueryFn<TQueryFnData, TQueryKey, TPageParam> | Skip>
  | ([TQueryFn] extends [never]
      ? { request: Remedy<"Give `request` (a URL or an axios request config) or `queryFn`."> }
      : Partial<
          QueryFnInsteadOfRequest<
            TQueryFn | AuthedQueryFn<TQueryFnData, TQueryKey, TPageParam> | Skip
          >
        >);

interface QueryFnInsteadOfRequest<TQueryFn> {
  queryFn: TQueryFn;
  request?: Remedy<"Give `request` (which `parse` may check) or `queryFn`, not both."> | undefined;
  parse?: Remedy<"Give `request` (which `parse` may check) or `queryFn`, not both."> | undefined;
}

type AuthedQueryFn<TQueryFnData, TQueryKey extends QueryKey, TPageParam> = (
  context: AuthedQueryContext<TQueryKey, TPageParam>,
) => TQueryFnData | Promise<TQueryFnData>;

/** The options of any query, of which only these matter here. */
export interface QuerySource {
  request?: AuthedRequest | SkipToken | ((pageParam: unknown) => AuthedRequest) | undefined;
  parse?: Parse<unknown> | undefined;
  queryFn?: SkipToken | ((context: QueryFunctionContext & WithApi) => unknown) | undefined;
  retry?: Retry<Error>;
}
