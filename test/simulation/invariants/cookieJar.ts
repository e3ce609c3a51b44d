import type { Intent } from "../history.js";
import { nameOf, type AuthCall } from "../network.js";
import type { World } from "../world.js";
import { isIsolated, isStored, overlappingCalls, sleptThrough } from "./allowedDeviations.js";
import type { Invariant } from "./index.js";

/**
 * At rest the cookie jar holds what the last `login()` or `logout()` meant, by the order in which they
 * were called in all tabs:
 *
 * - A logout means that nobody is signed in, whatever was called before it, also a login still on the
 *   wire; it may be told to the server much later, by another tab.
 * - A login that resolved means its user, from the latest logout before it on.
 * - A login whose page was away during a logout and the next login counts as under way with that one.
 * - Of two logins in two tabs that were under way at once either may be the last: people cannot do that.
 * - A login whose promise rejected as `unavailable` or `timeout`, or whose page died, may or may not
 *   have come through; until the next one means something, the jar may hold that user, or nobody (the
 *   server ended the session it came with).
 * - What the server has ended since is over.
 *
 * Not judged where the order of the calls is not in the client's hands: with several tabs, what the
 * storage does not hold (a logout elsewhere is then known only when its message comes); and when calls
 * were on the wire together that nobody could make wait for each other (but the cookie of a login that
 * a logout has overtaken is given back, as late as it may come). Nor where someone signed in or
 * out in a tab with `tabs: false`: a logout that another tab still owes the server may end that session.
 */
export const cookieJar: Invariant = {
  name: "cookie jar",
  atRest(world) {
    const { intents } = world.history;
    const decisive = intents.findLast((each) => each.kind === "logout" || each.outcome === "done");
    const isAlone = world.documents() === 1;
    const since = decisive?.askedAt ?? 0;
    if (!isAlone && !isStored(world, since)) return undefined;
    const isLogout = decisive?.kind === "logout";
    const isChance = (call: AuthCall) => !isLogout || !isGivenBack(world, call);
    if (overlappingCalls(world, since).some(isChance) && world.allows("overlap")) return undefined;
    if (intents.some(({ tab }) => isIsolated(world, tab.page))) return undefined;

    const { token } = world.network.jar;
    const held = token && !token.family.revokedBy ? token.family.user : nobody;
    const meant = usersMeant(world);
    if (meant.has(held)) return undefined;
    return `the jar holds ${nameOf(token)}${token?.family.revokedBy ? ", which is over" : ""}, and meant was ${[...meant].join(" or ")}`;
  },
};

const nobody = "nobody";

/** After a logout the page of an overtaken login, once it hears of its success, gives the cookie back. */
function isGivenBack({ disposed }: World, { purpose, page, reply, isUnheard }: AuthCall): boolean {
  if (purpose !== "login") return purpose === "logout";
  const isThere = page.life() !== "dead" && !disposed.some(({ tab }) => tab.page === page);
  return isThere && reply !== undefined && !isUnheard;
}

function usersMeant(world: World): Set<string> {
  const { intents } = world.history;
  const logout = intents.findLast(({ kind }) => kind === "logout");
  const logins = intents.filter(
    ({ kind, order, password, call }) =>
      kind === "login" &&
      password === "right" &&
      (!logout || order > logout.order || (call && sleptThrough(world, logout, call))),
  );
  const last = logins.findLast(({ outcome }) => outcome === "done");
  const meant = new Set<string>([
    last?.user ?? (logout ? nobody : (world.signedInBefore ?? nobody)),
  ]);
  const isOpen = ({ outcome }: Intent) => outcome === "failed" || outcome === undefined;
  for (const login of logins) {
    const isUndecided = !last || (login.settledAt ?? Infinity) >= last.askedAt;
    if (!isUndecided || login.user === undefined) continue;
    if (login.outcome === "done" || isOpen(login)) meant.add(login.user);
    if (isOpen(login)) meant.add(nobody);
  }
  const isEndedByServer = world.server.families.some(
    ({ user, revokedBy }) => meant.has(user) && (revokedBy === "admin" || revokedBy === "theft"),
  );
  if (isEndedByServer) meant.add(nobody);
  return meant;
}
