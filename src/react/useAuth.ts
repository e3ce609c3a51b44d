import { useMemo, useSyncExternalStore } from "react";
import { loadingState, type AuthState } from "../core/session.js";
import type { Auth } from "../createAuth.js";
import { useAuthContext } from "./AuthContext.js";

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
  const state = useSyncExternalStore(auth.subscribe, auth.getState, () => loadingState);
  return useMemo(() => ({ ...auth, ...state }), [auth, state]);
}
