import { readClaims, type Claims } from "./accessToken.js";
import { contentOf, identityOf, userOfClaims, type Identify, type Identity } from "./identity.js";
import type { User } from "../vocabulary/user.js";

/** A usable token and what came with it. */
export interface Grant {
  token: string;
  claims: Claims | undefined;
  /** How long it lives; `undefined` if nothing tells: then only a 401 does. */
  lifetimeSeconds: number | undefined;
  /** `undefined` if the answer named nobody. */
  user: User | undefined;
  /** Whose it is, as far as token and user say. */
  identity: Identity;
}

/** Completes what is known of a token by what the token itself says. */
export function createGrant(
  token: string,
  lifetimeSeconds: number | undefined,
  user: User | undefined,
  identify: Identify | undefined,
): Grant {
  const claims = readClaims(token);
  const identity = {
    ...identityOf(user ?? null, claims, identify),
    content: contentOf(user ?? userOfClaims(claims), claims),
  };
  return { token, claims, lifetimeSeconds, user, identity };
}
