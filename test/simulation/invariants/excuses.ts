import type { AuthCall } from "../network.js";
import type { Family } from "../server.js";
import { refreshTimeoutMs } from "../tab.js";
import type { World } from "../world.js";

/** Where no client could do better. Each invariant says which of these it grants, and why. */

/**
 * Without Web Locks the calls of two tabs may cross: guarantee 33 promises one tab's guarantees only.
 */
export function tabsMayCross(world: World): boolean {
  return !world.variant.hasLocks && world.documents() > 1;
}

/**
 * A call on which nobody waits any more (its page died or stopped, or its time limit passed) was on
 * the wire together with another: which of their cookies stays in the jar is chance. `sinceMs`: such
 * calls that were over before that do not count.
 */
export function callsWereTangled(world: World, sinceMs: number): boolean {
  return world.network.calls.some(
    (call) => call.isTangled && (call.endedAt ?? Infinity) >= sinceMs,
  );
}

/** The login that began the session had no page any more that could have heard of its success. */
export function isStray(family: Family): boolean {
  return family.login !== undefined && hasNoListener(family.login);
}

export function hasNoListener({ isOrphan, isLost, sentAt, endedAt }: AuthCall): boolean {
  return isOrphan || isLost || (endedAt !== undefined && endedAt - sentAt >= refreshTimeoutMs);
}
