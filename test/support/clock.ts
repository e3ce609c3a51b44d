import { browserPlatform } from "../../src/core/platform/browserPlatform.js";
import type { Platform } from "../../src/core/platform/platform.js";

/** A platform whose time is moved by hand. The network stays real. */
export interface Clock {
  readonly platform: Platform;
  /** Moves both clocks and fires what falls due on the way. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock only, as a person or a time server does. */
  setWallClock(ms: number): void;
  /** Lets both clocks jump as a device that slept: only the wall clock noticed. */
  sleep(ms: number): void;
  /** The network is back, or the page is visible again. */
  wake(): void;
  /** How many timers are armed. */
  timers(): number;
}

/** @param overrides - other members of the platform, such as `random` or `documentURL`. */
export function createClock(overrides: Partial<Platform> = {}): Clock {
  let wall = Date.UTC(2026, 0, 1);
  let monotonic = 1000;
  const timers = new Set<{ callback: () => void; at: number }>();
  const wakeListeners = new Set<() => void>();

  return {
    platform: {
      ...browserPlatform,
      now: () => wall,
      monotonicNow: () => monotonic,
      random: () => 0.5,
      startTimer(callback, delayMs) {
        const timer = { callback, at: monotonic + Math.max(0, delayMs) };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      onWake(listener) {
        wakeListeners.add(listener);
        return () => wakeListeners.delete(listener);
      },
      ...overrides,
    },
    async advance(ms) {
      await settled();
      const end = monotonic + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= end);
        const next = due.find(({ at }) => due.every((other) => at <= other.at));
        if (!next) break;
        timers.delete(next);
        wall += next.at - monotonic;
        monotonic = next.at;
        next.callback();
        await settled();
      }
      wall += end - monotonic;
      monotonic = end;
      await settled();
    },
    setWallClock(ms) {
      wall = ms;
    },
    sleep(ms) {
      wall += ms;
    },
    wake() {
      for (const listener of [...wakeListeners]) listener();
    },
    timers: () => timers.size,
  };
}

/** Lets everything that is already decided happen: promise reactions and microtasks. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
