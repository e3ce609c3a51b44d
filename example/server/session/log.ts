import { createHash } from "node:crypto";

/** Told of each thing that happens to a session. Is given ids, never a token or a password. */
export type SessionLog = (event: string, about: Record<string, string | number>) => void;

/**
 * Shows that two lines are of one address. Hides the address from a glance, not from somebody who
 * hashes all of them.
 */
export function shortHash(address: string): string {
  return createHash("sha256").update(address).digest("base64url").slice(0, 12);
}

/** What the browser says it is, cut to a length that a row and a line can hold. */
export function agentOf(request: Request): string {
  return (request.headers.get("user-agent") ?? "").slice(0, 300);
}
