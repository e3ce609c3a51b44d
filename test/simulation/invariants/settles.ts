import { nameOf } from "../network.js";
import type { Page } from "../page.js";
import type { Family } from "../server.js";
import type { World } from "../world.js";
import {
  hasNoWord,
  hasOverlapped,
  isIsolated,
  isStored,
  isUnheard,
  wasDenied,
  wasMisled,
} from "./allowedDeviations.js";
import type { Invariant } from "./index.js";

/**
 * When all faults are over, a bounded time has passed and each tab has woken and made a request: no
 * tab is `loading`, each agrees with the cookie jar (signed in as the user of its session and able to
 * get that user's data, or signed out if it holds none), and no promise is left hanging.
 *
 * A tab may be signed out beside a good cookie only where it cannot know better:
 *
 * - the storage lost what was in it: a new page takes what it finds there for the truth;
 * - without storage it missed a message, there is no channel, or a logout died with its tab;
 * - the cookie came with a login that no page heard of;
 * - a call of that session was on the wire together with another that nobody could make wait: it may have
 *   been refused, or its cookie may have come after a logout;
 * - something before the server refused the session, which the server knows nothing of, or answered its
 *   restoration with 404;
 * - it has `tabs: false`, so it does not know of a login elsewhere, nor the others of its own.
 */
export const settles: Invariant = {
  name: "settles",
  atRest(world) {
    const { token } = world.network.jar;
    const lastRoundAt = world.lastRoundAt();
    const isOver = !token || token.family.revokedBy !== undefined;
    for (const { page, pending, shows, lastAnswer } of world.tabs()) {
      const name = `tab ${page.name}`;
      const [hanging] = pending;
      if (hanging !== undefined) return `${name} never settles ${hanging}`;
      if (shows() === "loading") return `${name} is loading for ever`;
      if (shows() === "out") {
        if (isOver) continue;
        const { family } = token;
        const isKnown = isStored(world, family.login?.endedAt ?? 0);
        const mayNotKnow = !isKnown && (world.variant.hasStorage || hasNoWord(world, page));
        if (mayNotKnow || isUnheard(world, family) || hasOverlapped(world, family)) continue;
        if (
          wasDenied(world, family) ||
          wasMisled(world, page) ||
          isOfIsolatedTab(world, page, family)
        )
          continue;
        return `${name} is signed out, and the jar holds ${nameOf(token)}`;
      }
      // Two tabs that could not wait for each other have just spent one cookie: its next request tells.
      const { stolenAt = 0 } = token?.family ?? {};
      if (isOver && token && hasOverlapped(world, token.family) && stolenAt >= lastRoundAt)
        continue;
      if (isOver) return `${name} shows ${shows()}, and the jar holds no session`;
      if (shows() !== token.family.user)
        return `${name} shows ${shows()}, and the jar holds ${nameOf(token)}`;
      if (lastAnswer() !== shows())
        return `${name} shows ${shows()}, and its request ended with ${lastAnswer()}`;
    }
    return undefined;
  },
};

function isOfIsolatedTab(world: World, page: Page, { login }: Family): boolean {
  return isIsolated(world, page) || (login !== undefined && isIsolated(world, login.page));
}
