import type { AuthStatus } from "../session/authState.js";
import { freshnessOf } from "../token/accessToken.js";
import { isSamePerson, type Identity } from "../token/identity.js";
import { createTokenSet } from "../token/tokenSet.js";
import { AuthError } from "../vocabulary/errors.js";
import type { User } from "../vocabulary/user.js";
import { shareCurrentToken } from "./publishSession.js";
import { hashIdentity, isNewer, type SessionRecord } from "./sessionRecord.js";
import { endWaits, type SharedSession } from "./sharedSession.js";
import type { TabMessage, TokenMessage } from "./tabChannel.js";

/** Does to the session of this tab what a message of another tab says. */
export function followMessage(shared: SharedSession, message: TabMessage): void {
  const { kind, record, user, token } = message;
  followRecord(shared, record, !!token);
  const { record: present, unverified } = shared;
  const isPresent = record.revision === present?.revision && record.sessionId === present.sessionId;
  // Of a session that is over here.
  if (!isPresent || present.status !== "signed-in") return;
  if (kind === "refreshing") shared.isRefreshAnnounced = true;
  if (kind === "ask") shareCurrentToken(shared);
  if (kind === "user" && user) followUser(shared, user);
  if (token && !unverified) adoptToken(shared, token, message.tab);
}

/** Follows a newer record: the session it tells of ended, or someone signed in. */
export function followRecord(
  shared: SharedSession,
  next: SessionRecord | undefined,
  isTokenComing = false,
): void {
  const { session, record: before } = shared;
  if (!next || (before && !isNewer(next, before))) return;
  shared.record = next;
  endWaits(shared);
  shared.onRecord.call({ record: next, isOwn: false });
  const { status } = session.getState();
  // Someone signs in on this page, so the session that was refused is an earlier one.
  const isSigningIn = shared.unverified === "login" && status === "loading";
  if (next.status === "refused" && isSigningIn) return;
  const meaning = meaningOf(next, before?.sessionId, session.identity(), status);
  shared.isAwaitingToken = meaning === "same person" || meaning === "other person";
  shared.unverified = meaning === "other person" ? "switch" : undefined;
  if (meaning === "refused") session.refuse(new AuthError("refused"));
  if (meaning === "signed out") session.end("other-tab");
  if (meaning === "same person") session.expireToken();
  if (meaning === "other person") session.end("switched");
  else if (isTokenComing) return;
  if (shared.isAwaitingToken) shared.onSignIn.call();
}

/** What another tab's record means for this one. */
export type RecordMeaning = "nothing" | "refused" | "signed out" | "same person" | "other person";

/**
 * The tab of a login has judged whether it is the same person, and has kept the id or said which
 * session it ended. Another tab judges only if it has missed that: it may know less.
 *
 * @param before - the id of the session that this tab knew.
 * @param own - whose session that is.
 */
export function meaningOf(
  record: SessionRecord,
  before: string | undefined,
  own: Identity | undefined,
  status: AuthStatus,
): RecordMeaning {
  const { sessionId, identityHash, endedSessionId } = record;
  if (record.status === "refused") return status === "unauthenticated" ? "nothing" : "refused";
  // With the same id it says what became of a logout that is known.
  if (record.status !== "signed-in") return sessionId === before ? "nothing" : "signed out";
  if (status === "loading") return "nothing";
  if (!own || sessionId === before) return "same person";
  const isSame =
    endedSessionId !== before && isSamePerson(hashIdentity(own, sessionId), identityHash, true);
  return isSame ? "same person" : "other person";
}

function followUser({ session }: SharedSession, user: User): void {
  try {
    session.setUser(user);
  } catch {
    // Another user, or nobody: no message makes anyone somebody else.
  }
}

function adoptToken(shared: SharedSession, message: TokenMessage, tab: string): void {
  const { session, platform, record } = shared;
  // The clock may have been set back since; nothing was asked for in the future.
  const wall = Math.min(message.sentAt, platform.now());
  const tokenSet = createTokenSet(message, shared.identify);
  // `identify` is user code, and may have signed out.
  if (shared.record !== record) return;
  if (!isSamePerson(session.identity() ?? {}, tokenSet.identity, false)) {
    session.expireToken();
    return shared.onSignIn.call();
  }
  const present = session.currentToken();
  const isGood = present && freshnessOf(present, platform) !== "expired";
  if (isGood && present.sentAt.wall >= wall) return;
  shared.isAwaitingToken = false;
  const monotonic = platform.monotonicNow() - (platform.now() - wall);
  shared.onToken.call({ tokenSet, sentAt: { wall, monotonic } });
  endWaits(shared);
  shared.emit({ type: "token-adopted", tab });
}
