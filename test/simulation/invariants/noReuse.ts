import { nameOf } from "../network.js";
import type { Theft } from "../server.js";
import type { World } from "../world.js";
import { hasNoListener } from "./allowedDeviations.js";
import type { Invariant } from "./index.js";

/**
 * No rotated refresh token is presented outside its grace window: the server never detects theft.
 *
 * Allowed where no client could do better:
 * - the answer that carried the successor never reached the jar, or reached it when nobody waited for
 *   it any more: the network was cut, the server hung past the time limit, the page died, froze or
 *   was put away in the middle of the call;
 * - it was on the wire together with a call of another tab, and there are no Web Locks for both.
 *
 * Where the server has no grace window, a client can hold this only if no call is left in the middle:
 * whoever comes next would present the same token again. So those schedules have locks, nothing that
 * stops a page in a call (crash, freeze, back/forward cache, sleep; a close or reload only between
 * calls), and no answer that takes longer than the time limit. What stays are lost answers, which are
 * allowed.
 */
export const noReuse: Invariant = {
  name: "no reuse",
  afterStep(world) {
    const theft = world.server.thefts.find((each) => !isAllowed(each, world));
    if (!theft) return undefined;
    const { token, call } = theft;
    const before = token.presentedBy.map(({ page, number }) => `#${number} of tab ${page.name}`);
    return `refresh #${call.number} of tab ${call.page.name} presents ${nameOf(token)} again (${before.join(", ")})`;
  },
};

const allowed = new WeakSet<Theft>();

function isAllowed(theft: Theft, world: World): boolean {
  if (allowed.has(theft)) return true;
  const { token, call } = theft;
  const { setBy } = world.network.jar;
  const involved = [call, ...token.presentedBy, ...(setBy ? [setBy] : [])];
  const isNobodysFault = involved.some(
    (each) => hasNoListener(world, each) || (each.isOverlapping && world.allows("overlap")),
  );
  if (isNobodysFault) allowed.add(theft);
  return isNobodysFault;
}
