import type { Intent } from "../history.js";
import type { World } from "../world.js";
import { isIsolated, isStored, isUnheard, sleptThrough } from "./allowedDeviations.js";
import type { Invariant } from "./index.js";

/**
 * No request that is sent carries the token of a session that has ended.
 *
 * With storage it has ended for all tabs in the step in which `logout()` was called (of sessions whose
 * login was called before), or in which a tab began to show another user (not by the answer to a
 * refresh that was sent before): each tab reads the storage before it sends. Without storage it has
 * ended for the tab that signed out, and for the others from the delivery of its message on; a tab that
 * did not hear may restore it then, as if it were new. What the storage has lost counts as without.
 *
 * A request already sent is not recalled. A login of which no page heard (it crashed, or its time
 * limit passed) may reach the server after a later logout: its session is then simply there. So may
 * one whose page was away during that logout and the next login, and one that was on the wire together
 * with that logout, where there were no Web Locks for both. A tab with `tabs: false` knows of its own
 * logout only, so it may sign in after one elsewhere, and the others do not know of its own.
 */
export const noStaleToken: Invariant = {
  name: "no stale token",
  afterStep(world) {
    const { history } = world;
    for (const { tab, token } of history.sends) {
      const { family } = token;
      const who = `tab ${tab.page.name} sends a token of ${family.user}'s session ${family.number}`;
      const order = history.orderOf(family);
      if (isUnheard(world, family)) continue;
      const isPast = (logout: Intent) =>
        family.login !== undefined && sleptThrough(world, logout, family.login);
      const known = history.intents[history.outlivedLogout(tab.page) - 1];
      if (known && known.order > order && !isPast(known))
        return `${who} and knows of a later logout`;
      if (isIsolated(world, tab.page)) continue;
      const logout = lastLogoutBefore(world, history.step());
      const isByIsolatedTab = family.login && isIsolated(world, family.login.page);
      const crossed =
        family.login?.isOverlapping && (family.login.endedAt ?? Infinity) > (logout?.askedAt ?? 0);
      if (
        logout &&
        logout.order > order &&
        !crossed &&
        !isByIsolatedTab &&
        !isPast(logout) &&
        isStored(world, logout.askedAt)
      )
        return `${who} after the logout in tab ${logout.tab.page.name}`;
      const { latestUser } = history;
      if (
        latestUser &&
        latestUser.step < history.step() &&
        latestUser.name !== family.user &&
        isStored(world, latestUser.atMs)
      ) {
        return `${who} while ${latestUser.name} is signed in`;
      }
    }
    return undefined;
  },
};

function lastLogoutBefore(world: World, step: number) {
  return world.history.intents.findLast(
    ({ kind, step: asked, tab }) =>
      kind === "logout" && asked < step && !world.isIsolated(tab.page),
  );
}
