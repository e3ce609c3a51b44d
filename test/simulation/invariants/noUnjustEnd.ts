import { isSignedIn } from "../history.js";
import { wasMisled } from "./allowedDeviations.js";
import type { Invariant } from "./index.js";
import { reasonsToEnd } from "./reasons.js";

/**
 * Nobody is signed out, and no visitor is shown as one, but for a reason: the server refused because
 * the session is over there, or answered a restoration with 404; someone signed out, in whatever tab; or
 * another user signed in.
 *
 * "The session is over there" is judged by the server's own book, so a refusal that the tabs brought
 * about by sending calls in the wrong order is no reason.
 */
export const noUnjustEnd: Invariant = {
  name: "no unjust end",
  afterStep(world) {
    for (const { tab, before, after, ended } of world.history.changes) {
      if (before === "out" || (before === "loading" && after !== "out")) continue;
      if (before === "loading" && wasMisled(world, tab.page)) continue;
      if (reasonsToEnd(world, tab, ended, after).size === 0) {
        const what = isSignedIn(before)
          ? `${before}'s session ends`
          : "the restoration ends signed out";
        return `tab ${tab.page.name}: ${what} (now ${after}), and nobody wanted it`;
      }
    }
    return undefined;
  },
};
