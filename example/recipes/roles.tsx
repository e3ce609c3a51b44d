import { RequireAuth, useAuth, type User } from "react-authed-query";
import type { ReactElement, ReactNode } from "react";

/**
 * What a user may do, as the backend's tokens or profile say. With `interface Register { user: … }`
 * the field is typed, and this is one expression.
 *
 * It decides what is *shown*. What may be *done* the server decides, for each request.
 */
function hasRole(user: User | null, role: string): boolean {
  const roles: unknown = user?.["roles"];
  return Array.isArray(roles) && roles.includes(role);
}

/** A part of the app for one role. */
export function ForRole(props: {
  of: string;
  login: ReactNode;
  children: ReactNode;
}): ReactElement {
  return (
    <RequireAuth
      pending={<p>One moment …</p>}
      fallback={props.login}
      check={(user) => hasRole(user, props.of)}
      denied={<p>This page is for others. Ask for the role “{props.of}”.</p>}
    >
      {props.children}
    </RequireAuth>
  );
}

/** A button among others, for one role. */
export function CloseRide({ onClose }: { onClose: () => void }): ReactNode {
  const { user } = useAuth();
  return hasRole(user, "keeper") && <button onClick={onClose}>Close the ride</button>;
}
