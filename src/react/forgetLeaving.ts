import type { QueryClient } from "@tanstack/react-query";
import { internalsOf } from "../authInternals.js";
import type { Auth } from "../auth.js";
import { clientsOf } from "./bindClient.js";
import { contentsOf, forgetQueries, type Contents } from "./forgetQueries.js";

/**
 * What components write, save and send as they are unmounted comes after all was forgotten. What they
 * write is forgotten too, without what the next user's tree has brought along by then. What they send
 * is refused: it would be sent as the next user.
 *
 * @returns What to do before and after the effects of this user's tree are cleaned up.
 */
export function forgetLeaving(auth: Auth, whose: number): [before: () => void, after: () => void] {
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
      for (const [client, contents] of kept) forgetQueries(client, contents);
      kept = undefined;
    },
  ];
}
