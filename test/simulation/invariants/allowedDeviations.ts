import type { Intent } from "../history.js";
import type { AuthCall } from "../network.js";
import type { Page } from "../page.js";
import type { Family } from "../server.js";
import { refreshTimeoutMs } from "../tab.js";
import type { World } from "../world.js";

/** Where no client could do better. Each invariant says which of these it allows, and why. */

/**
 * A call was on the wire together with another, and no client could have made one wait for the other:
 * nobody waits for it any more (its page died or stopped, or its time limit passed), or it was sent
 * without a lock for a good reason. Which of their cookies stays in the jar is chance. `sinceMs`: such
 * calls that were over before that do not count.
 */
export function callsOverlapped(world: World, sinceMs: number): boolean {
  return world.network.calls.some(
    (call) => call.isOverlapping && (call.endedAt ?? Infinity) >= sinceMs,
  );
}

/** Such a call came with a cookie of this session, or brought one. */
export function hasOverlapped({ network }: World, family: Family): boolean {
  return network.calls.some(
    (call) => call.isOverlapping && (call.family === family || call.cookie?.family === family),
  );
}

/** The login that began the session had no page any more that could have heard of its success. */
export function isStray(family: Family): boolean {
  return family.login !== undefined && (hasNoListener(family.login) || family.login.isUnheard);
}

/**
 * The login was called before this logout, and its page was away from the logout until a later login had
 * succeeded elsewhere: of what it finds on its return nothing tells that there was a logout in between.
 * It is one of two logins then that were under way at once.
 */
export function sleptThrough({ history }: World, logout: Intent, login: AuthCall): boolean {
  const backAt = login.page.awayUntil(logout.askedAt);
  if (backAt === undefined) return false;
  return history.intents.some(
    ({ kind, order, outcome, settledAt = Infinity }) =>
      kind === "login" && outcome === "done" && order > logout.order && settledAt <= backAt,
  );
}

export function hasNoListener({ isOrphan, isLost, sentAt, endedAt }: AuthCall): boolean {
  return isOrphan || isLost || (endedAt !== undefined && endedAt - sentAt >= refreshTimeoutMs);
}

/**
 * The storage can tell the tabs of what happened at this time: there is one, it was not full when the
 * tab wrote that down, and nobody has cleared it since.
 */
export function isStored(world: World, atMs: number): boolean {
  return world.variant.hasStorage && world.hasKept(atMs);
}

/** Its restoration was answered 404: signed out, with the error that says so, until somebody signs in. */
export function wasMisled({ network }: World, page: Page): boolean {
  return network.calls.some((call) => call.page === page && call.reply?.status === 404);
}
