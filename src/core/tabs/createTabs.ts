import { createListeners, untilCalled } from "../platform/listeners.js";
import { unlessExpired } from "../token/accessToken.js";
import { isSamePerson } from "../token/identity.js";
import { createTokenSet } from "../token/tokenSet.js";
import { AuthError } from "../vocabulary/errors.js";
import type { User } from "../vocabulary/user.js";
import {
  hashIdentity,
  isNewer,
  isOtherPerson,
  newId,
  parseSessionRecord,
  type SessionRecord,
} from "./sessionRecord.js";
import {
  openTabChannel,
  type TabChannel,
  type TabMessage,
  type TokenMessage,
} from "./tabChannel.js";
import type { PresentSession, RecordChange, SharedToken, Tabs, TabsDependencies } from "./tabs.js";

const answerMs = 100;
const announcedMs = 500;

// oxlint-disable-next-line max-lines-per-function -- The functions of a factory share its variables. None is over 60 lines.
export function createTabs({ session, platform, emit, key, options }: TabsDependencies): Tabs {
  const { shareToken, isTalking } = options.tabs;
  const onToken = createListeners<SharedToken>();
  const onSignIn = createListeners<void>();
  const onRecord = createListeners<RecordChange>();
  let channel: TabChannel | undefined;
  /** `undefined` before the first look. */
  let stopListening: (() => void)[] | undefined;
  let record: SessionRecord | undefined;
  /** The text in the storage at the last look; `undefined` where there is no storage. */
  let stored: string | null | undefined;
  let isAwaitingToken = false;
  /** Someone signs in here, or another person did in another tab: the server has to say who it is. */
  let unverified: "login" | "switch" | undefined;
  let isRefreshAnnounced = false;
  const news = createListeners<void>();

  function catchUp(): PresentSession {
    if (!stopListening) start();
    else if (isTalking) lookIntoStorage();
    return { scope: session.scope(), token: session.currentToken(), record, isAwaitingToken };
  }

  /** The first look changes nothing: the restoration asks for the record that is there. */
  function start(): void {
    stopListening = [];
    stored = platform.readStorage(key);
    record = parseSessionRecord(stored, platform.now());
    if (!isTalking) return;
    channel = openTabChannel({ platform, app: key, emit, onMessage });
    stopListening = [
      platform.onWake(wake),
      platform.onStorage(wake),
      platform.onHide(() => post("gone")),
    ];
  }

  function lookIntoStorage(): void {
    const text = platform.readStorage(key);
    if (text === stored) return;
    stored = text;
    const theirs = parseSessionRecord(text, platform.now());
    followRecord(theirs);
    // Somebody cleared the storage; or two tabs wrote at once, and the older record is stored.
    if (record !== theirs) storeRecord();
  }

  function storeRecord(): void {
    platform.writeStorage(key, JSON.stringify(record));
    stored = platform.readStorage(key);
  }

  function wake(): void {
    catchUp();
    // A login elsewhere does not wait for a request.
    if (isAwaitingToken && session.getState().status === "unauthenticated") onSignIn.call();
  }

  function onMessage({ kind, record: theirs, user, token, tab }: TabMessage): void {
    catchUp();
    followRecord(theirs, !!token);
    // The message belongs to a session that has ended here.
    if (record?.status !== "signed-in" || isNewer(record, theirs)) return;
    if (kind === "refreshing") isRefreshAnnounced = true;
    if (kind === "ask") shareCurrentToken();
    if (kind === "user" && user) followUser(user);
    if (token && !unverified) adoptToken({ ...token, user }, tab);
  }

  /** Follows a newer record: the session it tells of ended, or someone signed in. */
  function followRecord(next: SessionRecord | undefined, isTokenComing = false): void {
    if (!next || (record && !isNewer(next, record))) return;
    const before = record?.sessionId;
    record = next;
    tellNews();
    onRecord.call({ record, isOwn: false });
    const { status } = session.getState();
    // Someone signs in on this page, so the session that was refused is an earlier one.
    if (next.status === "refused" && unverified === "login" && status === "loading") return;
    isAwaitingToken = false;
    unverified = undefined;
    const isOther = isOtherPerson(next, before, session.identity());
    if (next.status === "refused") {
      // Someone else may have signed in, and been refused, while this tab slept.
      if (isOther) session.end("switched");
      else if (status !== "unauthenticated") session.refuse(new AuthError("refused"));
    } else if (next.status !== "signed-in") {
      // A record with the same id is about a logout that this tab knows.
      if (next.sessionId !== before) session.end("other-tab");
    } else if (status !== "loading") {
      isAwaitingToken = true;
      if (isOther) unverified = "switch";
      if (isOther) session.end("switched");
      else session.expireToken();
      // A listener may have signed out.
      if (record === next && (isOther || !isTokenComing)) onSignIn.call();
    }
  }

  function followUser(user: User): void {
    try {
      session.setUser(user);
    } catch {
      // Another user, or nobody: a message never changes who is signed in.
    }
  }

  function adoptToken(message: TokenMessage, tab: string): void {
    // The clock may have been set back since then: no token was asked for in the future.
    const wall = Math.min(message.sentAt, platform.now());
    const before = record;
    const tokenSet = createTokenSet(message, options.identify);
    // `identify` is user code, and may have signed out.
    if (record !== before) return;
    if (!isSamePerson(session.identity() ?? {}, tokenSet.identity, false)) {
      session.expireToken();
      return onSignIn.call();
    }
    const present = unlessExpired(session.currentToken(), platform);
    if (present && present.sentAt.wall >= wall) return;
    isAwaitingToken = false;
    const monotonic = platform.monotonicNow() - (platform.now() - wall);
    onToken.call({ tokenSet, sentAt: { wall, monotonic } });
    tellNews();
    emit({ type: "token-adopted", tab });
  }

  function shareCurrentToken(): void {
    const token = unlessExpired(session.currentToken(), platform);
    if (!token) return;
    const { value, sentAt, expiry } = token;
    const lifetimeSeconds = expiry && expiry.lifetimeMs / 1000;
    postToken({ token: value, sentAt: sentAt.wall, lifetimeSeconds, user: session.namedUser() });
  }

  function postToken(message: TokenMessage): void {
    if (!channel || !shareToken) return;
    post("token", message);
    emit({ type: "token-handed-over" });
  }

  const post = (kind: string, fields?: object) => channel?.post({ kind, record, ...fields });

  /**
   * @param since - when the change came; if omitted, right after the present record. Someone may have
   * signed in later, and this tab has not heard of it.
   */
  function writeRecord(change: Pick<SessionRecord, "status"> & Partial<SessionRecord>, since = 0) {
    const revision = Math.max(Math.floor(since), (record?.revision ?? 0) + 1);
    record = { sessionId: newId(platform), identityHash: {}, ...record, ...change, revision };
    isAwaitingToken = false;
    onRecord.call({ record, isOwn: true });
    storeRecord();
  }

  function publish(change: Pick<SessionRecord, "status"> & Partial<SessionRecord>, since?: number) {
    writeRecord(change, since);
    post("record");
  }

  const isSignedIn = () => record?.status === "signed-in";

  function tellNews(): void {
    isRefreshAnnounced = false;
    news.call();
  }

  return {
    onToken: onToken.add,
    onSignIn: onSignIn.add,
    onRecord: onRecord.add,
    catchUp,
    isHinted: () => stored === undefined || isSignedIn(),
    expectSignIn: () => void (unverified = "login"),
    publishToken({ token, lifetimeSeconds, user, identity }, sentAt) {
      const { sessionId: before = "", identityHash = {}, endedSessionId } = record ?? {};
      const begins = unverified === "login" || !isSignedIn();
      const own = session.identity();
      const known = own ? hashIdentity(own, before) : identityHash;
      const isSame = isSamePerson(known, hashIdentity(identity, before), begins);
      isAwaitingToken = false;
      unverified = undefined;
      if (begins || !isSame) {
        const sessionId = isSame ? before : newId(platform);
        const change = {
          sessionId,
          identityHash: hashIdentity(identity, sessionId),
          endedSessionId: isSame ? endedSessionId : before,
        };
        // `sentAt` decides, so that a later logout wins even if this tab has not heard of it yet.
        writeRecord({ ...change, status: "signed-in" }, sentAt.wall);
        if (!shareToken) post("record");
      }
      postToken({ token, lifetimeSeconds, user, sentAt: sentAt.wall });
      return isSame;
    },
    publishLogout() {
      // Each logout has its own id.
      const sessionId = newId(platform);
      publish({ status: "logout-pending", sessionId, retryInMs: undefined }, platform.now());
    },
    publishStatus: (status, retryInMs) => publish({ status, retryInMs }),
    publishUser: (user) => post("user", { user }),
    announceRefresh: () => post("refreshing"),
    async askForToken() {
      if (!channel || unverified || !isSignedIn()) return;
      post("ask");
      await untilCalled(news, platform, answerMs);
    },
    async awaitToken() {
      if (channel && shareToken) await untilCalled(news, platform, answerMs);
    },
    async awaitAnnouncedToken(isCertain) {
      if (channel && (isCertain || isRefreshAnnounced))
        await untilCalled(news, platform, announcedMs);
      isRefreshAnnounced = false;
    },
    dispose() {
      post("gone");
      for (const stop of stopListening ?? []) stop();
      channel?.close();
    },
  };
}
