import { fieldsOf, kindOf } from "../vocabulary/values.js";
import { userOfClaims, type Claims } from "./accessToken.js";
import type { User } from "../vocabulary/user.js";

/**
 * The known identity of someone, as text by field, such as `claims.sub`. `content` is all that user
 * and claims say, if that names a person: it counts only where no other field can be compared.
 */
export type Identity = Readonly<Record<string, string | undefined>>;

/** Tells who it is as one string, or `undefined` if that cannot be told from these. */
export type Identify = (user: User | null, claims: Claims | undefined) => string | undefined;

const idFields = ["sub", "id", "_id", "uuid", "uid", "userId", "user_id", "UserId", "nameid"];

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
  for (const [source, from] of Object.entries({ claims, user })) {
    for (const field of [...idFields, "email"]) {
      const value = fieldsOf(from)[field];
      // An id is a string here and a number there, and still the same.
      if (value !== "" && /string|number/.test(typeof value)) {
        identity[`${source}.${field}`] = String(value);
      }
    }
  }
  return identity;
}

/** Claims that describe a token or a group. Two people may share them. */
const nameless =
  /^(iss|aud|azp|typ|(token_)?type|scp|sid|nonce|acr|amr|ver|(client|tenant|org)_?id)$|(role|group|permission|scope|authoritie)s?$/i;

/** All that user and claims say; `undefined` if that names nobody. */
export function contentOf(user: User | null, claims: Claims | undefined): string | undefined {
  const content = [user, userOfClaims(claims)];
  // Only a text or a number can name a person.
  return /:\[*("[^"]|[-\d])/.test(textOf(content, nameless)) ? textOf(content) : undefined;
}

/** The same text for equal content. A value that JSON cannot hold equals nothing. */
export function textOf(content: unknown, omitted?: RegExp): string {
  try {
    return JSON.stringify(content, (name, value: unknown) => {
      if (omitted?.test(name)) return undefined;
      if (kindOf(value) === "Object") {
        // In one order, whichever the server wrote them in.
        // oxlint-disable-next-line unicorn/no-array-sort, typescript/require-array-sort-compare -- engines of 2022 lack `toSorted`, and any one order will do
        return Object.fromEntries(Object.entries(fieldsOf(value)).sort());
      }
      return Array.isArray(value) || Object(value) !== value ? value : Math.random();
    });
  } catch {
    return `${Math.random()}`;
  }
}

/**
 * Whether both are the same person.
 *
 * @param isLogin - Someone signed in: only evidence makes it the same person, because a mistake would
 * show one person's data to another. Otherwise only evidence makes it another one.
 */
export function isSamePerson(left: Identity, right: Identity, isLogin: boolean): boolean {
  const known = Object.keys({ ...left, ...right }).filter((field) => field !== "content");
  // People change their address, so it counts only where neither side has any id.
  const ids = known.filter((field) => !field.endsWith(".email"));
  const shared = (ids.length > 0 ? ids : known).filter((field) => left[field] && right[field]);
  if (shared.length > 0) return shared.every((field) => left[field] === right[field]);
  return !isLogin || (!!left["content"] && left["content"] === right["content"]);
}
