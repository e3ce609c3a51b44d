import type { AuthCall } from "./network.js";
import { startOfTime } from "./platform.js";
import type { Variant } from "./schedule.js";

/** One login and all that was refreshed from it. */
export interface Family {
  readonly number: number;
  readonly user: string;
  /** The login that began it; `undefined` for the session from before the schedule. */
  readonly login: AuthCall | undefined;
  /** Why no token of it is good any more. */
  revokedBy?: "logout" | "login" | "theft" | "admin";
  /** When it was taken to be stolen. */
  stolenAt?: number;
  /** Something before the server refused a refresh of it: to the client it is over, to the server not. */
  wasDenied?: boolean;
}

export interface RefreshToken {
  readonly number: number;
  readonly family: Family;
  readonly parent: RefreshToken | undefined;
  child?: RefreshToken;
  spentAt?: number;
  /** The first moment at which the jar held it. */
  inJarAt?: number;
  /** The calls that came with it. */
  readonly presentedBy: AuthCall[];
}

export interface AccessToken {
  readonly family: Family;
  readonly issuedAt: number;
  /** When the call was sent that brought it. */
  readonly askedAt: number;
}

/** A spent token came back when no grace was left: the server takes it for theft. */
export interface Theft {
  readonly token: RefreshToken;
  readonly call: AuthCall;
}

export interface Reply {
  status: number;
  body?: object;
  /** In place of a body. */
  page?: string;
  /** `null` clears the cookie, `undefined` leaves it. */
  cookie?: RefreshToken | null;
  headers?: Record<string, string>;
}

/** A backend that rotates refresh tokens and detects their reuse, as the one of the example does. */
export interface SimulatedServer {
  /** Nobody is refused: an empty name stands for a wrong password. */
  login(user: string, call: AuthCall): Reply;
  refresh(call: AuthCall): Reply;
  logout(call: AuthCall): Reply;
  /** The API: who a token belongs to, or 401. */
  data(token: string | undefined): Reply;
  /** Someone signed in before the schedule began. */
  signIn(user: string): RefreshToken;
  /** Ends all sessions, as an administrator does. */
  revokeAll(): void;
  /** Makes all access tokens handed out so far invalid. */
  expireAll(): void;
  /** A profile was edited. */
  edit(user: string, name: string): void;
  /** What is known of a token. */
  tokenOf(text: string | undefined): AccessToken | undefined;
  readonly families: readonly Family[];
  readonly thefts: readonly Theft[];
}

export const accessLifeMs = 30_000;

/** @param variant - `graceMs`: how long the parent of an unused child gets the same child again; 0 for never. */
export function createSimulatedServer(
  now: () => number,
  { graceMs, rotates, tokens }: Pick<Variant, "graceMs" | "rotates" | "tokens">,
): SimulatedServer {
  const families: Family[] = [];
  const thefts: Theft[] = [];
  const accessTokens = new Map<string, AccessToken>();
  const names = new Map<string, string>();
  let refreshTokens = 0;
  let invalidBefore = 0;

  function begin(user: string, login?: AuthCall): RefreshToken {
    const family = { number: families.length + 1, user, login };
    families.push(family);
    return issue(family, undefined);
  }

  function issue(family: Family, parent: RefreshToken | undefined): RefreshToken {
    refreshTokens += 1;
    return { number: refreshTokens, family, parent, presentedBy: [] };
  }

  function grant(cookie: RefreshToken, call: AuthCall): Reply {
    const { family } = cookie;
    const name = names.get(family.user);
    const jti = `access-${accessTokens.size + 1}`;
    const lifeSeconds = accessLifeMs / 1000;
    const iat = Math.floor((startOfTime + now()) / 1000);
    const claims = { sub: family.user, ...(name && { name }), iat, exp: iat + lifeSeconds, jti };
    const accessToken =
      tokens === "jwt" ? `e30.${btoa(JSON.stringify(claims)).replace(/=+$/, "")}.c2ln` : jti;
    accessTokens.set(accessToken, { family, issuedAt: now(), askedAt: call.sentAt });
    const user = { id: family.user, ...(name && { name }) };
    const description = tokens === "described" ? { expiresIn: lifeSeconds } : {};
    const body = tokens === "jwt" ? { accessToken } : { accessToken, ...description, user };
    return { status: 200, cookie, body };
  }

  function tokenOf(text: string | undefined): AccessToken | undefined {
    return text === undefined ? undefined : accessTokens.get(text);
  }

  const refused: Reply = { status: 401, body: { error: "no session" } };

  return {
    families,
    thefts,
    signIn: (user) => begin(user),
    login(user, call) {
      if (user === "") return refused;
      if (call.cookie && !call.cookie.family.revokedBy) call.cookie.family.revokedBy = "login";
      return grant(begin(user, call), call);
    },
    refresh(call) {
      const token = call.cookie;
      if (!token || token.family.revokedBy) return refused;
      if (!rotates) return grant(token, call);
      token.presentedBy.push(call);
      if (token.spentAt === undefined || !token.child) {
        token.spentAt = now();
        token.child = issue(token.family, token);
        return grant(token.child, call);
      }
      const isInGrace = now() - token.spentAt <= graceMs && graceMs > 0;
      if (isInGrace && token.child.spentAt === undefined) return grant(token.child, call);
      token.family.revokedBy = "theft";
      token.family.stolenAt = now();
      thefts.push({ token, call });
      return refused;
    },
    logout({ cookie }) {
      if (cookie) cookie.family.revokedBy ??= "logout";
      return { status: 204, cookie: null };
    },
    data(token) {
      const known = tokenOf(token);
      const isGood =
        known &&
        !known.family.revokedBy &&
        known.issuedAt >= invalidBefore &&
        now() < known.issuedAt + accessLifeMs;
      return isGood
        ? { status: 200, body: { user: known.family.user } }
        : { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' } };
    },
    revokeAll() {
      for (const family of families) family.revokedBy ??= "admin";
    },
    expireAll() {
      invalidBefore = now() + 0.001;
    },
    edit: (user, name) => void names.set(user, name),
    tokenOf,
  };
}
