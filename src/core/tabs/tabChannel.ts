import type { Platform } from "../platform/platform.js";
import { isUsableToken } from "../token/accessToken.js";
import type { EventDetails } from "../vocabulary/events.js";
import type { User } from "../vocabulary/user.js";
import { fieldsOf, isRecord, isWithin } from "../vocabulary/values.js";
import { newId, toSessionRecord, yearMs, type SessionRecord } from "./sessionRecord.js";

/** A token on its way to another tab. */
export interface TokenMessage {
  readonly token: string;
  /** When it was asked for, by the wall clock: the one that tabs share. */
  readonly sentAt: number;
  readonly lifetimeSeconds: number | undefined;
  /** `undefined` if the token's claims are all that is known. */
  readonly user: User | undefined;
}

/** A message of a tab to the others. Each brings the session's record as that tab knows it. */
export interface TabMessage {
  /** A random id. */
  readonly tab: string;
  /**
   * `record`: the session changed. `token`: here is its token. `ask`: who has one? `refreshing`: a
   * refresh is being sent. `user`: the profile was edited. `gone`: the tab is left or closed.
   */
  readonly kind: unknown;
  readonly record: SessionRecord;
  readonly user: User | undefined;
  /** Of the kind `token`; else `null`. The `user` is beside it. */
  readonly token: Omit<TokenMessage, "user"> | null;
}

/** Messages between the tabs of one app. A message that is garbled, foreign or of another version is dropped. */
export interface TabChannel {
  post(message: object): void;
  close(): void;
}

/** Of the messages and of the record. Those of another version mean nothing. */
const version = 2;

/** The dependencies of the channel. */
export interface ChannelDependencies {
  readonly platform: Platform;
  /** Tabs of another app do not meet. */
  readonly app: string;
  emit(event: EventDetails): void;
  onMessage(message: TabMessage): void;
}

/** @returns `undefined` where tabs cannot talk to each other. */
export function openTabChannel(dependencies: ChannelDependencies): TabChannel | undefined {
  const { platform, app, emit, onMessage } = dependencies;
  const self = newId(platform);
  const seen = new Set<string>();
  const channel = platform.openChannel(app, hear);

  function hear(data: unknown): void {
    const fields = fieldsOf(data);
    const { tab, kind } = fields;
    if (fields["version"] !== version || fields["app"] !== app || typeof tab !== "string") return;
    if (kind === "gone") {
      if (seen.delete(tab)) emit({ type: "tab-gone", tab });
    } else if (!seen.has(tab)) {
      seen.add(tab);
      emit({ type: "tab-seen", tab });
    }
    if (kind === "refreshing") emit({ type: "tab-refreshing", tab });
    const message = readMessage(tab, fields, platform.now());
    if (message) onMessage(message);
  }

  if (!channel) return undefined;
  emit({ type: "tab-joined", tab: self });
  return {
    post(message) {
      try {
        channel.post({ version, app, tab: self, ...message });
      } catch {
        // A user that cannot be cloned: the other tabs ask the server instead.
      }
    },
    close: channel.close,
  };
}

function readMessage(
  tab: string,
  fields: Readonly<Record<string, unknown>>,
  now: number,
): TabMessage | undefined {
  const { kind, user } = fields;
  const record = toSessionRecord(fields["record"], now);
  const token = kind === "token" ? readToken(fields, now) : null;
  if (!record || token === undefined || (user !== undefined && !isRecord(user))) return undefined;
  // The app registers the type of its user, and another tab of it has sent this one.
  const theirs: unknown = user;
  return { tab, kind, record, user: theirs as User | undefined, token };
}

function readToken(
  { token, lifetimeSeconds, sentAt }: Readonly<Record<string, unknown>>,
  now: number,
): Omit<TokenMessage, "user"> | undefined {
  if (!isUsableToken(token) || !isWithin(sentAt, now - yearMs, now + yearMs)) return undefined;
  // Servers that call a token endless end it in the year 9999.
  if (lifetimeSeconds !== undefined && !isWithin(lifetimeSeconds, 0, 1e12)) return undefined;
  return { token, sentAt, lifetimeSeconds };
}
