import { useAuth } from "react-authed-query";
import type { ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { Opening } from "./Opening.js";

/** Shows its children to a signed-in person only, and remembers where a visitor wanted to go. */
export function SignedIn({ children }: { children: ReactNode }): ReactNode {
  const { status } = useAuth();
  const { pathname, search, hash } = useLocation();
  if (status === "loading") return <Opening />;
  if (status === "unauthenticated") {
    return <Navigate to="/login" replace state={{ from: pathname + search + hash }} />;
  }
  return children;
}
