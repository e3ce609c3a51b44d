/**
 * Everything the core takes from its surroundings. The browser's is the default; a test passes its
 * own and so moves clocks, answers, locks and messages by hand. Every member is looked up when it is
 * called.
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
  fetch(input: RequestInfo, init: RequestInit): Promise<Response>;
  /** What relative URLs are resolved against; `undefined` where there is no document. */
  documentURL(): string | undefined;
  /** The value of a cookie that scripts may read. */
  readCookie(name: string): string | undefined;
  /**
   * Tells when something may have happened that this page did not see: the network is back, or the
   * page is visible again, thawed, or back from the back/forward cache. Returns its unsubscribe.
   */
  onWake(listener: () => void): () => void;
  /** Tells when another tab may have written to the storage. Returns its unsubscribe. */
  onStorage(listener: () => void): () => void;
  /** Tells when the page is left, be it for the back/forward cache. Returns its unsubscribe. */
  onHide(listener: () => void): () => void;
  /** What the tabs of this origin keep; `null` if nothing, `undefined` where there is no storage. */
  readStorage(key: string): string | null | undefined;
  /** Does nothing where there is no storage. */
  writeStorage(key: string, value: string): void;
  /**
   * Waits for a lock that only one tab of this origin holds at a time. Resolves with `undefined`
   * where there are no locks; rejects when the signal aborts.
   */
  requestLock(name: string, signal: AbortSignal): Promise<HeldLock | undefined>;
  /** Joins the tabs that opened a channel of this name; `undefined` where there are no channels. */
  openChannel(name: string, onMessage: (message: unknown) => void): Channel | undefined;
}

/** A lock that this tab holds. */
export interface HeldLock {
  /** Another tab held it when it was asked for, and may have news. */
  readonly wasContended: boolean;
  release(): void;
}

/** Messages to the other tabs, never to the own. */
export interface Channel {
  /** @throws DataCloneError for what cannot be cloned. */
  post(message: unknown): void;
  close(): void;
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

/** What a page has; `undefined` without a page, and where it is forbidden: each may throw on access. */
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
