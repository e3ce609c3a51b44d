import type { ReactElement, ReactNode } from "react";
import { Navigate, useLocation } from "react-router";
import { loginPath } from "../../../recipes/comeBack.js";
import { KeepsForms } from "../../../recipes/sessionExpired.js";
import { Opening } from "./Opening.js";

/**
 * Shows its children to a signed-in person only. A visitor is led to the login page, and from there
 * back; whose session has expired signs in above the page, and goes on with it.
 */
export function SignedIn({ children }: { children: ReactNode }): ReactElement {
  return (
    <KeepsForms pending={<Opening />} login={<ToLogin />}>
      {children}
    </KeepsForms>
  );
}

function ToLogin(): ReactElement {
  return <Navigate to={loginPath(useLocation())} replace />;
}
