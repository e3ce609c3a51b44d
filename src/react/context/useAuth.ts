"use client";

import { useMemo, useState } from "react";
import type { Auth } from "../../auth.js";
import type { AuthState } from "../../core/session/authState.js";
import { asCaller } from "../request/asCaller.js";
import { useAuthContext, useAuthState } from "./AuthContext.js";

/**
 * The state of the session and the members of {@link Auth}. `api`, `fetch`, `getAccessToken` and `setUser`
 * are bound to the user for whom the component is rendered, as the instance of `useApi()` is.
 */
export type UseAuthResult = AuthState & Auth;

/**
 * Reads the session. Renders again on a change of status, user or error, never on a rotation of the
 * token. The verbs are stable as long as the user is the same.
 *
 * @throws Error without an `<AuthProvider>` above.
 */
export function useAuth(): UseAuthResult {
  const auth = useAuthContext("useAuth");
  const state = useAuthState(auth);
  // A closure may outlive the session of the user for whom it was made.
  const [own] = useState(() => {
    const { api, fetch, getAccessToken, setUser } = auth;
    return { ...asCaller(auth, { api, fetch, getAccessToken, setUser }) };
  });
  return useMemo(() => ({ ...auth, ...own, ...state }), [auth, own, state]);
}
