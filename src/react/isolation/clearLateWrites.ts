import type { QueryClient } from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { clearUserData, contentsOf, type Contents } from "./clearUserData.js";
import { clientsOf } from "./clientOwner.js";

/**
 * Components may write into the cache, save and send as they are unmounted, after the user's data were
 * cleared. Their writes are cleared too, but not those of the next user's tree. Their requests are
 * refused: they would be sent as the next user.
 *
 * @returns two functions, to be called before and after the effects of this user's tree are cleaned up.
 */
export function clearLateWrites(
  auth: Auth,
  whose: number,
): [before: () => void, after: () => void] {
  const { userKey, runAs, disposal } = internalsOf(auth);
  let kept: [QueryClient, Contents][] | undefined;
  /** A provider may stand in the tree of another. */
  let callerBefore: number | undefined;
  return [
    () => {
      if (kept || (userKey() === whose && !disposal.aborted)) return;
      kept = clientsOf(auth).map((client) => [client, contentsOf(client)]);
      callerBefore = runAs(whose);
    },
    () => {
      if (!kept) return;
      runAs(callerBefore);
      for (const [client, contents] of kept) clearUserData(client, contents);
      kept = undefined;
    },
  ];
}
