import type { QueryClient } from "@tanstack/react-query";
import { internalsOf } from "../authInternals.js";
import { misuse } from "../core/vocabulary/usageErrors.js";
import type { Auth } from "../auth.js";
import { watchMutations } from "./endMutation.js";
import { forgetQueries, usersQueries } from "./forgetQueries.js";
import { refusePersisters } from "./refusePersister.js";
import { mayPass } from "./retryUnlessFinal.js";
import { reviveQueries } from "./reviveQueries.js";

const owners = new WeakMap<QueryClient, Auth>();
const watched = new WeakMap<Auth, WeakRef<QueryClient>[]>();
export const isServer: boolean = typeof window === "undefined";

/**
 * From now on a client is emptied when a user's data has to go, its queries stop when the session is
 * refused, and are asked again when the same user comes back. May be done while rendering: what a
 * tree asks for that is suspended before it was ever mounted must be forgotten too.
 *
 * @throws TypeError if the client belongs to another Auth, unless that was disposed of.
 */
export function watchClient(client: QueryClient, auth: Auth): void {
  const owner = owners.get(client);
  if (owner && owner !== auth && !internalsOf(owner).disposal.aborted) {
    throw misuse("client_taken");
  }
  // On a server an Auth meets a client with each request, and nobody signs out.
  if (isServer || clientsOf(auth).includes(client)) return;
  // May throw, and then has to be asked again.
  refusePersisters(client);
  if (!watched.has(auth)) watchAuth(auth);
  watched.set(
    auth,
    [...clientsOf(auth), client].map((each) => new WeakRef(each)),
  );
  watchMutations(client);
  client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "error" || !mayPass(event.action.error)) {
      return;
    }
    // What is run again now would be taken for what has failed.
    queueMicrotask(() => reviveQueries(auth, () => clientsOf(auth), event.query));
  });
}

/** Makes a client the Auth's for good: that of a provider. */
export function bindClient(client: QueryClient, auth: Auth): void {
  watchClient(client, auth);
  owners.set(client, auth);
}

/** Tells whether a client is that of a provider of this Auth. */
export function isBound(client: QueryClient, auth: Auth): boolean {
  return owners.get(client) === auth;
}

/** The clients that an Auth watches over, and keeps none of them alive. */
export function clientsOf(auth: Auth): QueryClient[] {
  return (watched.get(auth) ?? []).flatMap((ref) => ref.deref() ?? []);
}

function watchAuth(auth: Auth): void {
  const { onClearUserData, userKey, disposal } = internalsOf(auth);
  const clients = () => clientsOf(auth);
  const forget = () => clients().forEach((client) => forgetQueries(client));
  onClearUserData(forget);
  disposal.addEventListener("abort", forget);

  let { isAuthenticated } = auth.getState();
  let lastSignedIn = isAuthenticated && userKey();
  auth.subscribe(() => {
    const wasSignedIn = isAuthenticated;
    ({ isAuthenticated } = auth.getState());
    // Nothing was forgotten since: the same user goes on after a refusal.
    const isBack = !wasSignedIn && isAuthenticated && lastSignedIn === userKey();
    for (const client of clients()) {
      if (wasSignedIn && !isAuthenticated) void client.cancelQueries(usersQueries);
      if (isBack) void client.invalidateQueries(usersQueries);
    }
    if (isAuthenticated) lastSignedIn = userKey();
    reviveQueries(auth, clients);
  });
}
