import type { RefreshCause } from "react-authed-query";
import type { ParkEvent } from "./timeline.js";

/** What kind of thing happened: it colours the line. */
export type Tone = "plain" | "token" | "refresh" | "replay" | "fault";

const causes: Record<RefreshCause, string> = {
  restore: "the page was loaded",
  unauthorized: "a request was answered 401",
  expired: "the day pass is over, and requests wait",
  ahead: "the day pass is nearly over, and requests go on",
  forced: "it was asked for",
  "other-tab": "someone signed in in another tab",
};

/** An event as a line of the timeline. */
export function tell(event: ParkEvent): { tone: Tone; text: string } {
  switch (event.type) {
    case "request-sent":
      return { tone: "plain", text: `${requestOf(event)} sets out` };
    case "request-replayed":
      return { tone: "replay", text: `${requestOf(event)} rides again, with the new pass` };
    case "request-answered":
      return {
        tone: (event.status ?? 500) < 400 ? "plain" : "fault",
        text: `${requestOf(event)} is answered ${event.status ?? "by nobody"}`,
      };
    case "token-rejected":
      return { tone: "replay", text: `#${event.request} is answered ${event.status}: an old pass` };
    case "refresh-sent":
      return { tone: "refresh", text: `Refresh: ${causes[event.cause]}` };
    case "refresh-answered":
      return {
        tone: event.verdict === "success" ? "refresh" : "fault",
        text: `Refresh: ${event.verdict}${event.status ? `, ${event.status}` : ""}, in ${Math.round(event.durationMs)} ms`,
      };
    case "paused":
      return { tone: "fault", text: `No refresh before ${timeOf(new Date(event.until))}` };
    case "resumed":
      return { tone: "plain", text: "A refresh may be tried again" };
    case "refresh-blocked":
      return {
        tone: "fault",
        text: `${event.method} ${event.path}: no refresh before ${timeOf(new Date(event.until))}`,
      };
    case "token-expired":
      return { tone: "token", text: "The day pass is given up" };
    case "token-received":
      return {
        tone: "token",
        text: `Day pass no. ${event.tokenVersion}${event.lifetimeMs ? `, good for ${Math.round(event.lifetimeMs / 1000)} s` : ""}`,
      };
    case "session-started":
      return { tone: "token", text: "The session begins" };
    case "session-ended":
      return { tone: "fault", text: `The session ends: ${event.reason}` };
    case "app-told":
      return { tone: "plain", text: `The app is told: onLogout, ${event.reason}` };
    case "token-handed-over":
      return { tone: "token", text: "The day pass is offered to other tabs" };
    case "token-adopted":
      return { tone: "token", text: "The day pass comes from another tab" };
    case "tab-joined":
      return { tone: "plain", text: "This tab joins the others" };
    case "tab-refreshing":
      return { tone: "refresh", text: "Another tab sends a refresh" };
    case "tab-seen":
      return { tone: "plain", text: "Another tab is open" };
    case "tab-gone":
      return { tone: "plain", text: "Another tab is gone" };
    default:
      return event satisfies never;
  }
}

export function timeOf(date: Date): string {
  return date.toLocaleTimeString(undefined, { hourCycle: "h23" });
}

function requestOf({ id, method, path }: { id: number; method: string; path: string }): string {
  return `#${id} ${method.toUpperCase()} ${path}`;
}
