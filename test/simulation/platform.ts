import type { Platform } from "../../src/core/platform/platform.js";
import type { SimulatedChannels } from "./channels.js";
import type { SimulatedLocks } from "./locks.js";
import type { AuthCall, SimulatedNetwork } from "./network.js";
import type { Page } from "./page.js";
import type { Roll } from "./random.js";
import type { Reply } from "./server.js";
import type { SimulatedStorage } from "./storage.js";
import type { Variant } from "./schedule.js";

/** The device under all pages: its clocks, and what the origin keeps. */
export interface Device {
  now(): number;
  after(delayMs: number, task: () => void): void;
  /** How far the wall clock is off. */
  wallOffsetMs: number;
  /** For how long the monotonic clock stood still. */
  sleptMs: number;
  readonly storage: SimulatedStorage;
  readonly variant: Variant;
  readonly roll: Roll;
  readonly network: SimulatedNetwork;
  readonly locks: SimulatedLocks;
  readonly channels: SimulatedChannels;
  note(page: Page, text: string): void;
}

/** What one page sees of the world, and how the world wakes it. */
export interface PagePlatform {
  readonly platform: Platform;
  wake(): void;
  /** Another page has written to the storage. */
  hearOfStorage(): void;
  hide(): void;
  /** Sets the clock that this page alone sees. */
  setClock(byMs: number): void;
}

export const startOfTime = Date.UTC(2026, 0, 1);
export const origin = "https://app.test";

export function createPagePlatform(device: Device, page: Page): PagePlatform {
  const { variant, roll } = device;
  const wakeListeners = new Set<() => void>();
  const storageListeners = new Set<() => void>();
  const hideListeners = new Set<() => void>();
  const openedAt = device.now() - 1000 * roll("opened", page.name);
  // Tabs see the same clock, but not at the same moment. Without storage only it orders their messages.
  const skewMs =
    variant.hasStorage && !variant.losesStorage ? 4000 * (roll("skew", page.name) - 0.5) : 0;
  /** A background tab's timers may be late by up to a second. */
  const isThrottled = roll("throttled", page.name) < 0.25;
  let timers = 0;
  let draws = 0;
  let offsetMs = 0;

  const monotonicNow = () => device.now() - device.sleptMs - openedAt;

  const platform: Platform = {
    // Whole milliseconds, as `Date.now()`.
    now: () => Math.floor(startOfTime + device.now() + device.wallOffsetMs + skewMs + offsetMs),
    monotonicNow,
    startTimer(callback, delayMs) {
      timers += 1;
      const lateMs = isThrottled ? 1000 * roll("late timer", page.name, timers) : 0;
      const due = monotonicNow() + Math.max(0, delayMs) + lateMs;
      let isStopped = false;
      // Sleep stops the clock that timers run on.
      const arm = () =>
        device.after(Math.max(0.001, due - monotonicNow()), () => {
          if (isStopped) return;
          page.deliver(() => {
            if (isStopped) return;
            // Asleep, it is not due yet.
            if (monotonicNow() < due) arm();
            else callback();
          });
        });
      arm();
      return () => {
        isStopped = true;
      };
    },
    random: () => roll("random", page.name, ++draws),
    async fetch(input, init) {
      const purpose = /\/auth\/(login|refresh|logout)$/.exec(
        typeof input === "string" ? input : input.url,
      )?.[1] as AuthCall["purpose"];
      const { user } = JSON.parse(typeof init.body === "string" ? init.body : "{}") as {
        user?: string;
      };
      return toResponse(await device.network.callAuth(page, purpose, user));
    },
    documentURL: () => `${origin}/`,
    readCookie: () => undefined,
    onWake: (listener) => subscribe(wakeListeners, listener),
    onStorage: (listener) => subscribe(storageListeners, listener),
    onHide: (listener) => subscribe(hideListeners, listener),
    readStorage: () => (variant.hasStorage ? (device.storage.read(page) ?? null) : undefined),
    writeStorage(_key, text) {
      if (variant.hasStorage) device.storage.write(page, text);
    },
    requestLock: (name, signal) =>
      variant.hasLocks ? device.locks.request(page, name, signal) : Promise.resolve(undefined),
    openChannel: (name, onMessage) =>
      variant.hasChannel ? device.channels.open(page, name, onMessage) : undefined,
  };

  return {
    platform,
    wake: () => call(wakeListeners),
    hearOfStorage: () => call(storageListeners),
    hide: () => call(hideListeners),
    setClock(byMs) {
      offsetMs += byMs;
    },
  };
}

function subscribe(listeners: Set<() => void>, listener: () => void): () => void {
  const entry = () => listener();
  listeners.add(entry);
  return () => listeners.delete(entry);
}

function call(listeners: ReadonlySet<() => void>): void {
  for (const listener of [...listeners]) listener();
}

/** A `Response` by its shape: the real one reads its body through a stream, which costs more than the rest. */
function toResponse({ status, body, page, headers }: Reply): Response {
  return {
    status,
    headers: new Headers({ "content-type": "application/json", ...headers }),
    text: () => Promise.resolve(page ?? (body ? JSON.stringify(body) : "")),
    // The core asks for nothing else.
  } as unknown as Response;
}
