import type { Auth } from "react-authed-query";
import { sendJSON, type AuthServer } from "./authServer.js";

export const ada = { sub: "u1", name: "Ada" };
export const bob = { sub: "u2", name: "Bob" };

/** Answers `/whose`, `/whose/1`, … with `{ owner }`: the name in the token, or 401. */
export function serveOwners(server: AuthServer, ...paths: string[]): void {
  for (const path of ["/whose", ...paths]) {
    server.on(path, ({ token }, response) => {
      const owner = token && ownerOf(token);
      sendJSON(response, owner ? 200 : 401, { owner, path });
    });
  }
}

export interface Owned {
  owner: string;
  path: string;
}

/** The name in an access token. */
export function ownerOf(token: string): unknown {
  const claims: unknown = JSON.parse(
    Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
  );
  return (claims as { name: unknown }).name;
}

/** Signs this person in. */
export async function signIn(
  person: Record<string, unknown>,
  auth: Auth,
  server: AuthServer,
): Promise<void> {
  server.tokens.claims = person;
  await auth.login({ password: "right" });
}
