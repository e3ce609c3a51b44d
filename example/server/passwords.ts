import { hash, verify } from "@node-rs/argon2";

// OWASP Password Storage Cheat Sheet: Argon2id (the library's default), 19 MiB, 2 passes, 1 lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of a password that nobody has: an unknown user costs as much time as a wrong password. */
const dummyHash = hash("nobody has this password", cost);

/** @returns the hash with its salt and cost, as one text to store. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost);
}

/** @param passwordHash - `undefined` if there is no such user. */
export async function isPasswordRight(
  passwordHash: string | undefined,
  password: string,
): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await dummyHash), password);
  return matches && passwordHash !== undefined;
}
