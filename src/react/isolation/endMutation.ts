import type { Mutation, MutationObserver, QueryClient } from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { isolateErrors } from "../../core/platform/isolateErrors.js";
import type { Identity } from "../../core/token/identity.js";
import { AuthError, reasonOf } from "../../core/vocabulary/errors.js";
import { isOwner, ownerOf } from "../persistence/dataOwner.js";

const endings = new WeakMap<Mutation, () => void>();

/**
 * Ends and removes a mutation of a user whose session has ended. Its promise rejects with
 * `session_ended` at once. Neither its callbacks nor the cache's are called any more.
 */
export function endMutation(mutation: Mutation): void {
  endings.get(mutation)?.();
}

/**
 * Makes it possible to end the mutations of a client: those that are there and those that will be.
 *
 * @param owner - tells which Auth the client belongs to, which may change.
 */
export function watchMutations(client: QueryClient, owner: () => Auth | undefined): void {
  const cache = client.getMutationCache();
  for (const mutation of cache.getAll()) makeEndable(mutation, client, owner);
  cache.subscribe(({ type, mutation }) => {
    if (type === "added") makeEndable(mutation, client, owner);
  });
}

/** Names in the `meta` of a stored mutation whose it is: it is resumed for the same user only. */
const ownerField = "react-authed-query";

/**
 * TanStack Query cannot cancel a mutation, but before each step (a retry, the next callback, those of
 * the cache) it waits for what the app's own function returns. Once the mutation has ended, for ever.
 */
function makeEndable(mutation: Mutation, client: QueryClient, owner: () => Auth | undefined): void {
  let hasEnded = false;
  /** Stops the next step of an ended mutation: by an error if its promise is not yet ours. */
  let stop = (): Promise<never> => Promise.reject(new AuthError("session_ended"));
  let reject: (error: AuthError) => void = () => {};
  let observer: MutationObserver | undefined;
  const execute = mutation.execute.bind(mutation);
  const setOptions = mutation.setOptions.bind(mutation);
  const addObserver = mutation.addObserver.bind(mutation);

  endings.set(mutation, () => {
    hasEnded = true;
    reject(new AuthError("session_ended"));
    // Caches and observers call subscribers: user code.
    isolateErrors(() => client.getMutationCache().remove(mutation))();
    // A hook above the provider, which is not unmounted, would show its data, or wait for ever.
    isolateErrors(() => observer?.reset())();
  });

  mutation.addObserver = (added) => {
    observer = added;
    addObserver(added);
  };
  Object.defineProperty(mutation, "meta", {
    get: () => {
      const auth = owner();
      return { [ownerField]: auth && ownerOf(auth), ...mutation.options.meta };
    },
  });
  mutation.execute = (variables) =>
    new Promise((resolve, onEnd) => {
      reject = onEnd;
      stop = () => new Promise(() => {});
      const run = () => void execute(variables).then(resolve, onEnd);
      // An earlier page stored it, perhaps another user's. The field is ours, so its type is known.
      const storedOwner = mutation.options.meta?.[ownerField] as Identity | undefined;
      const auth = owner();
      if (auth && storedOwner) {
        void isOwner(auth, storedOwner).then((isOwn) => (isOwn ? run() : endMutation(mutation)));
      } else {
        run();
      }
    });
  mutation.setOptions = (options) => {
    const held = Object.entries(options).map(([name, value]) => [
      name,
      value && /^(mutationFn|on)/.test(name) ? untilEnd(value) : value,
    ]);
    setOptions(Object.fromEntries(held));
  };
  mutation.setOptions(mutation.options);

  function untilEnd(userCode: (...given: unknown[]) => unknown) {
    return async (...given: unknown[]) => {
      try {
        return hasEnded ? undefined : await userCode(...given);
      } catch (error) {
        // Asked by a timer of a former user's tree, say.
        if (reasonOf(error)?.code === "session_ended") endMutation(mutation);
        throw error;
      } finally {
        if (hasEnded) await stop();
      }
    };
  }
}
