/**
 * Everything the core takes from its surroundings. The browser's is the default; a test passes its
 * own and so moves clocks and answers by hand. Every member is looked up when it is called.
 */
export interface Platform {
  /** Wall clock: milliseconds since the epoch. Jumps when someone sets it. */
  now(): number;
  /** Monotonic clock in milliseconds. Never jumps, but may stand still while the device sleeps. */
  monotonicNow(): number;
  /** Calls back once after `delayMs`, or earlier if that is more than a timer can hold. Returns its stop. */
  startTimer(callback: () => void, delayMs: number): () => void;
  /** A number from 0 (included) to 1 (excluded). */
  random(): number;
  fetch(input: string, init: RequestInit): Promise<Response>;
  /** What relative URLs are resolved against; `undefined` where there is no document. */
  documentURL(): string | undefined;
  /** The value of a cookie that scripts may read. */
  readCookie(name: string): string | undefined;
  /** Tells when the network comes back or the page becomes visible. Returns its unsubscribe. */
  onWake(listener: () => void): () => void;
}

/** A longer delay overflows the timer's 32-bit integer and fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The platform of the page, or of Node where there is no page. */
export const browserPlatform: Platform = {
  now: () => Date.now(),
  monotonicNow: () => performance.now(),
  startTimer(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(delayMs, longestTimerMs));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  fetch: (input, init) => fetch(input, init),
  documentURL: () => (typeof document === "undefined" ? undefined : document.baseURI),
  readCookie(name) {
    if (typeof document === "undefined") return undefined;
    const pair = document.cookie.split("; ").find((text) => text.startsWith(`${name}=`));
    return pair && decodeURIComponent(pair.slice(name.length + 1));
  },
  onWake(listener) {
    if (typeof document === "undefined") return () => {};
    const onVisible = () => document.visibilityState === "visible" && listener();
    addEventListener("online", listener);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      removeEventListener("online", listener);
      document.removeEventListener("visibilitychange", onVisible);
    };
  },
};
