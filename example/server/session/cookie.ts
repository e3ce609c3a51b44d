/** The cookie of the refresh token, which no script sees and no other site can send. */
export interface RefreshCookie {
  read(request: Request): string | undefined;
  /** The `Set-Cookie` line that keeps the token. */
  keep(token: string): string;
  /** The `Set-Cookie` line that takes the cookie away. */
  remove(): string;
}

/**
 * @param isSecure - `false` only for development over plain HTTP.
 * @param maxAgeSeconds - How long the browser keeps it; at most 400 days (RFC 6265bis §5.5).
 */
export function createRefreshCookie(
  name: string,
  isSecure: boolean,
  maxAgeSeconds: number,
): RefreshCookie {
  // RFC 6265bis §4.1.3.2: a browser takes this prefix only with Secure and Path=/, from this host.
  const fullName = isSecure ? `__Host-${name}` : name;
  const attributes = `Path=/; HttpOnly;${isSecure ? " Secure;" : ""} SameSite=Strict`;

  return {
    read(request) {
      const pairs = (request.headers.get("cookie") ?? "").split(/; */);
      return pairs.find((pair) => pair.startsWith(`${fullName}=`))?.slice(fullName.length + 1);
    },
    keep: (token) => `${fullName}=${token}; Max-Age=${maxAgeSeconds}; ${attributes}`,
    remove: () => `${fullName}=; Max-Age=0; ${attributes}`,
  };
}
