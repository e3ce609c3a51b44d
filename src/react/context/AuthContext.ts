"use client";

import { createContext, useContext, useSyncExternalStore, type Context } from "react";
import type { Auth } from "../../auth.js";
import { isProviderOfAnotherCopy } from "../../core/dev/auths/knownAuths.js";
import { loadingState, type AuthState } from "../../core/session/authState.js";
import { misuse } from "../../core/vocabulary/usageErrors.js";

/** The nearest provider's `Auth`. */
export const AuthContext: Context<Auth | undefined> = createContext<Auth | undefined>(undefined);

/** The `Auth` of the nearest provider. */
export function useAuthContext(hook: string): Auth {
  const auth = useContext(AuthContext);
  if (!auth) {
    if (process.env.NODE_ENV !== "production" && isProviderOfAnotherCopy()) {
      throw misuse("two_copies", hook);
    }
    throw misuse("no_provider", hook);
  }
  return auth;
}

/** The state, rendered anew when it changes; on the server and while hydrating that of the start. */
export function useAuthState({ subscribe, getState }: Auth): AuthState {
  return useSyncExternalStore(subscribe, getState, () => loadingState);
}
