import { isAxiosError } from "axios";
import { AuthError } from "react-authed-query";

export interface Ride {
  id: string;
  name: string;
  land: string;
  description: string;
  thrill: "gentle" | "family" | "wild";
  minHeightCm: number;
  durationMinutes: number;
  queueMinutes: number;
  open: boolean;
}

export interface Booking {
  id: string;
  rideId: string;
  rideName: string;
  seats: number;
  note: string;
  at: string;
  /** The server has not answered yet. */
  isUnderWay?: boolean;
}

/** A booking as an admin sees it. */
export interface GuestBooking extends Booking {
  guestName: string;
}

export interface Session {
  id: string;
  current: boolean;
  userAgent: string;
  startedAt: string;
  lastUsedAt: string;
  /** How many refreshes were answered a second time. */
  repeats: number;
}

/** What the park's server says when it cannot do what it was asked. */
export interface Problem {
  error: string;
  detail: string;
  fields?: Record<string, string>;
}

/** The server's problem, wherever the error carries it. */
export function problemOf(error: unknown): Problem | undefined {
  const data: unknown =
    error instanceof AuthError ? error.data : isAxiosError(error) && error.response?.data;
  return isProblem(data) ? data : undefined;
}

/** No token was to be had, so nothing was done. The session goes on once there is one. */
export function isOutage(error: unknown): boolean {
  const reason = reasonOf(error);
  // A refresh that cures nothing (401) was answered.
  return (reason?.code === "unavailable" || reason?.code === "timeout") && reason.status !== 401;
}

/** The request was sent, and nobody knows what became of it. */
export function isUnanswered(error: unknown): boolean {
  return isAxiosError(error) && error.code === "ERR_NETWORK" && !reasonOf(error);
}

/** One sentence for a person. */
export function sentenceFor(error: unknown): string {
  const reason = reasonOf(error);
  if (reason && isOutage(reason)) {
    return `We cannot reach the park just now. ${nextTryOf(reason)}`;
  }
  if (reason?.code === "refused") {
    return "Your session had ended, and nothing was done. Please try again.";
  }
  if (isAxiosError(error) && error.response?.status === 401) {
    return "The park does not let you do this.";
  }
  return problemOf(error)?.detail ?? "We cannot reach the park right now. Please try again.";
}

/** When a token is asked for again, if it is. */
export function nextTryOf({ retryAt }: AuthError): string {
  if (retryAt === undefined) return "";
  const time = new Date(retryAt).toLocaleTimeString(undefined, { timeStyle: "medium" });
  return `The next try is at ${time}.`;
}

export function seatsOf(count: number): string {
  return `${count} ${count === 1 ? "seat" : "seats"}`;
}

export function timeOfDay(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { timeStyle: "short" });
}

export function dateAndTime(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** The library's error: an axios error has it as its cause. */
function reasonOf(error: unknown): AuthError | undefined {
  const reason = isAxiosError(error) ? error.cause : error;
  return reason instanceof AuthError ? reason : undefined;
}

function isProblem(data: unknown): data is Problem {
  return typeof data === "object" && data !== null && "detail" in data;
}
