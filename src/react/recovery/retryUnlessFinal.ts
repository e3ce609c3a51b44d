import { reasonOf, type AuthErrorCode } from "../../core/vocabulary/errors.js";
import { fieldsOf } from "../../core/vocabulary/values.js";

/** TanStack Query's `retry`. */
export type Retry<TError> =
  | boolean
  | number
  | ((failureCount: number, error: TError) => boolean)
  | undefined;

const passing: readonly (AuthErrorCode | undefined)[] = ["unavailable", "timeout"];

/** The user's `retry`, but never for an error that only a new sign-in can cure. */
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

/** `true` for an error of the session that time cures. */
export function mayPass(error: unknown): boolean {
  return passing.includes(reasonOf(error)?.code);
}

/** An error that the same request would meet again. */
export class FinalError extends TypeError {}

function isFinal(error: unknown): boolean {
  if (reasonOf(error)) return !mayPass(error);
  // An AxiosError carries the status itself, as does a Response that the app throws.
  return fieldsOf(error)["status"] === 401 || error instanceof FinalError;
}
