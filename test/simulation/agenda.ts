/** What happens next. Time passes only from one task to the next, so a minute costs nothing. */
export interface Agenda {
  /** Milliseconds since the world began. */
  now(): number;
  after(delayMs: number, task: () => void): void;
  /** Moves the time to the next task and takes it; to `untilMs` and `undefined` if none is due by then. */
  next(untilMs: number): (() => void) | undefined;
}

interface Entry {
  at: number;
  order: number;
  task: () => void;
}

export function createAgenda(): Agenda {
  let time = 0;
  let entries = 0;
  /** A binary heap: each parent is due before its children. */
  const heap: Entry[] = [];

  function swap(left: number, right: number): void {
    const entry = heap[left]!;
    heap[left] = heap[right]!;
    heap[right] = entry;
  }

  /** What was asked for first happens first. */
  function isBefore(left: number, right: number): boolean {
    const [a, b] = [heap[left]!, heap[right]!];
    return a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  function rise(index: number): void {
    for (let at = index; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isBefore(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(): void {
    for (let at = 0; ;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && isBefore(child, first)) first = child;
      }
      if (first === at) return;
      swap(at, first);
      at = first;
    }
  }

  return {
    now: () => time,
    after(delayMs, task) {
      heap.push({ at: time + Math.max(0, delayMs), order: ++entries, task });
      rise(heap.length - 1);
    },
    next(untilMs) {
      const [entry] = heap;
      if (!entry || entry.at > untilMs) {
        time = Math.max(time, untilMs);
        return undefined;
      }
      time = entry.at;
      const last = heap.pop()!;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return entry.task;
    },
  };
}
