"use client";

import { useState, type ReactElement, type ReactNode } from "react";
import type { AuthError } from "../../core/vocabulary/errors.js";
import type { User } from "../../core/vocabulary/user.js";
import { useAuthContext, useAuthState } from "./AuthContext.js";

/** The props of `<RequireAuth>`. */
export interface RequireAuthProps {
  /** Shown while the session is loading; as a function it is told why that takes long. */
  pending: ReactNode | ((error: AuthError | null, retry: () => void) => ReactNode);
  /** Shown while nobody is signed in: a login form, or what navigates to one. */
  fallback: ReactNode;
  /** Whether this user may see the children; anyone signed in if omitted. Not asked of an unknown user. */
  check?: (user: User) => boolean;
  /** Shown when `check` says no; nothing if omitted. */
  denied?: ReactNode;
  /** Keeps the children mounted under the `fallback` after a refusal, for the same user to go on. */
  keepExpired?: boolean;
  /** Shown to a signed-in user. */
  children?: ReactNode;
}

/**
 * Shows its children to a signed-in user only. Knows no router. It is a convenience of the interface:
 * what may be seen is for the server to decide.
 *
 * @throws Error without an `<AuthProvider>` above.
 */
export function RequireAuth(props: RequireAuthProps): ReactElement {
  const { pending, fallback, check, denied, keepExpired, children } = props;
  const auth = useAuthContext("RequireAuth");
  const { isLoading, isAuthenticated, user, error } = useAuthState(auth);
  // Only a refusal leaves this mounted: after any other end it starts anew, and has shown nothing.
  const [wasShown, setWasShown] = useState(false);

  const isAllowed = isAuthenticated && (!check || (user !== null && check(user)));
  if (isAuthenticated && isAllowed !== wasShown) setWasShown(isAllowed);
  const isKept = keepExpired === true && wasShown && !isAuthenticated;

  let instead: ReactNode = null;
  if (isLoading) {
    const retry = () => void auth.restore().catch(() => {});
    instead = typeof pending === "function" ? pending(error, retry) : pending;
  } else if (!isAuthenticated) instead = fallback;
  else if (!isAllowed) instead = denied;

  return (
    <>
      {isAllowed || isKept ? children : null}
      {instead}
    </>
  );
}
