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

/** One sentence for a person. */
export function sentenceFor(error: unknown): string {
  const cause = isAxiosError(error) ? error.cause : error;
  if (cause instanceof AuthError && cause.code === "refused") {
    return "Your session had ended, and nothing was done. Please try again.";
  }
  return problemOf(error)?.detail ?? "We cannot reach the park right now. Please try again.";
}

export function seatsOf(count: number): string {
  return `${count} ${count === 1 ? "seat" : "seats"}`;
}

export function dateAndTime(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

function isProblem(data: unknown): data is Problem {
  return typeof data === "object" && data !== null && "detail" in data;
}
