import { fieldsOf, isRecord } from "../vocabulary/values.js";
import type { User } from "../vocabulary/user.js";

/** The content of a successful login or refresh. Without an `accessToken` it holds no session. */
export interface SessionData {
  /** The token, as requests are to carry it. */
  accessToken?: string | null | undefined;
  /** How long the token lives, in seconds from now. */
  expiresInSeconds?: number | undefined;
  /** Who is signed in; the token's claims if omitted. */
  user?: User | null | undefined;
}

/** Reads the body of a success. `response` is missing where an endpoint function returned a body. */
export type ReadSession = (
  data: unknown,
  response?: Response,
) => SessionData | null | undefined | Promise<SessionData | null | undefined>;

// Without capitals and underscores: `access_token`, `accessToken` and `AccessToken` are one name.
const tokenNames = ["accesstoken", "access", "token", "jwt", "refreshedtoken"];
const lifetimeNames = ["expiresin", "accesstokenexpiresin"];
const envelopes = ["data", "session", "tokens", "result", "authenticationresult"];

/**
 * The default reading: the names that real backends use, at the top or inside an envelope, or the
 * `Authorization` response header. A lifetime is read only from what counts seconds (RFC 6749 §5.1),
 * not from an end or from milliseconds.
 */
export function readSessionData(data: unknown, response?: Response): SessionData {
  const top = byBareName(data);
  const places = [top, ...envelopes.map((name) => top[name]).map(byBareName)];
  const read = (names: readonly string[], isFit: (value: unknown) => boolean) =>
    places.flatMap((place) => names.map((name) => place[name])).find((value) => isFit(value));
  const header = response?.headers.get("authorization")?.replace(/^\S+\s+/, "");
  // Each value has the type that it was looked for by; the type of a user is the app's word.
  return {
    accessToken: (read(tokenNames, (value) => typeof value === "string") ?? header) as string,
    expiresInSeconds: Number(read(lifetimeNames, (value) => Number(value) > 0)),
    user: read(["user"], isRecord) as User,
  };
}

function byBareName(value: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).map(([name, field]) => [
      name.toLowerCase().replaceAll("_", ""),
      field,
    ]),
  );
}
