import axios, { type AxiosInstance } from "axios";
import { attachAuth } from "./authedAxios.js";
import { createAuthedFetch, type AuthedFetch } from "./authedFetch.js";
import type { ClientAuth } from "./clientAuth.js";

/** The clients of an Auth, of axios and of `fetch`. */
export interface Clients {
  readonly api: AxiosInstance;
  readonly authedFetch: AuthedFetch;
  /** Gives the app's axios instance back as it was. */
  detach(): void;
}

/**
 * @param given - the app's axios instance; one of our own if `undefined`.
 * @param baseURL - given to the app's instance if it has none.
 */
export function createClients(
  auth: ClientAuth,
  given: AxiosInstance | undefined,
  baseURL: string | undefined,
): Clients {
  const api = given ?? axios.create({ baseURL: auth.origins.baseURL });
  const detach = attachAuth(api, auth, baseURL);
  return { api, authedFetch: createAuthedFetch(auth), detach };
}
