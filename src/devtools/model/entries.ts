import type { AuthEvent } from "../../index.js";
import { answerText, clockTime, duration, hideTokens, tabName } from "./wording.js";

/** The lanes of the timeline, from top to bottom. Many requests go on at once, so they are the last. */
export const lanes = ["Session", "Tabs", "Refreshes", "Requests"] as const;
/** One of the lanes of the timeline. */
export type Lane = (typeof lanes)[number];

/** `bad`: it failed. `plain`: there is nothing to judge. */
export type Tone = "good" | "bad" | "plain";

/** One event, as the timeline tells it. */
export interface Entry {
  readonly lane: Lane;
  readonly title: string;
  /** A few words about it. */
  readonly text: string;
  /** The same for all that belongs together; if omitted, it stands alone. */
  readonly subject?: string;
  /** It is the last of its subject. */
  readonly isOver?: boolean;
  /** From then on a new token is waited for. */
  readonly isWait?: boolean;
  readonly tone?: Tone;
}

/** `undefined` for what a later version of the library tells. */
export function entryOf(event: AuthEvent): Entry | undefined {
  switch (event.type) {
    case "request-sent":
    case "request-replayed":
    case "request-answered":
    case "token-rejected":
      return ofRequest(event);
    case "refresh-sent":
    case "refresh-answered":
    case "refresh-blocked":
    case "paused":
    case "resumed":
      return ofRefresh(event);
    case "tab-joined":
    case "tab-seen":
    case "tab-gone":
    case "tab-refreshing":
    case "token-adopted":
    case "token-handed-over":
      return ofTabs(event);
    default:
      return ofSession(event);
  }
}

type EventOf<Type> = Extract<AuthEvent, { type: Type }>;

function ofRequest(event: Extract<AuthEvent, { id: number }> | EventOf<"token-rejected">): Entry {
  const lane = "Requests";
  if (event.type === "token-rejected") {
    const subject = `request ${event.request}`;
    const text = answerText("token rejected", event.status);
    return { lane, title: "A request", subject, text, isWait: true };
  }
  const { id, method, path, status } = event;
  const common = {
    lane,
    title: hideTokens(`${method} ${path}`),
    subject: `request ${id}`,
  } as const;
  if (event.type === "request-sent") return { ...common, text: "sent" };
  if (event.type === "request-replayed") return { ...common, text: "sent again" };
  const tone = status !== undefined && status < 400 ? "good" : "bad";
  const text = status === undefined ? "ended without an answer" : `answered ${status}`;
  return { ...common, text, tone, isOver: true };
}

function ofRefresh(
  event: EventOf<"refresh-sent" | "refresh-answered" | "refresh-blocked" | "paused" | "resumed">,
): Entry {
  const lane = "Refreshes";
  if (event.type === "resumed") return { lane, title: "Pause", text: "over" };
  if (event.type === "paused") {
    const text = `${answerText(event.code, event.status)}, until ${clockTime(event.until)},`;
    return { lane, title: "Pause", text, tone: "bad" };
  }
  if (event.type === "refresh-blocked") {
    const title = hideTokens(`${event.method} ${event.path}`);
    const text = `starts no refresh until ${clockTime(event.until)}, noted`;
    return { lane, title, text, tone: "bad" };
  }
  const subject = `refresh ${event.cause}`;
  const common = { lane, title: `Refresh (${event.cause})`, subject } as const;
  if (event.type === "refresh-sent") return { ...common, text: "sent" };
  const { verdict, status } = event;
  const tone = verdict === "success" ? "good" : "bad";
  return { ...common, text: answerText(verdict, status), tone, isOver: true };
}

function ofTabs(
  event: EventOf<
    | "tab-joined"
    | "tab-seen"
    | "tab-gone"
    | "tab-refreshing"
    | "token-adopted"
    | "token-handed-over"
  >,
): Entry {
  const lane = "Tabs";
  if (event.type === "token-handed-over") {
    return { lane, title: "This tab", text: "offered its token to the other tabs" };
  }
  const title = tabName(event.tab);
  const subject = `tab ${event.tab}`;
  switch (event.type) {
    case "tab-joined":
      return { lane, title: "This tab", text: `joined as ${title}` };
    case "tab-seen":
      return { lane, title, text: "heard of" };
    case "tab-gone":
      return { lane, title, text: "gone", subject, isOver: true };
    case "tab-refreshing":
      return { lane, title, text: "sent a refresh", subject };
    default:
      return { lane, title, text: "handed its token to this tab", subject, isOver: true };
  }
}

function ofSession(event: AuthEvent): Entry | undefined {
  const lane = "Session";
  switch (event.type) {
    case "token-received": {
      const { lifetimeMs } = event;
      const life = lifetimeMs === undefined ? "" : `, good for ${duration(lifetimeMs)},`;
      return { lane, title: "Token", text: `received${life}`, tone: "good" };
    }
    case "token-expired":
      return { lane, title: "Token", text: "given up" };
    case "session-started":
      return { lane, title: "Session", text: "started", tone: "good" };
    case "session-ended":
      return {
        lane,
        title: "Session",
        text: `ended (${event.reason})`,
        tone: event.reason === "refused" ? "bad" : "plain",
      };
    default:
      return undefined;
  }
}
