/** A name of this machine, which browsers trust as they trust https. */
export function isLocalHost({ hostname }: URL): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost");
}

/** Two names of this machine, and so two sites to a browser. */
export function areTwoNames(left: URL, right: URL): boolean {
  return left.hostname !== right.hostname && isLocalHost(left) && isLocalHost(right);
}

export function isOffline(): boolean {
  return typeof navigator !== "undefined" && "onLine" in navigator && !navigator.onLine;
}
