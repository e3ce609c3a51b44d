import type { LogoutReason } from "react-authed-query";
import { useSyncExternalStore, type ReactElement } from "react";

const sentences: Record<LogoutReason, string> = {
  refused: "The session has ended, and nothing of it is left here.",
  logout: "You have signed out. See you soon.",
  "other-tab": "You have signed out in another tab.",
  switched: "Someone else has signed in.",
};

let notice = "";
const listeners = new Set<() => void>();

/** Kept outside the tree, which is made anew when a session ends. */
export function announceSignOut(reason: LogoutReason): void {
  announce(sentences[reason]);
}

export function announce(sentence: string): void {
  notice = sentence;
  for (const listener of listeners) listener();
}

export function SignedOutNotice(): ReactElement {
  const text = useSyncExternalStore(subscribe, () => notice);
  return (
    <p className="notice" role="status" hidden={text === ""}>
      {text}
    </p>
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
