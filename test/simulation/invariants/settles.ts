import { nameOf } from "../network.js";
import type { World } from "../world.js";
import { callsWereTangled, isStray } from "./excuses.js";
import type { Invariant } from "./index.js";

/**
 * When all faults are over, a bounded time has passed and each tab has woken and made a request: no
 * tab is `loading`, each agrees with the cookie jar (signed in as the user of its session and able to
 * get that user's data, or signed out if it holds none), and no promise is left hanging.
 *
 * A tab may be signed out beside a good cookie only where it cannot know better: without storage, if
 * it missed a message, there is no channel, or a logout died with its tab; or if the cookie came with
 * a login that no page heard of.
 */
export const settles: Invariant = {
  name: "settles",
  atRest(world) {
    const { token } = world.network.jar;
    const isOver = !token || token.family.revokedBy !== undefined;
    for (const { page, pending, shows, lastAnswer } of world.tabs()) {
      const name = `tab ${page.name}`;
      const [hanging] = pending;
      if (hanging !== undefined) return `${name} never settles ${hanging}`;
      if (shows() === "loading") return `${name} is loading for ever`;
      if (shows() === "out") {
        const mayNotKnow = !world.variant.hasStorage && (page.hasMissedNews() || hasNoWord(world));
        if (isOver || mayNotKnow || isStray(token.family) || callsWereTangled(world, 0)) continue;
        return `${name} is signed out, and the jar holds ${nameOf(token)}`;
      }
      if (isOver) return `${name} shows ${shows()}, and the jar holds no session`;
      if (shows() !== token.family.user)
        return `${name} shows ${shows()}, and the jar holds ${nameOf(token)}`;
      if (lastAnswer() !== shows())
        return `${name} shows ${shows()}, and its request ended with ${lastAnswer()}`;
    }
    return undefined;
  },
};

/** Nobody can have told the tab. */
function hasNoWord({ variant, history }: World): boolean {
  return (
    !variant.hasChannel ||
    history.intents.some((each) => each.kind === "logout" && each.outcome === undefined)
  );
}
