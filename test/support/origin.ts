import type { HeldLock, Platform } from "../../src/core/platform.js";

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
  const queues = new Map<string, Promise<void>>();
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
      async requestLock(name): Promise<HeldLock> {
        const wasContended = held.has(name);
        const before = queues.get(name);
        let release = () => {};
        const released = new Promise<void>((resolve) => {
          release = () => {
            held.delete(name);
            resolve();
          };
        });
        queues.set(name, released);
        await before;
        held.add(name);
        return { wasContended, release };
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
