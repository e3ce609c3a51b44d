"use client";

import type { AxiosInstance } from "axios";
import { useAuthContext } from "./AuthContext.js";

/**
 * The axios instance that adds the token, refreshes and replays: `auth.api`.
 *
 * @throws Error without an `<AuthProvider>` above.
 */
export function useApi(): AxiosInstance {
  return useAuthContext("useApi").api;
}
