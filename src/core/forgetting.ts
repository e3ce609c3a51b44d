import { misuse } from "./misuse.js";
import type { Session } from "./session.js";

/** When a user's data has to be forgotten. */
export type Forgetting = Pick<Session, "onForget" | "forgettings">;

const known = new WeakMap<object, Forgetting>();

/** Lets the React skin forget a user's data at the right moment, without a public member for it. */
export function exposeForgetting(auth: object, forgetting: Forgetting): void {
  known.set(auth, forgetting);
}

/** @throws TypeError for anything that `createAuth` did not make. */
export function forgettingOf(auth: object): Forgetting {
  const forgetting = known.get(auth);
  if (!forgetting) throw misuse("not_an_auth");
  return forgetting;
}
