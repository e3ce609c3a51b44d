import { fieldsOf, isRecord, isWithin } from "../vocabulary/values.js";
import { isUsableToken } from "../token/accessToken.js";
import type { Instant } from "../platform/clock.js";
import { AuthError } from "../vocabulary/errors.js";
import type { EventDetails } from "../vocabulary/events.js";
import { createGrant, type Grant } from "../token/tokenSet.js";
import { isSamePerson, type Identify } from "../token/identity.js";
import type { Channel, Platform } from "../platform/platform.js";
import type { Handover, Session } from "../session/session.js";
import type { User } from "../vocabulary/user.js";
import { hashIdentity, isNewer, parseStamp, toStamp, yearMs, type Stamp } from "./sessionRecord.js";

/** The other tabs of this app: what they have done to the session, and the tokens they hand over. */
export interface Tabs {
  /** Acts on what other tabs have done. Asked before whatever depends on who is signed in. */
  sync(): void;
  /** What is known of the session, in whichever tab; `undefined` if nobody has ever signed in or out. */
  stamp(): Stamp | undefined;
  /** Another tab has signed in, and this one has no token yet. */
  isBehind(): boolean;
  /** Someone has signed in before, or nothing can tell. */
  isHinted(): boolean;
  /**
   * Someone signs in: unless the next token tells that it is the same person's, it is another's. It
   * has to come from the server.
   */
  doubt(): void;
  /** In turn: a token came. Tells whether it is of the same person as the session before. */
  received(grant: Grant, sentAt: Instant): boolean;
  /**
   * The session ended here, or something became of that: only a logout `isNew`. One that is `owed` the
   * others leave to this tab, for a while and for the `waitMs` in which it does nothing itself.
   */
  ended(state: Exclude<Stamp["state"], "in">, isNew?: boolean, waitMs?: number): void;
  /** The user edited the profile. */
  edited(user: User): void;
  /** A refresh is being sent. */
  announce(): void;
  /** Asks the other tabs for a token, if someone is signed in, and gives them a moment to answer. */
  ask(): Promise<void>;
  /** Gives a token that another tab has just received a moment to arrive. */
  awaitToken(): Promise<void>;
  /** If another tab has announced a refresh: gives its token a longer moment to arrive. */
  awaitAnnounced(): Promise<void>;
  dispose(): void;
}

/** What tabs do to this one. */
export interface TabsActions {
  /** Takes the token that another tab has handed over. */
  adopt(grant: Grant, sentAt: Instant): void;
  /** Gets a token for a session that began in another tab. */
  follow(): void;
  /** Tells the server of a logout that another tab was to tell it of. */
  tellPending(): void;
}

/** Messages of another version mean nothing. */
const version = 1;
const answerMs = 100;
const announcedMs = 500;
/** How long a logout is left to the tab that tells the server, which may have died. */
const tellingMs = 10_000;

/**
 * @param app - tabs of another app do not meet.
 * @param isTalking - `false`: nothing is said to the other tabs, and nothing heard.
 * @param shareToken - `false`: they hear who is signed in, and get their tokens for themselves.
 */
export function createTabs(
  session: Session,
  platform: Platform,
  app: string,
  isTalking: boolean,
  shareToken: boolean,
  identify: Identify | undefined,
  emit: (event: EventDetails) => void,
  { adopt, follow, tellPending }: TabsActions,
): Tabs {
  let isOpen = false;
  let channel: Channel | undefined;
  let stopListening: (() => void)[] = [];
  let stopTelling = () => {};
  const self = newId();
  const seen = new Set<string>();
  let stamp: Stamp | undefined;
  /** What stood in the storage when it was last looked at. */
  let stored: string | null | undefined;
  let isRefreshAnnounced = false;
  /** Another tab has signed in, and this one not yet. */
  let isBehind = false;
  /** Someone signs in here, or another person has elsewhere: the server has to say who it is. */
  let doubt: "login" | "switch" | undefined;
  const listening = new Set<() => void>();

  /** What was before this page is no news: the restoration asks for it. */
  function open(): void {
    if (isOpen) return;
    isOpen = true;
    stored = platform.readStorage(app);
    stamp = parseStamp(stored, platform.now());
    if (!isTalking) return;
    channel = platform.openChannel(app, hear);
    if (channel) emit({ type: "tab-joined", tab: self });
    stopListening = [platform.onWake(wake), platform.onStorage(wake), platform.onHide(leave)];
  }

  function leave(): void {
    post("gone");
  }

  function sync(): void {
    open();
    if (!isTalking) return;
    const text = platform.readStorage(app);
    if (text === stored) return;
    stored = text;
    const theirs = parseStamp(text, platform.now());
    notice(theirs);
    // Somebody cleared the storage, or two tabs wrote at once and the older stamp was left.
    if (stamp !== theirs) store();
  }

  function wake(): void {
    sync();
    // A login elsewhere does not wait for a request.
    if (isBehind && session.getState().status === "unauthenticated") follow();
  }

  function store(): void {
    platform.writeStorage(app, JSON.stringify(stamp));
    stored = platform.readStorage(app);
  }

  function write(next: Pick<Stamp, "state"> & Partial<Stamp>, since: number): void {
    stopTelling();
    const at = Math.max(Math.floor(since), (stamp?.at ?? 0) + 1);
    stamp = { id: newId(), who: {}, ...stamp, ...next, at };
    store();
  }

  function newId(): string {
    return `${platform.random()}`.slice(2);
  }

  function post(kind: string, fields?: object): void {
    try {
      channel?.post({ version, app, tab: self, kind, stamp, ...fields });
    } catch {
      // A user that cannot be cloned: the other tabs ask the server instead.
    }
  }

  function listen(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = platform.startTimer(done, ms);
      listening.add(done);
      function done(): void {
        stop();
        listening.delete(done);
        resolve();
      }
    });
  }

  function settle(): void {
    isRefreshAnnounced = false;
    for (const done of listening) done();
  }

  /**
   * Follows a newer stamp: the session it tells of ended, or someone signed in. The tab of the login
   * has judged whether that is the same person, and has kept the id or said which session that ended.
   * This tab judges only if it has missed that: it may know less.
   */
  function notice(next: Stamp | undefined, isTokenComing = false): void {
    if (!next || (stamp && !isNewer(next, stamp))) return;
    const { id, state, who, ended, waitMs = 0 } = next;
    const before = stamp?.id;
    stamp = next;
    settle();
    stopTelling();
    if (state === "owed") {
      // Another tab tells the server. If that dies, one of the others does: not all of them at once.
      const aliveMs = tellingMs * (1 + platform.random() / 2);
      stopTelling = platform.startTimer(tellPending, waitMs + aliveMs);
    }
    const { status } = session.getState();
    // Someone signs in on this page, so the session that was refused is an earlier one.
    if (state === "refused" && doubt === "login" && status === "loading") return;
    isBehind = false;
    doubt = undefined;
    const own = session.identity();
    const isOtherPerson =
      own && id !== before && (ended === before || !isSamePerson(hashIdentity(own, id), who, true));
    if (state === "refused") {
      // The person who was refused signed in while this tab slept.
      if (isOtherPerson) session.end("switched");
      else if (status !== "unauthenticated") session.refuse(new AuthError("refused"));
    } else if (state !== "in") {
      // Else the server has been told of the logout.
      if (id !== before) session.end("other-tab");
    } else if (status !== "loading") {
      isBehind = true;
      if (isOtherPerson) {
        doubt = "switch";
        session.end("switched");
      } else session.spoil();
      if (isOtherPerson || !isTokenComing) follow();
    }
  }

  function hear(message: unknown): void {
    const { kind, tab, user, ...fields } = fieldsOf(message);
    if (fields["version"] !== version || fields["app"] !== app || typeof tab !== "string") return;
    if (kind === "gone") {
      if (seen.delete(tab)) emit({ type: "tab-gone", tab });
    } else if (!seen.has(tab)) {
      seen.add(tab);
      emit({ type: "tab-seen", tab });
    }
    const now = platform.now();
    const next = toStamp(fields["stamp"], now);
    const handover = kind === "token" && readHandover(fields, now);
    if (!next || handover === undefined || (user !== undefined && !isRecord(user))) return;
    sync();
    notice(next, !!handover);
    // Of a session that is over here.
    if (next.at !== stamp?.at || next.id !== stamp.id || next.state !== "in") return;
    if (kind === "refreshing") {
      isRefreshAnnounced = true;
      emit({ type: "tab-refreshing", tab });
    }
    if (kind === "ask") handOver(session.handover());
    // The app registers the type of its user, and another tab of it has sent this one.
    const known: unknown = user;
    const shown = known as User | undefined;
    if (kind === "user" && shown) follows(shown);
    if (handover && !doubt) take({ ...handover, user: shown }, tab);
  }

  function follows(user: User): void {
    try {
      session.setUser(user);
    } catch {
      // Another user, or nobody: no message makes anyone somebody else.
    }
  }

  function take({ token, sentAt: theirs, lifetimeSeconds, user }: Handover, tab: string): void {
    // The clock may have been set back since; nothing was asked for in the future.
    const sentAt = Math.min(theirs, platform.now());
    const before = stamp;
    const grant = createGrant(token, lifetimeSeconds, user, identify);
    // `identify` is user code, and may have signed out.
    if (stamp !== before) return;
    if (!isSamePerson(session.identity() ?? {}, grant.identity, false)) {
      session.spoil();
      return follow();
    }
    const pass = session.pass();
    if (pass && session.freshness(pass) !== "due" && pass.sentAt.wall >= sentAt) return;
    const agoMs = platform.now() - sentAt;
    isBehind = false;
    adopt(grant, { wall: sentAt, monotonic: platform.monotonicNow() - agoMs });
    settle();
    emit({ type: "token-adopted", tab });
  }

  function handOver(handover: Handover | undefined): void {
    if (!channel || !shareToken || !handover) return;
    post("token", handover);
    emit({ type: "token-handed-over" });
  }

  return {
    sync,
    stamp: () => stamp,
    isBehind: () => isBehind,
    isHinted: () => stored === undefined || stamp?.state === "in",
    doubt: () => void (doubt = "login"),
    received({ token, lifetimeSeconds, user, identity }, sentAt) {
      const { id: before = "", state, who = {}, ended } = stamp ?? {};
      const begins = doubt === "login" || state !== "in";
      const own = session.identity();
      const known = own ? hashIdentity(own, before) : who;
      const isSame = isSamePerson(known, hashIdentity(identity, before), begins);
      isBehind = false;
      doubt = undefined;
      if (begins || !isSame) {
        const id = isSame ? before : newId();
        const next = { id, who: hashIdentity(identity, id), ended: isSame ? ended : before };
        // A logout that this tab has not heard of yet, but came after the call, is the newer.
        write({ ...next, state: "in" }, sentAt.wall);
        if (!shareToken) post("stamp");
      }
      handOver({ token, lifetimeSeconds, user, sentAt: sentAt.wall });
      return isSame;
    },
    ended(state, isNew, waitMs) {
      // Each logout is one of its own. What becomes of it is not, and is no newer: someone may have
      // signed in since whom this tab has not heard of.
      const next = { state, waitMs, ...(isNew && { id: newId() }) };
      write(next, isNew ? platform.now() : 0);
      isBehind = false;
      post("stamp");
    },
    edited: (user) => post("user", { user }),
    announce: () => post("refreshing"),
    async ask() {
      if (!channel || doubt || stamp?.state !== "in") return;
      post("ask");
      await listen(answerMs);
    },
    async awaitToken() {
      if (channel && shareToken) await listen(answerMs);
    },
    async awaitAnnounced() {
      if (isRefreshAnnounced) await listen(announcedMs);
      isRefreshAnnounced = false;
    },
    dispose() {
      leave();
      stopTelling();
      for (const stop of stopListening) stop();
      channel?.close();
    },
  };
}

function readHandover({ token, lifetimeSeconds, sentAt }: Record<string, unknown>, now: number) {
  if (!isUsableToken(token) || !isWithin(sentAt, now - yearMs, now + yearMs)) return undefined;
  // Servers that call a token endless end it in the year 9999.
  if (lifetimeSeconds !== undefined && !isWithin(lifetimeSeconds, 0, 1e12)) return undefined;
  return { token, sentAt, lifetimeSeconds };
}
