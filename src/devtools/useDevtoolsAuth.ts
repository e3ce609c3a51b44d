"use client";

import { useContext } from "react";
import { misuse } from "../core/vocabulary/usageErrors.js";
import type { Auth } from "../index.js";
import { AuthContext } from "../react/context/AuthContext.js";

/**
 * The `Auth` given, else that of the nearest provider.
 *
 * @throws TypeError if there is neither.
 */
export function useDevtoolsAuth(given: Auth | undefined, component: string): Auth {
  const provided = useContext(AuthContext);
  const auth = given ?? provided;
  if (!auth) throw misuse("no_provider", component);
  return auth;
}
