import { useAuth, type AuthError } from "react-authed-query";
import { useEffect, type ReactElement } from "react";
import { nextTryOf } from "../park.js";

/** Says that the park is out of reach and when it is asked again, and asks it then. */
export function Outage({ error }: { error: AuthError }): ReactElement {
  const { getAccessToken } = useAuth();
  const { retryAt } = error;

  useEffect(() => {
    if (retryAt === undefined) return undefined;
    // The library tries again with the next request, and there may be none on this page.
    const timer = setTimeout(() => {
      // A failure is the next `error`.
      getAccessToken({ forceRefresh: true }).catch(() => {});
    }, retryAt - Date.now());
    return () => clearTimeout(timer);
  }, [getAccessToken, retryAt]);

  return (
    <p>The park is hard to reach just now. What you see may be a little old. {nextTryOf(error)}</p>
  );
}
