"use client";

import { useMemo, useState } from "react";
import type { AuthState } from "../core/session/authState.js";
import type { Auth } from "../auth.js";
import { asCaller } from "./asCaller.js";
import { useAuthContext, useAuthState } from "./AuthContext.js";

/** The state of the session and the verbs of {@link Auth}. */
export type UseAuthResult = AuthState & Auth;

/**
 * Reads the session. Renders again on a change of status, user or error, never on a rotation of the
 * token. The verbs are stable.
 *
 * @throws Error without an `<AuthProvider>` above.
 */
export function useAuth(): UseAuthResult {
  const auth = useAuthContext("useAuth");
  const state = useAuthState(auth);
  // A closure may outlive the session of the user whose profile it edits.
  const [setUser] = useState(() => asCaller(auth, auth.setUser));
  return useMemo(() => ({ ...auth, setUser, ...state }), [auth, setUser, state]);
}
