import type { AxiosInstance, AxiosRequestConfig } from "axios";

/** A request: a URL, or an axios request config. */
export type AuthedRequest = string | AxiosRequestConfig;

/** The part of a function's context that we add to TanStack's own. */
export interface WithApi {
  /** The axios instance that adds the token, refreshes and replays; bound to the user as {@link useApi}'s. */
  api: AxiosInstance;
}

declare const remedy: unique symbol;

/** A type that no value has. The compiler's message shows the text, which says what to write instead. */
export interface Remedy<Text extends string> {
  readonly [remedy]: Text;
}
