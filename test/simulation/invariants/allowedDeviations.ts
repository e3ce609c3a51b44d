import type { Intent } from "../history.js";
import type { AuthCall } from "../network.js";
import type { Page } from "../page.js";
import type { Family } from "../server.js";
import { refreshTimeoutMs } from "../tab.js";
import type { World } from "../world.js";

/** Where no client could do better. Each invariant says which of these it allows, and why. */
export type Deviation = (typeof deviations)[number];

/** By name: `npm run simulate -- --deviations` counts how often each is used. */
export const deviations = [
  "overlap",
  "no listener",
  "unheard login",
  "slept through",
  "no storage",
  "lost from storage",
  "no message",
  "refused by something else",
  "tabs: false",
] as const;

/**
 * A call was on the wire together with another, and no client could have made one wait for the other:
 * nobody waits for it any more (its page died or stopped, or its time limit passed), or it was sent
 * without a lock for a good reason. Which of their cookies stays in the jar is chance. `sinceMs`: such
 * calls that were over before that do not count.
 */
export function callsOverlapped(world: World, sinceMs: number): boolean {
  return overlappingCalls(world, sinceMs).length > 0 && world.allows("overlap");
}

/** The calls of which that is true. */
export function overlappingCalls({ network }: World, sinceMs: number): AuthCall[] {
  return network.calls.filter(
    (call) => call.isOverlapping && (call.endedAt ?? Infinity) >= sinceMs,
  );
}

/** Such a call came with a cookie of this session, or brought one. */
export function hasOverlapped(world: World, family: Family): boolean {
  const isOfSession = (call: AuthCall) => call.family === family || call.cookie?.family === family;
  return overlappingCalls(world, 0).some(isOfSession) && world.allows("overlap");
}

/** The login that began the session had no page any more that could have heard of its success. */
export function isUnheard(world: World, { login }: Family): boolean {
  return login !== undefined && (isLate(login) || login.isUnheard) && world.allows("unheard login");
}

/**
 * The login was called before this logout, and its page was away from the logout until a later login had
 * succeeded elsewhere: of what it finds on its return nothing tells that there was a logout in between.
 * It is one of two logins then that were under way at once.
 */
export function sleptThrough(world: World, logout: Intent, login: AuthCall): boolean {
  const backAt = login.page.awayUntil(logout.askedAt);
  if (backAt === undefined) return false;
  const hasMissedLogin = world.history.intents.some(
    ({ kind, order, outcome, settledAt = Infinity }) =>
      kind === "login" && outcome === "done" && order > logout.order && settledAt <= backAt,
  );
  return hasMissedLogin && world.allows("slept through");
}

/** The answer of a call got lost, or came when nobody waited for it any more. */
export function hasNoListener(world: World, call: AuthCall): boolean {
  return isLate(call) && world.allows("no listener");
}

function isLate({ isOrphan, isLost, sentAt, endedAt }: AuthCall): boolean {
  return isOrphan || isLost || (endedAt !== undefined && endedAt - sentAt >= refreshTimeoutMs);
}

/**
 * The storage can tell the tabs of what happened at this time: there is one, it was not full when the
 * tab wrote that down, and nobody has cleared it since.
 */
export function isStored(world: World, atMs: number): boolean {
  if (!world.variant.hasStorage) return !world.allows("no storage");
  return world.storage.hasKept(atMs) || !world.allows("lost from storage");
}

/** Its restoration was answered 404: signed out, with the error that says so, until somebody signs in. */
export function wasMisled(world: World, page: Page): boolean {
  const isMisled = world.network.calls.some(
    (call) => call.page === page && call.reply?.status === 404,
  );
  return isMisled && world.allows("refused by something else");
}

/** Something before the server refused the session, which the server knows nothing of. */
export function wasDenied(world: World, { wasDenied: isDenied = false }: Family): boolean {
  return isDenied && world.allows("refused by something else");
}

/** A tab with `tabs: false` does not know of the others, nor they of it. */
export function isIsolated(world: World, page: Page): boolean {
  return world.isIsolated(page) && world.allows("tabs: false");
}

/** Without storage: a message did not reach the page, or nobody can have sent one. */
export function hasNoWord(world: World, page: Page): boolean {
  const { variant, history } = world;
  const isUntold =
    page.hasMissedNews() ||
    !variant.hasChannel ||
    history.intents.some(({ kind, outcome }) => kind === "logout" && outcome === undefined);
  return isUntold && world.allows("no message");
}
