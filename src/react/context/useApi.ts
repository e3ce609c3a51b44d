"use client";

import type { AxiosInstance } from "axios";
import { useState } from "react";
import { asCaller } from "../request/asCaller.js";
import { useAuthContext } from "./AuthContext.js";

/**
 * The axios instance that adds the token, refreshes and replays: `auth.api`, bound to the user for
 * whom the component is rendered. Timers and closures may outlive that user's session: what they ask
 * after a logout or a switch of user is not sent (`ERR_CANCELED`, its `cause` says `session_ended`).
 * A visitor's goes on as the user who signs in. The same instance for the same user.
 *
 * @throws Error without an `<AuthProvider>` above.
 */
export function useApi(): AxiosInstance {
  const auth = useAuthContext("useApi");
  // The provider remounts its tree for another user, and for another Auth.
  const [api] = useState(() => asCaller(auth, auth.api));
  return api;
}
