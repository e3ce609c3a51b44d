import type { Instant } from "../platform/clock.js";
import { createListeners } from "../platform/listeners.js";
import type { AccessToken, SessionScope } from "../session/sessionScope.js";
import type { TokenSet } from "../token/tokenSet.js";
import type { User } from "../vocabulary/user.js";
import { followMessage, followRecord } from "./followTabs.js";
import { publishEnd, publishLogout, publishToken } from "./publishSession.js";
import type { RecordStatus, SessionRecord } from "./sessionRecord.js";
import {
  lookIntoStorage,
  storedRecord,
  storeRecord,
  waitForNews,
  type SharedSession,
} from "./sharedSession.js";
import { createTabChannel, type TabMessage } from "./tabChannel.js";

/** The options that the tabs read. */
export interface TabsOptions {
  /**
   * How the tabs of this app act as one. `name` sets apart apps that share a refresh URL.
   * `shareToken: false` keeps tokens out of messages: each tab gets its own. `false`: each tab for
   * itself, which needs a backend that does not rotate the cookie, or has a grace window.
   */
  tabs?: { name?: string; shareToken?: boolean } | false;
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
  /** Another tab has handed over the token that is used from now on. */
  onToken: SharedSession["onToken"]["add"];
  /** Someone signed in in another tab, and the token did not come along. */
  onSignIn: SharedSession["onSignIn"]["add"];
  /** The record is another one, by this tab or by another: nothing has been done about it yet. */
  onRecord: SharedSession["onRecord"]["add"];
  /**
   * Acts on what other tabs have done, and tells what the session is after that. Whatever depends on
   * who is signed in asks here.
   */
  current(): PresentSession;
  /** Someone has signed in before, or nothing can tell. */
  isHinted(): boolean;
  /**
   * Someone signs in: unless the next token tells that it is the same person's, it is another's. It
   * has to come from the server.
   */
  expectSignIn(): void;
  /** Under the lock: a token came. Tells whether it is of the same person as the session before. */
  publishToken(tokenSet: TokenSet, sentAt: Instant): boolean;
  /** Someone signed out here. The server still has to be told. */
  publishLogout(): void;
  /**
   * What became of the session after that.
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
  /** If another tab has announced a refresh: gives its token a longer moment to arrive. */
  awaitAnnouncedToken(): Promise<void>;
  dispose(): void;
}

/** What the tabs depend on. */
export type TabsDependencies = Pick<
  SharedSession,
  "session" | "platform" | "identify" | "emit" | "key" | "shareToken" | "isTalking"
>;

const answerMs = 100;
const announcedMs = 500;

export function createTabs(dependencies: TabsDependencies): Tabs {
  const { platform, key, shareToken, emit } = dependencies;
  const shared: SharedSession = {
    ...dependencies,
    channel: createTabChannel({ platform, app: key, emit, onMessage }),
    onToken: createListeners(),
    onSignIn: createListeners(),
    onRecord: createListeners(),
    record: undefined,
    stored: undefined,
    isAwaitingToken: false,
    unverified: undefined,
    isRefreshAnnounced: false,
    waiting: new Set(),
    stopListening: undefined,
  };
  const { channel } = shared;
  const post = (kind: string, fields?: object) => channel.post(kind, shared.record, fields);
  const isSignedIn = () => shared.record?.status === "signed-in";

  function onMessage(message: TabMessage): void {
    readCurrent(shared);
    followMessage(shared, message);
  }

  return {
    onToken: shared.onToken.add,
    onSignIn: shared.onSignIn.add,
    onRecord: shared.onRecord.add,
    current: () => readCurrent(shared),
    isHinted: () => shared.stored === undefined || isSignedIn(),
    expectSignIn: () => void (shared.unverified = "login"),
    publishToken: (tokenSet, sentAt) => publishToken(shared, tokenSet, sentAt),
    publishLogout: () => publishLogout(shared),
    publishStatus: (status, retryInMs) => publishEnd(shared, { status, retryInMs }),
    publishUser: (user) => post("user", { user }),
    announceRefresh: () => post("refreshing"),
    async askForToken() {
      if (!channel.isOpen() || shared.unverified || !isSignedIn()) return;
      post("ask");
      await waitForNews(shared, answerMs);
    },
    async awaitToken() {
      if (channel.isOpen() && shareToken) await waitForNews(shared, answerMs);
    },
    async awaitAnnouncedToken() {
      if (shared.isRefreshAnnounced) await waitForNews(shared, announcedMs);
      shared.isRefreshAnnounced = false;
    },
    dispose() {
      post("gone");
      for (const stop of shared.stopListening ?? []) stop();
      channel.close();
    },
  };
}

/** Looks at what other tabs have done, from the first look on: what was before is for the restoration. */
function readCurrent(shared: SharedSession): PresentSession {
  const { session, isTalking } = shared;
  const isFirst = !shared.stopListening;
  if (isFirst) listen(shared);
  if ((isTalking || isFirst) && lookIntoStorage(shared)) {
    const stored = storedRecord(shared);
    if (isFirst) shared.record = stored;
    followRecord(shared, stored);
    // Somebody cleared the storage, or two tabs wrote at once and the older record was left.
    if (shared.record !== stored) storeRecord(shared);
  }
  const { record, isAwaitingToken } = shared;
  return { scope: session.scope(), token: session.currentToken(), record, isAwaitingToken };
}

function listen(shared: SharedSession): void {
  const { platform, channel, isTalking } = shared;
  shared.stopListening = [];
  if (!isTalking) return;
  channel.open();
  const wake = () => {
    const { isAwaitingToken } = readCurrent(shared);
    const { status } = shared.session.getState();
    // A login elsewhere does not wait for a request.
    if (isAwaitingToken && status === "unauthenticated") shared.onSignIn.call();
  };
  const leave = () => channel.post("gone", shared.record);
  shared.stopListening = [platform.onWake(wake), platform.onStorage(wake), platform.onHide(leave)];
}
