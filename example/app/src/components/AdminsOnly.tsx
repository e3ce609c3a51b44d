import { RequireAuth } from "react-authed-query";
import type { ReactElement, ReactNode } from "react";
import { DeniedPage } from "../pages/DeniedPage.js";
import { isAdmin } from "./usePerson.js";

/**
 * Stands inside `SignedIn`, which shows what there is to see while nobody is signed in. What an admin
 * may do, the server decides at each request.
 */
export function AdminsOnly({ children }: { children: ReactNode }): ReactElement {
  return (
    <RequireAuth pending={null} fallback={null} check={isAdmin} denied={<DeniedPage />} keepExpired>
      {children}
    </RequireAuth>
  );
}
