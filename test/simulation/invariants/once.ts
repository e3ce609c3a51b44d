import { isSignedIn } from "../history.js";
import type { Invariant } from "./index.js";
import { reasonsToEnd } from "./reasons.js";

/**
 * `onLogout` is called once for each session that ends in a tab, in the step in which it ends, with
 * the right reason: `logout` in the tab that did it; `other-tab`, `switched` or `refused` if such a
 * thing has happened since the login. (Where two of them have, a tab that slept may name either.)
 *
 * A session that ended and began anew in one step is not seen, but told of.
 */
export const once: Invariant = {
  name: "once",
  afterStep(world) {
    const { changes, logouts } = world.history;
    if (changes.length === 0 && logouts.length === 0) return undefined;
    for (const tab of new Set([...changes, ...logouts].map((each) => each.tab))) {
      const ends = changes.filter((each) => each.tab === tab && isSignedIn(each.before));
      const told = logouts.filter((each) => each.tab === tab);
      const name = `tab ${tab.page.name}`;
      if (told.length < ends.length)
        return `${name} is not told of the end of ${ends[0]?.before}'s session`;
      if (told.length > Math.max(1, ends.length)) return `${name} is told ${told.length} times`;
      for (const [index, { reason }] of told.entries()) {
        const end = ends[index];
        const ended = end ? end.ended : world.history.familyOf(tab);
        const reasons = reasonsToEnd(world, tab, ended, end?.after);
        if (!reasons.has(reason)) {
          return `${name} is told "${reason}", and it was ${[...reasons].join(" or ") || "nothing"}`;
        }
      }
    }
    return undefined;
  },
};
