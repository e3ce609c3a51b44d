/** The parameters of a `Bearer` or `DPoP` challenge, by lower-case name. */
export type Challenge = Readonly<Record<string, string>>;

// A token, and `= value` behind it if it names a parameter rather than a scheme (RFC 9110 §11.6.1).
const part = /([\w!#$%&'*+\-.^`|~]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;

/**
 * Finds what a `WWW-Authenticate` header says about the access token: of several challenges, the
 * token scheme's, the one with an `error` first. Quoted commas and unknown schemes do not confuse it.
 *
 * @see RFC 6750 §3, RFC 9110 §11.6.1
 */
export function tokenChallenge(header: string | null | undefined): Challenge | undefined {
  const found: Record<string, string>[] = [];
  let current: Record<string, string> = {};
  for (const [, name = "", quoted, plain] of (header ?? "").matchAll(part)) {
    const value = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain;
    if (value !== undefined) {
      current[name.toLowerCase()] ??= value;
    } else {
      current = {};
      if (/^(bearer|dpop)$/i.test(name)) found.push(current);
    }
  }
  return found.find((challenge) => "error" in challenge) ?? found[0];
}
