import type { Instant } from "../platform/clock.js";
import type { Listeners } from "../platform/listeners.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import type { Identify } from "../token/identity.js";
import type { TokenSet } from "../token/tokenSet.js";
import type { AuthEvent } from "../vocabulary/events.js";
import { parseSessionRecord, type SessionRecord } from "./sessionRecord.js";
import type { TabChannel } from "./tabChannel.js";

/** What this tab knows of the session that all tabs share, and how it hears and tells of it. */
export interface SharedSession {
  readonly session: Session;
  readonly platform: Platform;
  readonly identify?: Identify | undefined;
  emit(event: AuthEvent): void;
  /** Of the app: tabs of another app do not meet. */
  readonly key: string;
  /** `false`: the other tabs hear who is signed in, and get their tokens for themselves. */
  readonly shareToken: boolean;
  /** `false`: nothing is said to the other tabs, and nothing heard. */
  readonly isTalking: boolean;
  readonly channel: TabChannel;
  /** Another tab has handed over the token that is used from now on. */
  readonly onToken: Listeners<SharedToken>;
  /** Someone signed in in another tab, and the token did not come along. */
  readonly onSignIn: Listeners<void>;
  /** The record is another one, by this tab or by another: nothing has been done about it yet. */
  readonly onRecord: Listeners<{ record: SessionRecord; isOwn: boolean }>;
  /** `undefined` if nobody has ever signed in or out. */
  record: SessionRecord | undefined;
  /** What stood in the storage at the last look; `undefined` where there is none. */
  stored: string | null | undefined;
  /** Another tab has signed in, and this one has no token yet. */
  isAwaitingToken: boolean;
  /** Someone signs in here, or another person has elsewhere: the server has to say who it is. */
  unverified: "login" | "switch" | undefined;
  /** Another tab sends a refresh. */
  isRefreshAnnounced: boolean;
  /** Ends the waits for news. */
  readonly waiting: Set<() => void>;
  /** `undefined` before the first look. */
  stopListening: (() => void)[] | undefined;
}

/** A token that another tab has handed over. */
export interface SharedToken {
  readonly tokenSet: TokenSet;
  /** When that tab asked for it. */
  readonly sentAt: Instant;
}

/** Whether the storage has changed since the last look. */
export function lookIntoStorage(shared: SharedSession): boolean {
  const text = shared.platform.readStorage(shared.key);
  if (text === shared.stored) return false;
  shared.stored = text;
  return true;
}

/** The record in the storage; `undefined` if there is none that can be read. */
export function storedRecord({ stored, platform }: SharedSession): SessionRecord | undefined {
  return parseSessionRecord(stored, platform.now());
}

/** Writes the record into the storage. */
export function storeRecord(shared: SharedSession): void {
  const { platform, key, record } = shared;
  platform.writeStorage(key, JSON.stringify(record));
  shared.stored = platform.readStorage(key);
}

/** Gives news of another tab a moment to arrive. */
export function waitForNews({ platform, waiting }: SharedSession, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const stop = platform.startTimer(done, ms);
    waiting.add(done);
    function done(): void {
      stop();
      waiting.delete(done);
      resolve();
    }
  });
}

/** News came: nobody waits any longer. */
export function endWaits(shared: SharedSession): void {
  shared.isRefreshAnnounced = false;
  for (const done of shared.waiting) done();
}
