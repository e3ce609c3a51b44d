import type { Instant } from "../platform/clock.js";
import { freshnessOf } from "../token/accessToken.js";
import { isSamePerson } from "../token/identity.js";
import type { TokenSet } from "../token/tokenSet.js";
import { hashIdentity, type SessionRecord } from "./sessionRecord.js";
import { storeRecord, type SharedSession } from "./sharedSession.js";
import { newId, type TokenMessage } from "./tabChannel.js";

/** Under the lock: a token came. Tells whether it is of the same person as the session before. */
export function publishToken(
  shared: SharedSession,
  { token, lifetimeSeconds, user, identity }: TokenSet,
  sentAt: Instant,
): boolean {
  const { session, platform, channel, record } = shared;
  const { sessionId: before = "", status, identityHash = {}, endedSessionId } = record ?? {};
  const begins = shared.unverified === "login" || status !== "signed-in";
  const own = session.identity();
  const known = own ? hashIdentity(own, before) : identityHash;
  const isSame = isSamePerson(known, hashIdentity(identity, before), begins);
  shared.isAwaitingToken = false;
  shared.unverified = undefined;
  if (begins || !isSame) {
    const sessionId = isSame ? before : newId(platform);
    const change: RecordChange = {
      status: "signed-in",
      sessionId,
      identityHash: hashIdentity(identity, sessionId),
      endedSessionId: isSame ? endedSessionId : before,
    };
    // A logout that this tab has not heard of yet, but came after the call, is the newer.
    writeRecord(shared, change, sentAt.wall);
    if (!shared.shareToken) channel.post("record", shared.record);
  }
  postToken(shared, { token, lifetimeSeconds, user, sentAt: sentAt.wall });
  return isSame;
}

/** Someone signed out here. Each logout is one of its own. */
export function publishLogout(shared: SharedSession): void {
  const { platform } = shared;
  const sessionId = newId(platform);
  const change = { status: "logout-pending", sessionId, retryInMs: undefined } as const;
  publishEnd(shared, change, platform.now());
}

/**
 * The session ended here, or something became of that.
 *
 * @param since - when; if omitted, it is no newer than what is known: someone may have signed in since
 * of whom this tab has not heard.
 */
export function publishEnd(shared: SharedSession, change: RecordChange, since?: number): void {
  writeRecord(shared, change, since);
  shared.isAwaitingToken = false;
  shared.channel.post("record", shared.record);
}

/** Hands the present token over. */
export function shareCurrentToken(shared: SharedSession): void {
  const { session, platform } = shared;
  const token = session.currentToken();
  if (!token || freshnessOf(token, platform) === "expired") return;
  const { value, sentAt, expiry } = token;
  const lifetimeSeconds = expiry && expiry.lifetimeMs / 1000;
  const user = session.namedUser();
  postToken(shared, { token: value, sentAt: sentAt.wall, lifetimeSeconds, user });
}

type RecordChange = Pick<SessionRecord, "status"> & Partial<SessionRecord>;

function writeRecord(shared: SharedSession, change: RecordChange, since = 0): void {
  const { platform, record: before } = shared;
  const revision = Math.max(Math.floor(since), (before?.revision ?? 0) + 1);
  const record = { sessionId: newId(platform), identityHash: {}, ...before, ...change, revision };
  shared.record = record;
  shared.onRecord.call({ record, isOwn: true });
  storeRecord(shared);
}

function postToken({ channel, shareToken, emit, record }: SharedSession, message: TokenMessage) {
  if (!channel.isOpen() || !shareToken) return;
  channel.post("token", record, message);
  emit({ type: "token-handed-over" });
}
