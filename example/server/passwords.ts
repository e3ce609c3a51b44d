import { hash, verify } from "@node-rs/argon2";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import pLimit from "p-limit";

// OWASP Password Storage Cheat Sheet: Argon2id (the library's default), 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Each hash takes memory and a core: what comes at once waits for its turn. Two of the four threads
 * that Node has for such work stay free for files and names.
 */
const inTurn = pLimit(2);

/** Of a password that nobody has: an unknown user costs as much time as a wrong password. */
const dummyHash = hash("nobody has this password", cost);

const strength = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/** @returns the hash with its salt and cost, as one text to store. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost));
}

/** @param passwordHash - `undefined` if there is no such user. */
export async function isPasswordRight(
  passwordHash: string | undefined,
  password: string,
): Promise<boolean> {
  const known = passwordHash ?? (await dummyHash);
  const matches = await inTurn(() => verify(known, password));
  return matches && passwordHash !== undefined;
}

/**
 * Whether a password is among the first that somebody would try.
 *
 * @param about - what is known of the person: a name makes a weak password.
 */
export function isGuessable(password: string, about: string[]): boolean {
  // 2 of 4: more than a hundred million guesses (NIST SP 800-63B §3.1.1.2 asks for a blocklist).
  return strength.check(password, about).score < 2;
}
