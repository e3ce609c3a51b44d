import { useAuth } from "react-authed-query";
import type { ReactElement, ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { Wheel } from "./Wheel.js";

/** Shows its children to a signed-in person only, and remembers where a visitor wanted to go. */
export function SignedIn({ children }: { children: ReactNode }): ReactNode {
  const { status, error } = useAuth();
  const { pathname, search, hash } = useLocation();
  if (status === "loading") return <Opening isUnreachable={error !== null} />;
  if (status === "unauthenticated") {
    return <Navigate to="/login" replace state={{ from: pathname + search + hash }} />;
  }
  return children;
}

/** Neither the app nor the login page: nobody knows yet which it will be. */
function Opening({ isUnreachable }: { isUnreachable: boolean }): ReactElement {
  return (
    <main className="opening" aria-busy="true">
      <Wheel />
      <p role="status">
        {isUnreachable ? "We cannot reach the park. We keep trying." : "Opening the gates …"}
      </p>
    </main>
  );
}
