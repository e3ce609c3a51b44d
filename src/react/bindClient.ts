import { QueryClient } from "@tanstack/react-query";
import { forgettingOf } from "../core/forgetting.js";
import { misuse } from "../core/misuse.js";
import type { Auth } from "../createAuth.js";
import { watchMutations } from "./endMutation.js";
import { forgetQueries, usersQueries } from "./forgetQueries.js";
import { refusePersisters } from "./refusePersister.js";
import { reviveQueries } from "./reviveQueries.js";

const owners = new WeakMap<QueryClient, Auth>();
const watched = new WeakMap<Auth, Set<WeakRef<QueryClient>>>();
const owns = new WeakMap<Auth, QueryClient>();
const isServer = typeof window === "undefined";

/** @throws TypeError if the client belongs to another Auth, unless that was disposed of. */
export function assertFree(client: QueryClient, auth: Auth): void {
  const owner = owners.get(client);
  if (owner && owner !== auth && !forgettingOf(owner).disposal.aborted) {
    throw misuse("client_taken");
  }
}

/**
 * Makes a client the Auth's for good.
 *
 * @returns `false` if it was the Auth's already.
 */
export function bindClient(client: QueryClient, auth: Auth): boolean {
  if (owners.get(client) === auth) return false;
  assertFree(client, auth);
  watchClient(client, auth);
  owners.set(client, auth);
  return true;
}

/**
 * From now on a client is emptied when a user's data has to go, its queries stop when the session is
 * refused, and are asked again when the same user comes back. May be done while rendering: what a
 * tree asks for that is suspended before it was ever mounted must be forgotten too.
 */
export function watchClient(client: QueryClient, auth: Auth): void {
  // On a server an Auth meets a client with each request, and nobody signs out.
  if (isServer || owners.get(client) === auth) return;
  let refs = watched.get(auth);
  if (!refs) {
    watched.set(auth, (refs = new Set()));
    watchAuth(auth);
  }
  if (clientsOf(auth).includes(client)) return;
  refs.add(new WeakRef(client));
  watchMutations(client);
  refusePersisters(client);
}

/** The clients that an Auth watches over, and keeps none of them alive. */
export function clientsOf(auth: Auth): QueryClient[] {
  const clients: QueryClient[] = [];
  for (const ref of watched.get(auth) ?? []) {
    const client = ref.deref();
    if (client) clients.push(client);
    else watched.get(auth)?.delete(ref);
  }
  return clients;
}

/**
 * The client of providers that are given none. The same for each of them, since React throws a first
 * render away that suspends, with all that it made. But on a server the requests must not meet.
 */
export function ownClientOf(auth: Auth): QueryClient {
  const client = owns.get(auth) ?? new QueryClient();
  if (!isServer) owns.set(auth, client);
  return client;
}

function watchAuth(auth: Auth): void {
  const { onForget, person, disposal } = forgettingOf(auth);
  const forget = () => clientsOf(auth).forEach((client) => forgetQueries(client));
  onForget(forget);
  disposal.addEventListener("abort", forget);

  let { isAuthenticated } = auth.getState();
  let lastSignedIn = isAuthenticated && person();
  auth.subscribe(() => {
    if (auth.getState().isAuthenticated === isAuthenticated) return;
    isAuthenticated = !isAuthenticated;
    // Nothing was forgotten since: the same user goes on after a refusal.
    const isBack = lastSignedIn === person();
    for (const client of clientsOf(auth)) {
      if (!isAuthenticated) void client.cancelQueries(usersQueries);
      else if (isBack) void client.invalidateQueries(usersQueries);
    }
    if (isAuthenticated) lastSignedIn = person();
  });
  reviveQueries(auth, () => clientsOf(auth));
}
