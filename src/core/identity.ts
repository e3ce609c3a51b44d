import { fieldsOf, type Claims } from "./accessToken.js";
import type { User } from "./session.js";

/** What is known of who someone is, as text by field, such as `claims.sub`. */
export type Identity = Readonly<Record<string, string | undefined>>;

/** Tells who it is as one string, or `undefined` if that cannot be told from these. */
export type Identify = (user: User | null, claims: Claims | undefined) => string | undefined;

const idFields = ["sub", "id", "_id", "uuid", "uid", "userId", "user_id"];

/** Takes from claims and user what names a person. */
export function identityOf(
  user: User | null,
  claims: Claims | undefined,
  identify: Identify | undefined,
): Identity {
  if (identify) {
    const custom: unknown = identify(user, claims);
    // Anything else, a promise say, names nobody and would differ each time.
    return typeof custom === "string" ? { custom } : {};
  }
  const identity: Record<string, string> = {};
  const note = (source: string, from: unknown, fields: readonly string[]) => {
    for (const field of fields) {
      const value = fieldsOf(from)[field];
      // An id is a string here and a number there, and still the same.
      if (typeof value === "string" || typeof value === "number") {
        identity[`${source}.${field}`] = `${value}`;
      }
    }
  };
  note("claims", claims, [...idFields, "email"]);
  note("user", user, idFields);
  // An address may be edited in the profile, so it stands for the person only without an id.
  if (!idFields.some((field) => identity[`user.${field}`])) note("user", user, ["email"]);
  return identity;
}

/** `true` unless one field is known on both sides and differs: unknown is no evidence. */
export function isSameIdentity(left: Identity, right: Identity): boolean {
  return Object.keys(left).every(
    (field) => !left[field] || !right[field] || left[field] === right[field],
  );
}
