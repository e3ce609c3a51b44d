import { fieldsOf } from "../core/accessToken.js";
import { AuthError, type AuthErrorCode } from "../core/errors.js";

/** TanStack Query's `retry`. */
export type Retry<TError> =
  | boolean
  | number
  | ((failureCount: number, error: TError) => boolean)
  | undefined;

const passing: readonly (AuthErrorCode | undefined)[] = ["unavailable", "timeout"];

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

/** Why the session kept a request from its answer, if it did. axios tells it as the cause of its error. */
export function reasonOf(error: unknown): AuthError | undefined {
  const reason = error instanceof AuthError ? error : fieldsOf(error)["cause"];
  return reason instanceof AuthError ? reason : undefined;
}

/** `true` for an error of the session that time cures. */
export function mayPass(error: unknown): boolean {
  return passing.includes(reasonOf(error)?.code);
}

function isFinal(error: unknown): boolean {
  // An AxiosError carries the status itself, as does a Response that the app throws.
  return reasonOf(error) ? !mayPass(error) : fieldsOf(error)["status"] === 401;
}
