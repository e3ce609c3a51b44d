/** The address of the login page that leads back to `place`: path, query and hash. */
export function loginPath(place: { pathname: string; search: string; hash: string }): string {
  return `/login?${new URLSearchParams({ next: place.pathname + place.search + place.hash })}`;
}

/**
 * Where to go after the login: what `loginPath` wrote, if it is a place of this app. Anyone can write
 * a link to the login page, so an address elsewhere (`//evil.example`, `javascript:…`) becomes `/`.
 */
export function comeBackTo(next: string | null): string {
  const { origin } = window.location;
  if (next === null || !URL.canParse(next, origin)) return "/";
  const url = new URL(next, origin);
  if (url.origin !== origin) return "/";
  // "/.//evil.example" is of this origin, and its path "//evil.example" would leave it.
  return url.pathname.replace(/^\/+/, "/") + url.search + url.hash;
}
