import { createAuth, type Auth } from "react-authed-query";
import { onTestFinished } from "vitest";
import type { Platform } from "../../src/core/platform/platform.js";
import type { TabbedBrowser } from "./tabbedBrowser.js";

/** What all tabs know of the session, as it stands in the storage and goes with each message. */
export interface Mark {
  revision: number;
  sessionId: string;
  status: string;
  identityHash: object;
}

/** The one key in the storage and the mark that stands there. */
export function stored({ origin }: TabbedBrowser): { key: string; mark: Mark } {
  const [[key, text] = ["", "{}"]] = origin.storage;
  // The library has written it.
  return { key, mark: JSON.parse(text) as Mark };
}

/** Sends a message in the name of a third tab that knows this mark. */
export function say(
  { origin }: TabbedBrowser,
  kind: string,
  mark: Mark,
  fields: object = {},
): void {
  const [{ name, message } = { name: "", message: {} }] = origin.posted;
  origin.post(name, { ...Object(message), tab: "third", kind, record: mark, ...fields });
}

/** A tab of this browser with another platform. */
export function openOn(
  { server, clock, origin }: TabbedBrowser,
  change: (shared: Partial<Platform>) => Partial<Platform>,
): Auth {
  const shared = origin.tab();
  const auth = createAuth(
    { baseURL: server.url, fetch: server.fetch },
    { ...clock.platform, ...shared, ...change(shared) },
  );
  onTestFinished(() => auth.dispose());
  return auth;
}
