import type { Auth, AuthEvent, LogoutEvent, LogoutReason } from "react-authed-query";

/** What happens inside the library, and what the app is told of it. */
export type ParkEvent = AuthEvent | { type: "app-told"; reason: LogoutReason };

export interface Moment {
  id: number;
  at: Date;
  event: ParkEvent;
}

type TokenReceived = Extract<AuthEvent, { type: "token-received" }>;

export interface Chronicle {
  /** The newest first. */
  moments: readonly Moment[];
  /** The lifetime of the present access token; the token itself is in no event. */
  token: TokenReceived | undefined;
}

export interface Timeline {
  /** For `onLogout`: that the app was told, and how often. */
  noteLogout(event: LogoutEvent): void;
  getChronicle(): Chronicle;
  subscribe(listener: () => void): () => void;
}

const kept = 150;

/** Writes down what happens from now on, also while nobody looks. */
export function createTimeline(auth: Auth): Timeline {
  let chronicle: Chronicle = { moments: [], token: undefined };
  let count = 0;
  const listeners = new Set<() => void>();

  function note(event: ParkEvent): void {
    const moment = { id: (count += 1), at: new Date(), event };
    const moments = [moment, ...chronicle.moments].slice(0, kept);
    chronicle = { moments, token: tokenAfter(event, chronicle.token) };
    for (const listener of listeners) listener();
  }

  auth.onEvent(note);

  return {
    noteLogout: ({ reason }) => note({ type: "app-told", reason }),
    getChronicle: () => chronicle,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function tokenAfter(event: ParkEvent, token: TokenReceived | undefined): TokenReceived | undefined {
  if (event.type === "token-received") return event;
  return event.type === "session-ended" ? undefined : token;
}
