import { isolateErrors } from "../platform/isolateErrors.js";

/** The options that a request reads. */
export interface RequestOptions {
  /**
   * Which answers mean that the token has expired: statuses, `[401]` if omitted, or a function,
   * which is asked about every answer, 2xx too.
   */
  refreshOn?: RefreshOn;
}

/** An answer, as a `refreshOn` function sees it. */
export interface RefreshOnAnswer {
  /** The HTTP status. */
  status: number;
  /** The headers that scripts may see. */
  headers: Headers;
  /** Where the answer came from. */
  url: string;
  /** Parses the body; the caller can still read it. `undefined` if axios was told to stream it. */
  json(): Promise<unknown>;
}

/** Tells whether an answer means that the token is no longer good. */
export type RefreshOn =
  | readonly number[]
  | ((answer: RefreshOnAnswer) => boolean | Promise<boolean>);

/** A promise only where user code is asked: most answers are good, and this is asked of all. */
export function isTokenRejected<Answer extends { readonly status: number }>(
  refreshOn: RefreshOn,
  request: { inspect(answer: Answer): RefreshOnAnswer },
  answer: Answer,
): boolean | undefined | Promise<boolean | undefined> {
  return typeof refreshOn === "function"
    ? isolateErrors(refreshOn)(request.inspect(answer))
    : refreshOn.includes(answer.status);
}
