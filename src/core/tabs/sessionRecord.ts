import { fieldsOf, isRecord, isWithin } from "../vocabulary/values.js";
import type { Identity } from "../token/identity.js";

/** About a year: no clock is that far off, so a date beyond it is garbled. */
export const yearMs = 3e10;

/**
 * What all tabs know of the session, without a secret. Kept in storage for new and waking tabs, and
 * sent with each message.
 */
export interface Stamp {
  /** Which of two stamps is the newer: milliseconds since the epoch, but always growing. */
  readonly at: number;
  /** Of the session: the same as long as the same person goes on, also by signing in again. */
  readonly id: string;
  /**
   * `in`: signed in. `owed`: signed out, and the server still has to be told. `told`: signed out, and
   * the server was told. `out`: signed out, and the server can or need not be told.
   */
  readonly state: "in" | "out" | "owed" | "told" | "refused";
  /** Whose session it is: hashes, to be compared only. */
  readonly who: Identity;
  /** The id of the session that ended because this one is another person's. */
  readonly ended?: string | undefined;
  /** Of a logout that is `owed`: how long the tab that tells the server waits after a failure. */
  readonly waitMs?: number | undefined;
}

/**
 * Checks what came from storage or from a message; `undefined` if it is no stamp.
 *
 * @param now - the wall clock: no stamp is of the far future, and nothing newer could come after it.
 */
export function toStamp(value: unknown, now: number): Stamp | undefined {
  const { at, id, state, who, waitMs = 0 } = fieldsOf(value);
  const isStamp =
    isWithin(at, 0, now + yearMs) &&
    isWithin(waitMs, -1, yearMs) &&
    typeof id === "string" &&
    /^(in|out|owed|told|refused)$/.test(String(state)) &&
    isRecord(who) &&
    Object.values(who).every((hash) => typeof hash === "string");
  return isStamp ? (value as Stamp) : undefined;
}

/** A stamp as it stands in the storage; `undefined` if there is none that can be read. */
export function parseStamp(text: string | null | undefined, now: number): Stamp | undefined {
  try {
    return toStamp(JSON.parse(text ?? ""), now);
  } catch {
    return undefined;
  }
}

/** Each value hashed together with the session's id: good to compare, and no secret: a guess can be checked. */
export function hashIdentity(identity: Identity, id: string): Identity {
  return Object.fromEntries(
    Object.entries(identity)
      .filter(([, value]) => value)
      .map(([field, value]) => {
        // FNV-1a, 32 bit.
        let hash = 2_166_136_261;
        for (const character of id + value) {
          hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619);
        }
        return [field, (hash >>> 0).toString(36)];
      }),
  );
}

/** The same verdict in every tab, also about two that were written at once. */
export function isNewer(left: Stamp, right: Stamp): boolean {
  if (left.at !== right.at) return left.at > right.at;
  return left.id + left.state + left.waitMs > right.id + right.state + right.waitMs;
}
