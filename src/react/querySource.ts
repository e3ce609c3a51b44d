import type { QueryFunctionContext, SkipToken } from "@tanstack/react-query";
import type { AxiosInstance, AxiosRequestConfig } from "axios";
import type { Parse } from "./parseBody.js";
import type { Retry } from "./retryUnlessFinal.js";

/** A request: a URL, or an axios request config. */
export type AuthedRequest = string | AxiosRequestConfig;

/** The part of a function's context that we add to TanStack's own. */
export interface WithApi {
  /** The axios instance that adds the token, refreshes and replays; bound to the user as {@link useApi}'s. */
  api: AxiosInstance;
}

/** The options of any query, of which only these matter here. */
export interface QuerySource {
  request?: AuthedRequest | SkipToken | ((pageParam: unknown) => AuthedRequest) | undefined;
  parse?: Parse<unknown> | undefined;
  queryFn?: SkipToken | ((context: QueryFunctionContext & WithApi) => unknown) | undefined;
  retry?: Retry<Error>;
}
