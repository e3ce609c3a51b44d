import type { QueryClient } from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { misuse } from "../../core/vocabulary/usageErrors.js";
import { watchMutations } from "./endMutation.js";
import { clearUserData, usersQueries } from "./clearUserData.js";
import { guardQueries } from "./guardQueries.js";
import { mayPass } from "../recovery/retryUnlessFinal.js";
import { reviveQueries } from "../recovery/reviveQueries.js";

/** The Auth that a client belongs to: the latest that came to watch over it. */
const owners = new WeakMap<QueryClient, Auth>();
const watched = new WeakMap<Auth, WeakRef<QueryClient>[]>();
/** The providers that are mounted. */
const providers = new Set<{ client: QueryClient; auth: Auth }>();
/** The clients that have ever had a provider. */
const provided = new WeakSet<QueryClient>();
export const isServer: boolean = typeof window === "undefined";

/**
 * From now on a client is emptied when a user's data has to go, its queries stop when the session is
 * refused, and are asked again when the same user comes back. May be done while rendering: what a
 * tree asks for that is suspended before it was ever mounted must be cleared too.
 *
 * @throws TypeError if a provider of another Auth has the client.
 */
export function watchClient(client: QueryClient, auth: Auth): void {
  const owner = owners.get(client);
  // On a server an Auth meets a client with each request, and nobody signs out.
  if (owner === auth || isServer) return;
  if (isOther(owner, auth) && isBound(client, owner)) throw misuse("client_taken");
  if (!owner) prepareClient(client);
  if (!watched.has(auth)) watchAuth(auth);
  owners.set(client, auth);
  watchOnly(auth, [...clientsOf(auth), client]);
}

/** Once for each client, whatever Auths it has in its life. */
function prepareClient(client: QueryClient): void {
  // May throw, and then has to be asked again.
  guardQueries(client);
  watchMutations(client, () => owners.get(client));
  client.getQueryCache().subscribe((event) => {
    const auth = owners.get(client);
    if (!auth || event.type !== "updated" || event.action.type !== "error") return;
    if (!mayPass(event.action.error)) return;
    // A query that runs again now would be taken for the one that has failed.
    queueMicrotask(() => reviveQueries(auth, () => clientsOf(auth), event.query));
  });
}

/** Notes that a provider of this Auth has the client. Returns what ends that. */
export function bindClient(client: QueryClient, auth: Auth): () => void {
  const provider = { client, auth };
  providers.add(provider);
  provided.add(client);
  return () => void providers.delete(provider);
}

/** Tells whether a client is that of a provider of this Auth. */
export function isBound(client: QueryClient, auth: Auth): boolean {
  return [...providers].some((each) => each.client === client && each.auth === auth);
}

/** Tells whether any provider has this Auth. */
export function isProvided(auth: Auth): boolean {
  return [...providers].some((each) => each.auth === auth);
}

/** Tells whether a client is another Auth's: that of its provider, or of the last one that is gone. */
export function isAnothers(client: QueryClient, auth: Auth): boolean {
  return provided.has(client) && isOther(owners.get(client), auth);
}

/**
 * Makes a client the Auth's, with all others that no provider of the former Auth has any more, and
 * clears what they hold. Called when all effects of the former tree are cleaned up.
 *
 * @param shown - the Auth that the provider had before.
 * @throws TypeError if a provider of another Auth has it too.
 */
export function takeClient(client: QueryClient, auth: Auth, shown: Auth): void {
  const former = shown === auth ? owners.get(client) : shown;
  if (isOther(former, auth)) {
    const clients = clientsOf(former);
    for (const each of clients) {
      if (isBound(each, former)) continue;
      clearUserData(each);
      watchClient(each, auth);
    }
    watchOnly(
      former,
      clients.filter((each) => owners.get(each) !== auth),
    );
  }
  watchClient(client, auth);
}

/** An Auth that was disposed of owns nothing. */
function isOther(owner: Auth | undefined, auth: Auth): owner is Auth {
  return !!owner && owner !== auth && !internalsOf(owner).disposal.aborted;
}

/** The clients that an Auth watches over. */
export function clientsOf(auth: Auth): QueryClient[] {
  return (watched.get(auth) ?? []).flatMap((ref) => ref.deref() ?? []);
}

/** Makes these all the clients that an Auth watches over, and keeps none of them alive. */
export function watchOnly(auth: Auth, clients: QueryClient[]): void {
  watched.set(
    auth,
    [...new Set(clients)].map((client) => new WeakRef(client)),
  );
}

function watchAuth(auth: Auth): void {
  const { onClearUserData, userKey, disposal } = internalsOf(auth);
  const clients = () => clientsOf(auth);
  const clear = () => clients().forEach((client) => clearUserData(client));
  onClearUserData(clear);
  disposal.addEventListener("abort", clear);

  let { isAuthenticated } = auth.getState();
  let lastSignedIn = isAuthenticated && userKey();
  auth.subscribe(() => {
    const wasSignedIn = isAuthenticated;
    ({ isAuthenticated } = auth.getState());
    // Nothing was cleared since: the same user goes on after a refusal.
    const isBack = !wasSignedIn && isAuthenticated && lastSignedIn === userKey();
    for (const client of clients()) {
      if (wasSignedIn && !isAuthenticated) void client.cancelQueries(usersQueries);
      if (isBack) void client.invalidateQueries(usersQueries);
    }
    if (isAuthenticated) lastSignedIn = userKey();
    reviveQueries(auth, clients);
  });
}
