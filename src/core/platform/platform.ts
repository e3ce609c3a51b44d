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
  /** The base of relative URLs; `undefined` where there is no document. */
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
  /** Calls back when the page is left, also into the back/forward cache. Returns its unsubscribe. */
  onHide(listener: () => void): () => void;
  /** Text that the tabs of this origin keep; `null` if there is none, `undefined` where there is no storage. */
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
