import type { User } from "../vocabulary/user.js";
import { readClaims, userOfClaims, type Claims } from "./accessToken.js";
import { contentOf, identityOf, type Identify, type Identity } from "./identity.js";

/** The content of an answer: a usable token, and the user and lifetime that came with it. */
export interface TokenSet {
  readonly token: string;
  readonly claims: Claims | undefined;
  /** How long it lives; `undefined` if nothing tells: then only a 401 does. */
  readonly lifetimeSeconds: number | undefined;
  /** `undefined` if the answer named nobody. */
  readonly user: User | undefined;
  /** The person, as far as token and user say. */
  readonly identity: Identity;
}

/** Completes what is known of a token by what the token itself says. */
export function createTokenSet(
  { token, lifetimeSeconds, user }: Pick<TokenSet, "token" | "lifetimeSeconds" | "user">,
  identify: Identify | undefined,
): TokenSet {
  const claims = readClaims(token);
  const identity = {
    ...identityOf(user ?? null, claims, identify),
    content: contentOf(user ?? userOfClaims(claims), claims),
  };
  return { token, claims, lifetimeSeconds, user, identity };
}
