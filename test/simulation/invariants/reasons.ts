import type { LogoutReason } from "react-authed-query";
import { isSignedIn, type Change } from "../history.js";
import type { Family } from "../server.js";
import type { Tab } from "../tab.js";
import type { World } from "../world.js";
import { callsOverlapped, isStored } from "./allowedDeviations.js";

/**
 * Why a session may end in a tab, from what people and the server have done since its login was
 * called. Empty: for no reason.
 */
export function reasonsToEnd(
  world: World,
  tab: Tab,
  ended: Family | undefined,
  after?: Change["after"],
): Set<LogoutReason> {
  const { history } = world;
  const since = ended ? history.orderOf(ended) : 0;
  const reasons = new Set<LogoutReason>();
  const beganAt = ended?.login?.sentAt ?? 0;
  // Of two logins that were under way at once, either may be the later.
  const later = history.intents.filter(
    ({ order, kind, settledAt = Infinity }) =>
      order > since || (kind === "login" && settledAt >= beganAt && order !== since),
  );
  if (
    later.some((each) => each.kind === "logout" && each.tab === tab && each.step === history.step())
  ) {
    // What else has happened by then, the tab may have read a moment before.
    reasons.add("logout");
  }
  // Without storage a tab may forget its own logout with a session that others show, and be reminded.
  if (
    history.intents.some(
      (each) =>
        each.kind === "logout" &&
        (!isStored(world, each.askedAt) || (each.tab !== tab && later.includes(each))),
    )
  )
    reasons.add("other-tab");
  const isOther = (user: string | undefined) => ended !== undefined && user !== ended.user;
  if (
    later.some(
      (each) => each.kind === "login" && each.password === "right" && isOther(each.user),
    ) ||
    (after !== undefined && isSignedIn(after) && isOther(after)) ||
    isOther(history.latestUser?.name)
  ) {
    reasons.add("switched");
  }
  if (wasRefused(world, ended)) reasons.add("refused");
  if (ended && readWhatWasLost(world, ended)) reasons.add("switched");
  return reasons;
}

/** The server refused a refresh, and not because two calls were sent in the wrong order. */
function wasRefused(world: World, ended: Family | undefined): boolean {
  const isRefused = world.network.calls.some(
    ({ purpose, reply, isDenied }) =>
      purpose === "refresh" && (reply?.status === 401 || (isDenied && reply)),
  );
  if (!isRefused) return false;
  return (
    ended === undefined ||
    ended.revokedBy !== undefined ||
    ended.wasDenied ||
    readWhatWasLost(world, ended) ||
    callsOverlapped(world, ended.login?.sentAt ?? 0)
  );
}

/** A new page took what it read in the storage for the present session, and is told of what became of that. */
function readWhatWasLost(world: World, { login }: Family): boolean {
  return world.variant.hasStorage && !isStored(world, login?.endedAt ?? 0);
}
