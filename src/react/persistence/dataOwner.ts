import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { isSamePerson, type Identity } from "../../core/token/identity.js";

/** The user whose data are stored now, by ids alone: the content would tell all about them. */
export function ownerOf(auth: Auth): Identity {
  const { content: _, ...owner } = internalsOf(auth).identity() ?? {};
  return owner;
}

/** Whether stored data are the user's. Waits until it is known who that is. */
export async function isOwner(auth: Auth, owner: Identity | undefined): Promise<boolean> {
  const { identity, disposal } = internalsOf(auth);
  // Each fails with an attempt that got no answer; another follows.
  while (auth.getState().isLoading && !disposal.aborted) await auth.ready().catch(() => {});
  return auth.getState().isAuthenticated && isSamePerson(owner ?? {}, identity() ?? {}, true);
}
