import { createContext, useContext, type Context } from "react";
import { misuse } from "../core/misuse.js";
import type { Auth } from "../createAuth.js";

/** The nearest provider's `Auth`. */
export const AuthContext: Context<Auth | undefined> = createContext<Auth | undefined>(undefined);

/** The `Auth` of the nearest provider. */
export function useAuthContext(hook: string): Auth {
  const auth = useContext(AuthContext);
  if (!auth) throw misuse("no_provider", hook);
  return auth;
}
