import { isSamePerson, type Identity } from "../token/identity.js";
import type { Platform } from "../platform/platform.js";
import { fieldsOf, isRecord, isWithin } from "../vocabulary/values.js";

/**
 * The session as all tabs know it, without a secret. Kept in storage for new and waking tabs, and
 * sent with each message.
 */
export interface SessionRecord {
  /** The higher one is the newer: milliseconds since the epoch, but always growing. */
  readonly revision: number;
  /** The same as long as the same person goes on, also by signing in again. */
  readonly sessionId: string;
  readonly status: RecordStatus;
  /** The person of the session: hashes, to be compared only. */
  readonly identityHash: Identity;
  /** The id of the session that ended because this one is another person's. */
  readonly endedSessionId?: string | undefined;
  /** Of a pending logout: how long the tab that tells the server waits after a failure. */
  readonly retryInMs?: number | undefined;
}

/**
 * - `signed-in`: a session goes on.
 * - `signed-out`: signed out, and the server cannot be told, or need not be.
 * - `logout-pending`: signed out, and the server still has to be told.
 * - `logout-confirmed`: signed out, and the server was told.
 * - `refused`: the server refused a refresh.
 */
export type RecordStatus =
  | "signed-in"
  | "signed-out"
  | "logout-pending"
  | "refused"
  | "logout-confirmed";

/** In the order in which they follow each other, for two records that say the same otherwise. */
const statuses: readonly unknown[] = [
  "signed-in",
  "signed-out",
  "logout-pending",
  "refused",
  "logout-confirmed",
] satisfies RecordStatus[];

/** About a year: no clock is that far off, so a date beyond it is garbled. */
export const yearMs = 3e10;

/**
 * Checks what came from storage or from a message; `undefined` if it is no record.
 *
 * @param now - the wall clock: no record is of the far future, and nothing newer could come after it.
 */
export function toSessionRecord(value: unknown, now: number): SessionRecord | undefined {
  const { revision, sessionId, status, identityHash, retryInMs = 0 } = fieldsOf(value);
  const isSessionRecord =
    isWithin(revision, 0, now + yearMs) &&
    isWithin(retryInMs, -1, yearMs) &&
    typeof sessionId === "string" &&
    statuses.includes(status) &&
    isRecord(identityHash) &&
    Object.values(identityHash).every((hash) => typeof hash === "string");
  // Field by field it is one.
  return isSessionRecord ? (value as SessionRecord) : undefined;
}

/** A record as it stands in the storage; `undefined` if there is none that can be read. */
export function parseSessionRecord(
  text: string | null | undefined,
  now: number,
): SessionRecord | undefined {
  try {
    return toSessionRecord(JSON.parse(text ?? ""), now);
  } catch {
    return undefined;
  }
}

/** A random id of a tab or a session. */
export function newId(platform: Platform): string {
  return `${platform.random()}`.slice(2);
}

/** Orders two records. Every tab gets the same order, even for records that were written at once. */
export function isNewer(left: SessionRecord, right: SessionRecord): boolean {
  return left.revision === right.revision
    ? textOfRecord(left) > textOfRecord(right)
    : left.revision > right.revision;
}

function textOfRecord({ sessionId, status, retryInMs }: SessionRecord): string {
  return `${sessionId}${statuses.indexOf(status)}${retryInMs}`;
}

/**
 * Tells whether a newer record is another person's. The tab that signed in has decided that: it kept the
 * id, or noted the session that it ended. A tab that has missed that record decides by itself.
 *
 * @param before - the id of the session that this tab knew.
 * @param own - whose session that is.
 */
export function isOtherPerson(
  { sessionId, identityHash, endedSessionId }: SessionRecord,
  before: string | undefined,
  own: Identity | undefined,
): boolean {
  if (!own || sessionId === before) return false;
  return (
    endedSessionId === before || !isSamePerson(hashIdentity(own, sessionId), identityHash, true)
  );
}

/** Hashes each value with the session's id. A hash can be compared, but is no secret: a guess can be checked. */
export function hashIdentity(identity: Identity, sessionId: string): Identity {
  return Object.fromEntries(
    Object.entries(identity)
      .filter(([, value]) => value)
      .map(([field, value]) => {
        // FNV-1a, 32 bit.
        let hash = 2_166_136_261;
        for (const character of sessionId + value) {
          hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
        }
        return [field, String(hash)];
      }),
  );
}
