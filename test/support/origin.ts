import type { HeldLock, Platform } from "../../src/core/platform/platform.js";

// The channels are not of the engine that a test takes features from.
const { structuredClone } = globalThis;

/** What the tabs of one origin share: storage, locks and channels, which answer without delay. */
export interface Origin {
  /** The members of a platform that belong to one tab of this origin. */
  tab(): Partial<Platform>;
  readonly storage: Map<string, string>;
  /** Every message so far, oldest first, with the name of its channel. */
  readonly posted: readonly { name: string; message: unknown }[];
  /** Posts to all tabs as a stranger of the same origin may. */
  post(name: string, message: unknown): void;
}

export function createOrigin(): Origin {
  const storage = new Map<string, string>();
  const posted: { name: string; message: unknown }[] = [];
  const listeners = new Set<{ name: string; onMessage: (message: unknown) => void }>();
  /** By name: who has the lock or waits for it, in order. */
  const queues = new Map<string, (() => void)[]>();
  const held = new Set<string>();

  function deliver(name: string, message: unknown, sender?: object): void {
    for (const listener of [...listeners]) {
      if (listener.name === name && listener !== sender) listener.onMessage(message);
    }
  }

  return {
    storage,
    posted,
    post: deliver,
    tab: () => ({
      random: Math.random,
      readStorage: (key) => storage.get(key) ?? null,
      writeStorage: (key, value) => storage.set(key, value),
      requestLock(name, signal): Promise<HeldLock> {
        const queue = queues.get(name) ?? [];
        queues.set(name, queue);
        const wasContended = held.has(name);
        return new Promise((resolve, reject) => {
          function give(): void {
            held.add(name);
            signal.removeEventListener("abort", giveUp);
            resolve({ wasContended, release });
          }
          function release(): void {
            const wasFirst = queue[0] === give;
            const place = queue.indexOf(give);
            if (place >= 0) queue.splice(place, 1);
            if (!wasFirst) return;
            held.delete(name);
            queueMicrotask(() => queue[0]?.());
          }
          function giveUp(): void {
            release();
            reject(signal.reason);
          }
          if (signal.aborted) return giveUp();
          signal.addEventListener("abort", giveUp);
          queue.push(give);
          // Not within the call that asks.
          if (queue.length === 1) queueMicrotask(give);
        });
      },
      openChannel(name, onMessage) {
        const listener = { name, onMessage };
        listeners.add(listener);
        return {
          post(message) {
            const copy: unknown = structuredClone(message);
            posted.push({ name, message: copy });
            // Never within the call that posts.
            queueMicrotask(() => deliver(name, copy, listener));
          },
          close: () => listeners.delete(listener),
        };
      },
    }),
  };
}
