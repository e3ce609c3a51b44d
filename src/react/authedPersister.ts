import type { DehydratedState } from "@tanstack/react-query";
import { guarded } from "../core/platform/listeners.js";
import { forgettingOf } from "../core/forgetting.js";
import type { Identity } from "../core/token/identity.js";
import type { Auth } from "../createAuth.js";
import { isOwner, ownerOf } from "./owner.js";

/** What `@tanstack/query-persist-client-core` stores. */
export interface PersistedClient {
  timestamp: number;
  buster: string;
  clientState: DehydratedState;
}

/** A persister of `@tanstack/query-persist-client-core`. */
export interface Persister {
  persistClient(client: PersistedClient): void | PromiseLike<void>;
  restoreClient(): PersistedClient | undefined | PromiseLike<PersistedClient | undefined>;
  removeClient(): void | PromiseLike<void>;
}

/** With whose data it is. A persister keeps what it does not know. */
interface OwnedClient extends PersistedClient {
  owner?: Identity;
}

/**
 * Binds a persister to the session: stores while someone is signed in, with whose data it is; removes
 * that when the session ends, refused or not; and restores only for the same user, so it waits for
 * the session. A user whom neither profile nor claims name gets nothing restored. It follows the
 * session for good: make it once, beside the Auth.
 *
 * ```tsx
 * const persistOptions = { persister: authedPersister(auth, persister) };
 *
 * <PersistQueryClientProvider client={queryClient} persistOptions={persistOptions}>
 * ```
 */
export function authedPersister(auth: Auth, persister: Persister): Persister {
  const { person } = forgettingOf(auth);
  /** Whose data are stored, or may be once the session is known. */
  const holder = () => auth.getState().status !== "unauthenticated" && person();
  let whose = holder();

  auth.subscribe(() => {
    if (whose !== false && whose !== holder()) removeClient();
    whose = holder();
  });

  function removeClient(): void {
    // A persister that waits before it writes still holds the user's: let it write this instead.
    guarded(() => persister.persistClient({ timestamp: 0, buster: "", clientState: nothing }))();
    guarded(() => persister.removeClient())();
  }

  return {
    persistClient(client) {
      // While the caches are being emptied, the state is one user's and the data still another's.
      if (!auth.getState().isAuthenticated || whose !== person()) return undefined;
      const owned: OwnedClient = { ...client, owner: ownerOf(auth) };
      return persister.persistClient(owned);
    },
    async restoreClient() {
      const stored: OwnedClient | undefined = await persister.restoreClient();
      const isTheirs = await isOwner(auth, stored?.owner);
      if (!stored) return undefined;
      const { owner: _, ...client } = stored;
      if (isTheirs) {
        const asked = person();
        // Read when the cache takes it in: a little later, when it may be another's already.
        return {
          ...client,
          get clientState() {
            return person() === asked ? client.clientState : nothing;
          },
        };
      }
      removeClient();
      return undefined;
    },
    removeClient,
  };
}

const nothing: DehydratedState = { queries: [], mutations: [] };
