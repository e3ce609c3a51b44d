import { isRecord } from "./accessToken.js";

/** What a success of login or refresh says. */
export interface SessionData<User> {
  accessToken: string;
  /** How long the token lives, in seconds from now. */
  expiresInSeconds?: number | undefined;
  user?: User | null | undefined;
}

/**
 * Reads the body of a success. `response` is missing where an endpoint function returned a body.
 * Answer `undefined`, or no `accessToken`, if the body holds no session.
 */
export type ReadSession<User> = (
  data: unknown,
  response?: Response,
) =>
  | SessionData<User>
  | { accessToken?: unknown }
  | null
  | undefined
  | Promise<SessionData<User> | { accessToken?: unknown } | null | undefined>;

const tokenNames = ["accessToken", "access_token", "access", "token", "jwt", "refreshedToken"];
const envelopes = ["data", "session", "tokens", "result"];

/**
 * The default reading: the spellings that real backends use, at the top or inside an envelope, or
 * the `Authorization` response header. A lifetime is read from `expires_in` / `expiresIn` only,
 * in seconds (RFC 6749 §5.1).
 */
export function readSessionData(data: unknown, response?: Response): { accessToken?: unknown } {
  const top = isRecord(data) ? data : {};
  const places = [top, ...envelopes.map((name) => top[name]).filter(isRecord)];
  const user = places.find((place) => isRecord(place["user"]))?.["user"];
  for (const place of places) {
    const name = tokenNames.find((candidate) => typeof place[candidate] === "string");
    if (name) {
      const lifetime = Number(place["expires_in"] ?? place["expiresIn"]);
      return {
        accessToken: place[name],
        ...(lifetime > 0 && { expiresInSeconds: lifetime }),
        ...(user !== undefined && { user }),
      };
    }
  }
  const header = response?.headers.get("authorization")?.replace(/^\S+\s+/, "");
  return { accessToken: header, ...(user !== undefined && { user }) };
}
