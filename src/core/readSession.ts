import { fieldsOf, isRecord } from "./accessToken.js";
import type { User } from "./session.js";

/** What a success of login or refresh says. Without an `accessToken` it holds no session. */
export interface SessionData {
  accessToken?: string | null | undefined;
  /** How long the token lives, in seconds from now. */
  expiresInSeconds?: number | undefined;
  user?: User | null | undefined;
}

/** Reads the body of a success. `response` is missing where an endpoint function returned a body. */
export type ReadSession = (
  data: unknown,
  response?: Response,
) => SessionData | null | undefined | Promise<SessionData | null | undefined>;

const tokenNames = ["accessToken", "access_token", "access", "token", "jwt", "refreshedToken"];
const envelopes = ["data", "session", "tokens", "result"];

/**
 * The default reading: the spellings that real backends use, at the top or inside an envelope, or
 * the `Authorization` response header. A lifetime is read from `expires_in` / `expiresIn` only,
 * in seconds (RFC 6749 §5.1).
 */
export function readSessionData(data: unknown, response?: Response): SessionData {
  const top = fieldsOf(data);
  const places = [top, ...envelopes.map((name) => top[name]).filter(isRecord)];
  const read = (names: readonly string[], isFit: (value: unknown) => boolean) =>
    places.flatMap((place) => names.map((name) => place[name])).find((value) => isFit(value));
  const header = response?.headers.get("authorization")?.replace(/^\S+\s+/, "");
  // What was found is of the type it was looked for by; a user is whatever the app says it is.
  return {
    accessToken: (read(tokenNames, (value) => typeof value === "string") ?? header) as string,
    expiresInSeconds: Number(read(["expires_in", "expiresIn"], (value) => Number(value) > 0)),
    user: read(["user"], isRecord) as User,
  };
}
