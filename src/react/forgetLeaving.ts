import type { QueryClient } from "@tanstack/react-query";
import { forgettingOf } from "../core/forgetting.js";
import type { Auth } from "../createAuth.js";
import { clientsOf } from "./bindClient.js";
import { contentsOf, forgetQueries, type Contents } from "./forgetQueries.js";

/**
 * What components write and save as they are unmounted comes after all was forgotten: it is forgotten
 * too. What the next user's tree has brought along by then stays.
 *
 * @returns What to do before and after the effects of this person's tree are cleaned up.
 */
export function forgetLeaving(auth: Auth, whose: string): [before: () => void, after: () => void] {
  const { person, disposal } = forgettingOf(auth);
  let kept: [QueryClient, Contents][] = [];
  return [
    () => {
      if (person() === whose && !disposal.aborted) return;
      kept = clientsOf(auth).map((client) => [client, contentsOf(client)]);
    },
    () => {
      for (const [client, contents] of kept) forgetQueries(client, contents);
      kept = [];
    },
  ];
}
