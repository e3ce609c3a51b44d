/** A name of this machine, which browsers trust as they trust https. */
export function isLocalHost({ hostname }: URL): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost");
}

/** Two names of this machine, and so two sites to a browser. */
export function areTwoNames(left: URL, right: URL): boolean {
  return left.hostname !== right.hostname && isLocalHost(left) && isLocalHost(right);
}

/** The path as it was meant, where it holds that of `baseURL` twice. */
export function doubledBase(path: string, basePath: string): string | undefined {
  const isDoubled = basePath !== "" && path.startsWith(`${basePath}${basePath}/`);
  return isDoubled ? path.slice(2 * basePath.length) : undefined;
}

/** The path of `baseURL`, without a slash at its end. */
export function basePathOf(baseURL: string, page: URL): string {
  return new URL(baseURL, page).pathname.replace(/\/+$/, "");
}

export function isOffline(): boolean {
  return typeof navigator !== "undefined" && "onLine" in navigator && !navigator.onLine;
}
