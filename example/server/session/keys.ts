/**
 * A secret key and its name. Where a list of keys is asked for, the first signs and all verify. To
 * change a key, put the new one behind the old one in all processes, then in front, and take the old
 * one out once everything it signed has ended.
 */
export interface Key {
  /** Names the key: goes into tokens and rows, so it must not be secret. */
  readonly kid: string;
  /** At least 32 random bytes, as bytes or as text. */
  readonly secret: string | Uint8Array;
}

/** A list with at least one key. */
export type Keys = readonly [Key, ...Key[]];

/** @throws TypeError for a list that is not safe to use. Tells no secret. */
export function assertKeys(keys: readonly Key[], name: string): asserts keys is Keys {
  if (keys.length === 0) throw new TypeError(`${name}: give at least one key.`);
  for (const { kid, secret } of keys) {
    const bytes = bytesOf(secret);
    if (bytes.length < 32 || new Set(bytes).size < 8) {
      throw new TypeError(`${name}: the secret of key "${kid}" must be at least 32 random bytes.`);
    }
  }
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new TypeError(`${name}: give each key a \`kid\` of its own.`);
  }
}

/** @throws TypeError if a secret is in both lists. Tells no secret. */
export function assertSeparate(accessKeys: readonly Key[], refreshKeys: readonly Key[]): void {
  const textOf = ({ secret }: Key) => Buffer.from(bytesOf(secret)).toString("base64");
  const used = new Set(accessKeys.map(textOf));
  const shared = refreshKeys.find((key) => used.has(textOf(key)));
  if (shared) {
    throw new TypeError(`refreshKeys: the secret of key "${shared.kid}" is in accessKeys, too.`);
  }
}

export function bytesOf(secret: string | Uint8Array): Uint8Array {
  return typeof secret === "string" ? new TextEncoder().encode(secret) : secret;
}
