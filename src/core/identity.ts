import { isRecord, type Claims } from "./accessToken.js";

/** Everything known about who a session belongs to, by source. */
export interface Identity {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly custom?: Readonly<Record<string, unknown>>;
}

/** Tells who it is as one string, or `undefined` if that cannot be told from these. */
export type Identify<User> = (user: User | null, claims: Claims | undefined) => string | undefined;

const sources = ["claims", "user", "custom"] as const;
const claimFields = ["sub", "email", "user_id", "userId", "uid", "id"];
const idFields = ["id", "_id", "uuid", "sub", "userId", "user_id"];

export function identityOf<User>(
  user: User | null,
  claims: Claims | undefined,
  identify: Identify<User> | undefined,
): Identity {
  if (identify) return { custom: { id: identify(user, claims) } };
  const ids = pick(user, idFields);
  return {
    claims: pick(claims, claimFields),
    // An address may be edited in the profile, so it stands for the person only without an id.
    user: Object.keys(ids).length > 0 ? ids : pick(user, ["email", "username"]),
  };
}

/** `true` unless one field of one source is known on both sides and differs: unknown is no evidence. */
export function isSameIdentity(left: Identity, right: Identity): boolean {
  return sources.every((source) =>
    Object.entries(left[source] ?? {}).every(([field, value]) => {
      const other = right[source]?.[field];
      return value === undefined || other === undefined || String(value) === String(other);
    }),
  );
}

/** What both know together, the newer one first. */
export function mergeIdentities(older: Identity, newer: Identity): Identity {
  return Object.fromEntries(
    sources.map((source) => [source, { ...older[source], ...newer[source] }]),
  );
}

function pick(from: unknown, fields: readonly string[]): Record<string, unknown> {
  if (!isRecord(from)) return {};
  return Object.fromEntries(
    fields.filter((field) => from[field] != null).map((field) => [field, from[field]]),
  );
}
