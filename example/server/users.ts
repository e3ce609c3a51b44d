import { randomUUID } from "node:crypto";
import type { Database, Queryable } from "./database.js";
import { hashPassword } from "./passwords.js";

/** A person, as the API shows one. */
export interface User {
  id: string;
  name: string;
  email: string;
  role: "visitor" | "admin";
}

interface UserRow extends User, Record<string, unknown> {
  password_hash: string;
}

export async function findUserByEmail(
  database: Queryable,
  email: string,
): Promise<{ user: User; passwordHash: string } | undefined> {
  const [row] = await database.query<UserRow>("SELECT * FROM users WHERE email = $1", [
    email.toLowerCase(),
  ]);
  return row && { user: toUser(row), passwordHash: row.password_hash };
}

export async function findUser(database: Queryable, id: string): Promise<User | undefined> {
  const [row] = await database.query<UserRow>("SELECT * FROM users WHERE id = $1", [id]);
  return row && toUser(row);
}

/** @returns `undefined` if the address is taken. */
export async function createUser(
  database: Queryable,
  given: { name: string; email: string; password: string; role?: User["role"] },
): Promise<User | undefined> {
  const [row] = await database.query<UserRow>(
    `INSERT INTO users (id, email, name, role, password_hash) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (email) DO NOTHING RETURNING *`,
    [
      randomUUID(),
      given.email.toLowerCase(),
      given.name,
      given.role ?? "visitor",
      await hashPassword(given.password),
    ],
  );
  return row && toUser(row);
}

/** With all that is theirs. Their sessions are the caller's to end. */
export async function deleteUser(database: Database, id: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query("DELETE FROM photos WHERE user_id = $1", [id]);
    await tx.query("DELETE FROM bookings WHERE user_id = $1", [id]);
    await tx.query("DELETE FROM users WHERE id = $1", [id]);
  });
}

function toUser({ id, name, email, role }: UserRow): User {
  return { id, name, email, role };
}
