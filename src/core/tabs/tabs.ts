import type { Instant } from "../platform/clock.js";
import type { Listeners } from "../platform/listeners.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import type { AccessToken, SessionScope } from "../session/sessionScope.js";
import type { Identify } from "../token/identity.js";
import type { TokenSet } from "../token/tokenSet.js";
import type { EventDetails } from "../vocabulary/events.js";
import type { User } from "../vocabulary/user.js";
import type { RecordStatus, SessionRecord } from "./sessionRecord.js";

/** The options that the tabs read. */
export interface TabsOptions {
  /**
   * How the tabs of this app act as one. `name` sets apart apps that share a refresh URL.
   * `shareToken: false` keeps tokens out of messages: each tab gets its own. `false`: each tab for
   * itself, which needs a backend that does not rotate the cookie, or has a grace window.
   */
  tabs?: { name?: string; shareToken?: boolean } | false;
}

/** The same with its defaults filled in. */
export interface TabsSettings {
  readonly name: string;
  /** `false`: the other tabs hear who is signed in, and get their tokens for themselves. */
  readonly shareToken: boolean;
  /** `false`: nothing is said to the other tabs, and nothing heard. */
  readonly isTalking: boolean;
}

/** The session as all tabs know it. */
export interface PresentSession {
  readonly scope: SessionScope;
  readonly token: AccessToken | null;
  /** `undefined` if nobody has ever signed in or out. */
  readonly record: SessionRecord | undefined;
  /** Another tab has signed in, and this one has no token yet. */
  readonly isAwaitingToken: boolean;
}

/** The other tabs of this app: what they do to the session, and the tokens they share. */
export interface Tabs {
  /** Another tab has shared the token that is used from now on. */
  onToken: Listeners<SharedToken>["add"];
  /** Someone signed in in another tab, and the token did not come along. */
  onSignIn: Listeners<void>["add"];
  /** This tab or another has changed the record. Called before the session follows it. */
  onRecord: Listeners<RecordChange>["add"];
  /**
   * Acts on the changes of other tabs, and returns the session after that. Code that depends on who is
   * signed in asks here.
   */
  catchUp(): PresentSession;
  /** Someone was signed in when this browser was last used, or nothing can tell. */
  isHinted(): boolean;
  /**
   * Someone signs in: the next token tells whether it is the same person. Until then no token of
   * another tab is taken.
   */
  expectSignIn(): void;
  /** Under the lock: a token came. Tells whether it is of the same person as the session before. */
  publishToken(tokenSet: TokenSet, sentAt: Instant): boolean;
  /** Someone signed out here. The server still has to be told. */
  publishLogout(): void;
  /**
   * The session ended otherwise, or a pending logout got a new status.
   *
   * @param retryInMs - of a pending logout: for how long this tab does nothing itself.
   */
  publishStatus(status: Exclude<RecordStatus, "signed-in">, retryInMs?: number): void;
  /** The user edited the profile. */
  publishUser(user: User): void;
  /** A refresh is being sent. */
  announceRefresh(): void;
  /** Asks the other tabs for a token, if someone is signed in, and gives them a moment to answer. */
  askForToken(): Promise<void>;
  /** Gives a token that another tab has just received a moment to arrive. */
  awaitToken(): Promise<void>;
  /**
   * If another tab has announced a refresh: gives its token a longer moment to arrive.
   *
   * @param isCertain - the server says that another tab has refreshed, announced or not.
   */
  awaitAnnouncedToken(isCertain: boolean): Promise<void>;
  dispose(): void;
}

/** A token that another tab has shared. */
export interface SharedToken {
  readonly tokenSet: TokenSet;
  /** When that tab asked for it. */
  readonly sentAt: Instant;
}

/** The record has changed. */
export interface RecordChange {
  readonly record: SessionRecord;
  /** By this tab. */
  readonly isOwn: boolean;
}

/** The dependencies of the tabs. */
export interface TabsDependencies {
  readonly session: Session;
  readonly platform: Platform;
  emit(event: EventDetails): void;
  /** Of the app: tabs of another app do not meet. */
  readonly key: string;
  readonly options: {
    readonly identify?: Identify | undefined;
    readonly tabs: TabsSettings;
  };
}
