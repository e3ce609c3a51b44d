import type { AuthStatus } from "../session/authState.js";
import { isSamePerson, type Identity } from "../token/identity.js";
import { hashIdentity, type SessionRecord } from "./sessionRecord.js";

/** The meaning of another tab's record for this one. */
export type RecordMeaning =
  | "nothing"
  | "refused"
  | "signed out"
  | "same person"
  | "other person"
  /** Someone else signed in, and was refused, while this tab slept. */
  | "other person refused";

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
  const isOther =
    own &&
    sessionId !== before &&
    (endedSessionId === before || !isSamePerson(hashIdentity(own, sessionId), identityHash, true));
  if (record.status === "refused") {
    if (isOther) return "other person refused";
    return status === "unauthenticated" ? "nothing" : "refused";
  }
  // With the same id it says what became of a logout that is known.
  if (record.status !== "signed-in") return sessionId === before ? "nothing" : "signed out";
  if (status === "loading") return "nothing";
  return isOther ? "other person" : "same person";
}
