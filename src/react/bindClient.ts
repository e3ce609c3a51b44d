import type { QueryClient } from "@tanstack/react-query";
import { forgettingOf } from "../core/forgetting.js";
import { misuse } from "../core/misuse.js";
import type { Auth } from "../createAuth.js";
import { forgetQueries, usersQueries } from "./forgetQueries.js";

const owners = new WeakMap<QueryClient, Auth>();

/** @throws TypeError if the client belongs to another Auth, unless that was disposed of. */
export function assertFree(client: QueryClient, auth: Auth): void {
  const owner = owners.get(client);
  if (owner && owner !== auth && !forgettingOf(owner).disposal.aborted) {
    throw misuse("client_taken");
  }
}

/**
 * Makes a client the Auth's for good: it is emptied when a user's data has to go, its queries stop
 * when the session is refused, and are asked again when the same user comes back.
 *
 * @returns `false` if it was the Auth's already.
 */
export function bindClient(client: QueryClient, auth: Auth): boolean {
  if (owners.get(client) === auth) return false;
  assertFree(client, auth);
  owners.set(client, auth);
  const { onForget, person, disposal } = forgettingOf(auth);
  const forget = () => forgetQueries(client);
  onForget(forget);
  disposal.addEventListener("abort", forget);

  let { isAuthenticated } = auth.getState();
  let lastSignedIn = isAuthenticated && person();
  auth.subscribe(() => {
    if (auth.getState().isAuthenticated === isAuthenticated) return;
    isAuthenticated = !isAuthenticated;
    if (!isAuthenticated) {
      void client.cancelQueries(usersQueries);
      return;
    }
    // Nothing was forgotten since: the same user goes on after a refusal.
    if (lastSignedIn === person()) void client.invalidateQueries(usersQueries);
    lastSignedIn = person();
  });
  return true;
}
