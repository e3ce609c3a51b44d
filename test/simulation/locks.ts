import type { HeldLock } from "../../src/core/platform/platform.js";
import type { Page } from "./page.js";

/** One wish for a lock, from asking to release. */
export interface LockRequest {
  readonly name: string;
  readonly page: Page;
  readonly wasContended: boolean;
  granted: boolean;
  /** For how long it has waited or, once granted, held, while its page was awake. */
  ageMs(): number;
}

/** The Web Locks of one origin: exclusive, first come first served, freed when the page dies. */
export interface SimulatedLocks {
  request(page: Page, name: string, signal: AbortSignal): Promise<HeldLock>;
  isHeldBy(page: Page): boolean;
  /**
   * For how long, by its clock, the page has been trying to get a lock, or had been when it gave up just
   * now; and for how much of that it could run code.
   */
  waited(page: Page): { ms: number; awakeMs: number };
  /** A page died: what it held or waited for is no more. */
  release(page: Page): void;
  /** Every wish that is neither released nor given up. */
  readonly requests: ReadonlySet<LockRequest>;
}

export interface LocksWorld {
  now(): number;
  /** Stands still while the device sleeps. */
  clock(): number;
  after(delayMs: number, task: () => void): void;
  /** How long the way to the browser takes. */
  delayMs(page: Page, what: string): number;
  /** Which of so many that wait is next. */
  next(waiting: number): number;
  note(page: Page, text: string): void;
}

interface Try {
  readonly sinceMs: number;
  /** The same by the time in which the page was awake. */
  readonly awakeSinceMs: number;
  gaveUpAt: number | undefined;
}

export function createSimulatedLocks({
  now,
  clock,
  after,
  delayMs,
  next,
  note,
}: LocksWorld): SimulatedLocks {
  const requests = new Set<LockRequest>();
  /** Since when a page has been trying, and when it last gave up, by the time it was awake. */
  const tries = new Map<Page, Try>();
  const queues = new Map<string, { request: LockRequest; grant: () => void }[]>();

  function queueOf(name: string) {
    const queue = queues.get(name) ?? [];
    queues.set(name, queue);
    return queue;
  }

  function leave(request: LockRequest): void {
    if (!requests.delete(request)) return;
    const queue = queueOf(request.name);
    const wasFirst = queue[0]?.request === request;
    queue.splice(
      queue.findIndex((entry) => entry.request === request),
      1,
    );
    if (wasFirst) advance(request.name);
  }

  /** The first in the queue holds the lock. */
  function advance(name: string): void {
    const queue = queueOf(name);
    if (!queue[0] || queue[0].request.granted) return;
    queue.unshift(...queue.splice(next(queue.length), 1));
    const [first] = queue;
    // As Chromium does: who cannot run code is not worth waiting for.
    if (first.request.page.life() === "cached") return first.request.page.die("evicted");
    first.grant();
  }

  function awake(page: Page): number {
    return now() - page.suspendedMs();
  }

  /** Asking again, at once or as soon as it runs code again, is the same try. */
  function tryOf(page: Page): Try {
    const known = tries.get(page);
    if (known && awake(page) - (known.gaveUpAt ?? awake(page)) < 20) return known;
    const begun = { sinceMs: clock(), awakeSinceMs: awake(page), gaveUpAt: undefined };
    tries.set(page, begun);
    return begun;
  }

  return {
    requests,
    waited(page) {
      const known = tries.get(page);
      // The moments in which it listens for a token, before it sends, are no part of it.
      const isOver = known?.gaveUpAt !== undefined && awake(page) - known.gaveUpAt > 1500;
      if (!known || isOver) return { ms: 0, awakeMs: 0 };
      return { ms: clock() - known.sinceMs, awakeMs: awake(page) - known.awakeSinceMs };
    },
    isHeldBy: (page) => [...requests].some((each) => each.page === page && each.granted),
    release(page) {
      for (const request of [...requests]) if (request.page === page) leave(request);
    },
    request(page, name, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        let isOver = false;
        let request: LockRequest | undefined;
        const attempt = tryOf(page);
        attempt.gaveUpAt = undefined;

        function give(asked: LockRequest): void {
          if (isOver) return;
          isOver = true;
          tries.delete(page);
          note(page, `has the lock${asked.wasContended ? " after waiting" : ""}`);
          resolve({
            wasContended: asked.wasContended,
            release() {
              if (requests.has(asked)) note(page, "releases the lock");
              leave(asked);
            },
          });
        }

        signal.addEventListener("abort", () => {
          if (isOver) return;
          isOver = true;
          attempt.gaveUpAt = awake(page);
          reject(signal.reason);
          note(page, "gives up waiting for the lock");
          if (request) leave(request);
        });
        after(delayMs(page, "lock"), () => {
          if (isOver || page.life() === "dead") return;
          const queue = queueOf(name);
          const holder = queue[0]?.request.page;
          let since = awake(page);
          const asked = {
            name,
            page,
            granted: false,
            wasContended: queue.length > 0,
            ageMs: () => awake(page) - since,
          };
          request = asked;
          requests.add(asked);
          queue.push({
            request: asked,
            grant() {
              asked.granted = true;
              since = awake(page);
              after(delayMs(page, "grant"), () =>
                page.deliver(() => {
                  // The page holds it from when it is told.
                  since = awake(page);
                  give(asked);
                }),
              );
            },
          });
          // *Measured*: a page in the back/forward cache loses its lock to a new request only.
          if (holder?.life() === "cached") holder.die("evicted");
          advance(name);
        });
      });
    },
  };
}
