import { AuthError, type AuthErrorCode } from "../core/errors.js";

type Retry<TError> =
  | boolean
  | number
  | ((failureCount: number, error: TError) => boolean)
  | undefined;

const worthRetrying: readonly AuthErrorCode[] = ["unavailable", "timeout"];

/** The user's `retry`, but never for what only a person can cure by signing in. */
export function retryUnlessFinal<TError>(
  retry: Retry<TError>,
): (failureCount: number, error: TError) => boolean {
  return (failureCount, error) => {
    if (isFinal(error)) return false;
    if (typeof retry === "function") return retry(failureCount, error);
    // Three times is TanStack Query's default.
    return retry === true || (retry !== false && failureCount < (retry ?? 3));
  };
}

function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const reason = error instanceof AuthError ? error : error.cause;
  if (reason instanceof AuthError) return !worthRetrying.includes(reason.code);
  // An AxiosError carries the status itself.
  return "status" in error && error.status === 401;
}
