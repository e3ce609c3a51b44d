import type { DehydratedState } from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { isolateErrors } from "../../core/platform/isolateErrors.js";
import type { Identity } from "../../core/token/identity.js";
import { isOwner, ownerOf } from "./dataOwner.js";

/** The content that `@tanstack/query-persist-client-core` stores. */
export interface PersistedClient {
  /** When it was stored. */
  timestamp: number;
  /** The version of the app that stored it. */
  buster: string;
  /** The queries and mutations. */
  clientState: DehydratedState;
}

/** A persister of `@tanstack/query-persist-client-core`. */
export interface Persister {
  /** Stores the client. */
  persistClient(client: PersistedClient): void | PromiseLike<void>;
  /** The stored content; `undefined` if there is none. */
  restoreClient(): PersistedClient | undefined | PromiseLike<PersistedClient | undefined>;
  /** Removes what was stored. */
  removeClient(): void | PromiseLike<void>;
}

/** Names the user whose data it holds. A persister keeps fields that it does not know. */
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
  const { userKey } = internalsOf(auth);
  /** The user whose data are stored, or may be once the session is known. */
  const holder = () => auth.getState().status !== "unauthenticated" && userKey();
  let whose = holder();

  auth.subscribe(() => {
    if (whose !== false && whose !== holder()) removeClient();
    whose = holder();
  });

  function removeClient(): void {
    // A persister that waits before it writes still holds the user's: let it write this instead.
    isolateErrors(() =>
      persister.persistClient({ timestamp: 0, buster: "", clientState: nothing }),
    )();
    isolateErrors(() => persister.removeClient())();
  }

  return {
    persistClient(client) {
      // While the caches are being emptied, the state is one user's and the data still another's.
      if (!auth.getState().isAuthenticated || whose !== userKey()) return undefined;
      const owned: OwnedClient = { ...client, owner: ownerOf(auth) };
      return persister.persistClient(owned);
    },
    async restoreClient() {
      const stored: OwnedClient | undefined = await persister.restoreClient();
      const isTheirs = await isOwner(auth, stored?.owner);
      if (!stored) return undefined;
      const { owner: _, ...client } = stored;
      if (isTheirs) {
        const asked = userKey();
        // Read when the cache takes it in: a little later, when it may be another's already.
        return {
          ...client,
          get clientState() {
            return userKey() === asked ? client.clientState : nothing;
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
