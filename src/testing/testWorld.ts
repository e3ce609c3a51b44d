import type { Platform } from "../core/platform/platform.js";

/** The world that the tabs of one browser share: a clock that stands still, storage, a lock, messages. */
export interface TestWorld {
  /** Without the network. Each tab takes a copy. */
  readonly platform: Omit<Platform, "fetch" | "documentURL">;
  /** Calls back when so much time has passed. */
  startTimer(callback: () => void, delayMs: number): () => boolean;
  /** Lets time pass. */
  advance(ms: number): void;
  /** The network is back. */
  wake(): void;
}

/**
 * A tab listens this long at most for what others may say. Question and answer take a few turns here,
 * so that time passes by itself, as so many turns.
 */
const listeningMs = 500;

export function createTestWorld(): TestWorld {
  const began = Date.now();
  const storage = new Map<string, string>();
  const wakeListeners = new Set<() => void>();
  const { now, startTimer, advance } = createClock();
  let draw = 0.5;

  return {
    platform: {
      now: () => began + now(),
      monotonicNow: now,
      startTimer(ring, delayMs) {
        const stop = startTimer(ring, delayMs);
        if (delayMs <= listeningMs) void listened().then(() => stop() && ring());
        return stop;
      },
      // Never twice the same in its first four digits, by which a panel names tabs; and near the
      // middle, for waits.
      random: () => (draw += 1.01e-4),
      readCookie: () => undefined,
      onWake: (listener) => added(wakeListeners, listener),
      // The tabs hear of each other by messages, and no page is left.
      onStorage: never,
      onHide: never,
      readStorage: (key) => storage.get(key) ?? null,
      writeStorage: (key, value) => storage.set(key, value),
      requestLock: createLock(),
      openChannel: createChannels(),
    },
    startTimer,
    advance,
    wake: () => wakeListeners.forEach((listener) => listener()),
  };
}

const never = () => () => {};

async function listened(): Promise<void> {
  for (let turn = 0; turn < listeningMs; turn += 1) await Promise.resolve();
}

/** Returns what takes it out again, and tells whether it was there. */
function added<Value>(set: Set<Value>, value: Value): () => boolean {
  set.add(value);
  return () => set.delete(value);
}

/** A clock that only `advance` moves, with timers of which nothing is left after a test. */
function createClock() {
  const timers = new Set<{ at: number; callback: () => void }>();
  let elapsedMs = 0;

  return {
    // A look at it takes a microsecond: of two tokens one is the older, as anywhere.
    now: () => (elapsedMs += 0.001),

    startTimer: (callback: () => void, delayMs: number) =>
      added(timers, { at: elapsedMs + delayMs, callback }),

    advance(ms: number): void {
      const end = elapsedMs + ms;
      for (;;) {
        const next = Math.min(...[...timers].map(({ at }) => at));
        if (next > end) break;
        elapsedMs = Math.max(elapsedMs, next);
        for (const timer of timers) {
          if (timer.at === next && timers.delete(timer)) timer.callback();
        }
      }
      elapsedMs = Math.max(elapsedMs, end);
    },
  };
}

/** The messages of one origin, to the other tabs. */
function createChannels(): Platform["openChannel"] {
  const members = new Set<(message: unknown) => void>();
  return (_, onMessage) => {
    return {
      post(message) {
        const text = JSON.stringify(message);
        for (const member of members) {
          if (member !== onMessage)
            queueMicrotask(() => members.has(member) && member(JSON.parse(text)));
        }
      },
      close: added(members, onMessage),
    };
  };
}

/** The lock of one origin: first come, first served. */
function createLock(): Platform["requestLock"] {
  const queue: (() => void)[] = [];

  return () =>
    new Promise((resolve) => {
      const wasContended = queue.length > 0;
      function release(): void {
        if (queue[0] !== grant) return;
        queue.shift();
        queue[0]?.();
      }
      // A tab that does not want it any more gives it back at once.
      const grant = () => resolve({ wasContended, release });
      queue.push(grant);
      if (!wasContended) grant();
    });
}
