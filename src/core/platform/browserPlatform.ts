import type { Platform } from "./platform.js";

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
  documentURL: () => inPage(() => document.baseURI),
  readCookie(name) {
    const pair = inPage(() => document.cookie)
      ?.split("; ")
      .find((text) => text.startsWith(`${name}=`));
    const value = pair?.slice(name.length + 1);
    // Servers write most as they are, and a "%" need not mean what it does in a URL.
    return inPage(() => value && decodeURIComponent(value)) ?? value;
  },
  onWake: (listener) =>
    listening((options) => {
      for (const type of ["online", "pageshow"]) {
        addEventListener(type, listener, options);
      }
      document.addEventListener("resume", listener, options);
      document.addEventListener(
        "visibilitychange",
        () => document.visibilityState === "visible" && listener(),
        options,
      );
    }),
  onStorage: (listener) => listening((options) => addEventListener("storage", listener, options)),
  onHide: (listener) => listening((options) => addEventListener("pagehide", listener, options)),
  readStorage: (key) => inPage(() => localStorage.getItem(key)),
  writeStorage: (key, value) => inPage(() => localStorage.setItem(key, value)),
  async requestLock(name, signal) {
    const locks = inPage(() => navigator.locks);
    if (!locks) return undefined;
    const take = (options: LockOptions) =>
      new Promise<(() => void) | undefined>((resolve, reject) => {
        locks
          .request(name, options, (lock) =>
            lock ? new Promise<void>((release) => resolve(release)) : resolve(undefined),
          )
          .catch(reject);
      });
    try {
      const free = await take({ ifAvailable: true });
      const release = free ?? (await take({ signal }));
      return release && { wasContended: !free, release };
    } catch (error) {
      // A page that may not use locks is told so only when it asks.
      if (signal.aborted) throw error;
      return undefined;
    }
  },
  openChannel: (name, onMessage) =>
    inPage(() => {
      const channel = new BroadcastChannel(name);
      channel.addEventListener("message", ({ data }) => onMessage(data));
      return {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none, it is of one origin
        post: (message) => channel.postMessage(message),
        close: () => channel.close(),
      };
    }),
};

/** Reads something of the page; `undefined` without a page, and where access is forbidden and throws. */
function inPage<Result>(read: () => Result): Result | undefined {
  try {
    return typeof document === "undefined" ? undefined : read();
  } catch {
    return undefined;
  }
}

/** Listens in a page. Returns what stops that. */
function listening(start: (options: { signal: AbortSignal }) => void): () => void {
  const controller = new AbortController();
  inPage(() => start({ signal: controller.signal }));
  return () => controller.abort();
}
