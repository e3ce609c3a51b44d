import { isRecord, type Claims } from "./accessToken.js";
import type { User } from "./session.js";

/** What is known of who someone is, by field, such as `claims.sub`. */
export type Identity = Readonly<Record<string, unknown>>;

/** Tells who it is as one string, or `undefined` if that cannot be told from these. */
export type Identify = (user: User | null, claims: Claims | undefined) => string | undefined;

const idFields = ["sub", "id", "_id", "uuid", "uid", "userId", "user_id"];

/** Takes from claims and user what names a person. */
export function identityOf(
  user: User | null,
  claims: Claims | undefined,
  identify: Identify | undefined,
): Identity {
  if (identify) return { custom: identify(user, claims) };
  const identity: Record<string, unknown> = {};
  const note = (source: string, from: unknown, fields: readonly string[]) => {
    for (const field of fields) {
      if (isRecord(from)) identity[`${source}.${field}`] = from[field];
    }
  };
  note("claims", claims, [...idFields, "email"]);
  note("user", user, idFields);
  // An address may be edited in the profile, so it stands for the person only without an id.
  if (!idFields.some((field) => identity[`user.${field}`] != null)) note("user", user, ["email"]);
  return identity;
}

/** `true` unless one field is known on both sides and differs: unknown is no evidence. */
export function isSameIdentity(left: Identity, right: Identity): boolean {
  return Object.entries(left).every(
    ([field, value]) =>
      value == null || right[field] == null || String(value) === String(right[field]),
  );
}

/** What both know together, the newer first. */
export function mergeIdentities(older: Identity, newer: Identity): Identity {
  const known = Object.entries(newer).filter(([, value]) => value != null);
  return { ...older, ...Object.fromEntries(known) };
}
