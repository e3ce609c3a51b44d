import type { AuthEvent, LogoutReason, RefreshCause } from "../../index.js";

/** The state that the events of a session add up to. */
export interface AuthModel {
  /** The access token that requests carry; `null` if there is none, or none was heard of. */
  readonly token: TokenLife | null;
  readonly session: { readonly since: number } | null;
  /** How many sessions were heard of. */
  readonly sessions: number;
  /** Why the latest session ended. */
  readonly lastEnd: { readonly reason: LogoutReason; readonly at: number } | null;
  /** The name of this tab among the others; `undefined` where tabs do not talk. */
  readonly ownTab: string | undefined;
  readonly otherTabs: readonly OtherTab[];
  /** Who got the present token from the server, or gets the next. */
  readonly lastRefresh: Refresh | null;
  /** After a failed call: nobody tries again before `until`. */
  readonly backoff: Wait | null;
  /** After refreshes that cured nothing: no 401 starts one before `until`. */
  readonly breaker: Wait | null;
  /** The endpoints of which that is true. */
  readonly blocked: readonly BlockedEndpoint[];
  readonly counts: Counts;
}

/** The life of an access token. Times are milliseconds since the epoch. */
export interface TokenLife {
  /** When it was asked for. */
  readonly from: number;
  /** From then on it is refreshed in the background; the times are `undefined` if nothing tells them. */
  readonly refreshAt: number | undefined;
  /** From then on requests wait for the next. */
  readonly expiresAt: number | undefined;
  /** When the server refuses it. */
  readonly endsAt: number | undefined;
  /** It was given up before its time. */
  readonly isExpired: boolean;
  /** The tab that handed it over; `undefined` if this one got it. */
  readonly givenBy: string | undefined;
}

/** Another tab of the app. */
export interface OtherTab {
  readonly id: string;
  /** When it last sent a refresh. */
  readonly refreshedAt?: number;
  /** When it last handed its token to this tab. */
  readonly gaveAt?: number;
  /** When this tab last handed its token to it. */
  readonly wasGivenAt?: number;
}

/** A refresh, in whichever tab. */
export interface Refresh {
  /** `undefined`: this tab. */
  readonly tab: string | undefined;
  readonly at: number;
  readonly cause?: RefreshCause;
  /** The result; `undefined` while it is on its way, and for other tabs. */
  readonly verdict?: string;
}

/** A time in which something is not tried. */
export interface Wait {
  readonly until: number;
  readonly code: string;
  readonly status: number | undefined;
}

/** An endpoint whose 401 starts no refresh. */
export interface BlockedEndpoint {
  readonly name: string;
  readonly status: number | undefined;
  readonly until: number;
}

/** How often something happened. */
export interface Counts {
  readonly requests: number;
  readonly refreshes: number;
  readonly replays: number;
}

export const noCounts: Counts = { requests: 0, refreshes: 0, replays: 0 };

/** Before anything was heard of. */
export const emptyModel: AuthModel = {
  token: null,
  session: null,
  sessions: 0,
  lastEnd: null,
  ownTab: undefined,
  otherTabs: [],
  lastRefresh: null,
  backoff: null,
  breaker: null,
  blocked: [],
  counts: noCounts,
};

/** The model after one more event. */
export function afterEvent(model: AuthModel, event: AuthEvent): AuthModel {
  switch (event.type) {
    case "request-sent":
      return count(model, "requests");
    case "request-replayed":
      return count(model, "replays");
    case "request-answered":
      return unblock(model, event);
    case "refresh-sent":
      return {
        ...count(model, "refreshes"),
        lastRefresh: { tab: undefined, at: event.at, cause: event.cause },
      };
    case "refresh-answered":
      return {
        ...model,
        lastRefresh: {
          tab: undefined,
          at: event.at,
          cause: event.cause,
          verdict: event.verdict,
        },
      };
    case "token-received":
      return { ...model, token: lifeOf(event) };
    case "token-expired":
      return { ...model, token: model.token && { ...model.token, isExpired: true } };
    case "session-started": {
      // Not the id of its scope: there is one for the time without a session, too.
      const sessions = model.sessions + 1;
      return { ...withoutWaits(model), sessions, session: { since: event.at } };
    }
    case "session-ended":
      return {
        ...withoutWaits(model),
        token: null,
        session: null,
        lastEnd: { reason: event.reason, at: event.at },
      };
    case "paused":
    case "resumed":
    case "refresh-blocked":
      return afterWait(model, event);
    default:
      return afterTabs(model, event);
  }
}

type EventOf<Type> = Extract<AuthEvent, { type: Type }>;

function count(model: AuthModel, name: keyof Counts): AuthModel {
  return { ...model, counts: { ...model.counts, [name]: model.counts[name] + 1 } };
}

function lifeOf(event: EventOf<"token-received">): TokenLife {
  const from = event.sentAt;
  const at = (ms: number | undefined) => (ms === undefined ? undefined : from + ms);
  return {
    from,
    refreshAt: at(event.refreshAfterMs),
    expiresAt: at(event.expiresAfterMs),
    endsAt: at(event.lifetimeMs),
    isExpired: false,
    givenBy: undefined,
  };
}

/** They belong to the session that is over. */
function withoutWaits(model: AuthModel): AuthModel {
  return { ...model, backoff: null, breaker: null, blocked: [] };
}

function afterWait(
  model: AuthModel,
  event: EventOf<"paused" | "resumed" | "refresh-blocked">,
): AuthModel {
  if (event.type === "resumed") return { ...model, backoff: null, breaker: null };
  const { until, status } = event;
  if (event.type === "refresh-blocked") {
    const name = `${event.method} ${event.path}`;
    const others = model.blocked.filter((each) => each.name !== name);
    return { ...model, blocked: [...others, { name, status, until }] };
  }
  const wait = { until, status, code: event.code };
  // A call to the auth server that is answered as these endpoints are ends the session, and pauses nothing.
  // Without a status: the network failed, and what the endpoint was sent could not be sent again.
  const isBreaker = !!status && model.blocked.some((each) => each.status === status);
  return isBreaker ? { ...model, breaker: wait } : { ...model, backoff: wait };
}

/** Unblocks an endpoint that answered otherwise. */
function unblock(
  model: AuthModel,
  { method, path, status }: { method: string; path: string; status: number | undefined },
): AuthModel {
  const isBlocked = (each: BlockedEndpoint) =>
    status === undefined || each.name !== `${method} ${path}` || each.status === status;
  return model.blocked.every(isBlocked)
    ? model
    : { ...model, blocked: model.blocked.filter(isBlocked) };
}

function afterTabs(model: AuthModel, event: AuthEvent): AuthModel {
  const { otherTabs } = model;
  switch (event.type) {
    case "tab-joined":
      return { ...model, ownTab: event.tab };
    case "tab-seen":
      return withTab(model, { id: event.tab });
    case "tab-gone":
      return { ...model, otherTabs: otherTabs.filter(({ id }) => id !== event.tab) };
    case "tab-refreshing": {
      const lastRefresh = { tab: event.tab, at: event.at };
      return { ...withTab(model, { id: event.tab, refreshedAt: event.at }), lastRefresh };
    }
    case "token-adopted": {
      const token = model.token && { ...model.token, givenBy: event.tab };
      return { ...withTab(model, { id: event.tab, gaveAt: event.at }), token };
    }
    case "token-handed-over":
      return {
        ...model,
        otherTabs: otherTabs.map((tab) => ({ ...tab, wasGivenAt: event.at })),
      };
    default:
      // An event of a later version.
      return model;
  }
}

function withTab(model: AuthModel, tab: OtherTab): AuthModel {
  const known = model.otherTabs.find(({ id }) => id === tab.id);
  const otherTabs = known
    ? model.otherTabs.map((each) => (each === known ? { ...known, ...tab } : each))
    : [...model.otherTabs, tab];
  return { ...model, otherTabs };
}
