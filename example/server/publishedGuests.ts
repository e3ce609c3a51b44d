import type { Queryable } from "./database.js";
import { guests } from "./seed.js";
import type { Sessions } from "./session/index.js";
import { findUserByEmail } from "./users.js";

/** Whether everybody knows this password: it stands in the code of the demonstration. */
export function isPublished(email: string, password: string): boolean {
  return guests.some((guest) => guest.email === email.toLowerCase() && guest.password === password);
}

/**
 * Signs out the guests of a demonstration that this database may have served before. Their passwords
 * open nothing without one.
 */
export async function signOutGuests(database: Queryable, sessions: Sessions): Promise<void> {
  for (const { email } of guests) {
    const found = await findUserByEmail(database, email);
    if (found) await sessions.revokeAll(found.user.id);
  }
}
