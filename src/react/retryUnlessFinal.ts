import { reasonOf, type AuthErrorCode } from "../core/errors.js";

/** TanStack Query's `retry`. */
export type Retry<TError> =
  | boolean
  | number
  | ((failureCount: number, error: TError) => boolean)
  | undefined;

const worthRetrying: readonly AuthErrorCode[] = ["unavailable", "timeout"];

/** The user's `retry`, but never for what only a person can cure by signing in. */
export function retryUnlessFinal<TError>(
  retry: () => NonNullable<Retry<TError>>,
): (failureCount: number, error: TError) => boolean {
  return (failureCount, error) => {
    if (isFinal(error)) return false;
    const wanted = retry();
    return typeof wanted === "function"
      ? wanted(failureCount, error)
      : wanted === true || (wanted !== false && failureCount < wanted);
  };
}

function isFinal(error: unknown): boolean {
  const reason = reasonOf(error);
  // An AxiosError carries the status itself.
  return reason ? !worthRetrying.includes(reason.code) : Object(error).status === 401;
}
