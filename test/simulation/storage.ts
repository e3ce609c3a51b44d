import type { Page } from "./page.js";

/** The storage that all documents of the origin share. */
export interface SimulatedStorage {
  get(key: string): string | undefined;
  /** Writes, and tells the other documents, unless it is full. */
  set(page: Page, key: string, value: string): void;
  clear(): void;
  /** Full, it refuses to be written to. */
  setFull(isFull: boolean): void;
  isFull(): boolean;
  /** It did not refuse what a page had to write then, and has not been cleared since. */
  hasKept(atMs: number): boolean;
}

/** @param tell - sends the `storage` event to the documents of other pages than the writer's. */
export function createSimulatedStorage(
  now: () => number,
  tell: (writer?: Page) => void,
): SimulatedStorage {
  const entries = new Map<string, string>();
  const writes: { readonly atMs: number; readonly isRefused: boolean }[] = [];
  let isFull = false;
  let clearedAt = -1;

  return {
    get: (key) => entries.get(key),
    set(page, key, value) {
      if (entries.get(key) === value) return;
      writes.push({ atMs: now(), isRefused: isFull });
      if (isFull) return;
      entries.set(key, value);
      tell(page);
    },
    clear() {
      entries.clear();
      clearedAt = now();
      tell();
    },
    setFull(full) {
      isFull = full;
    },
    isFull: () => isFull,
    hasKept: (atMs) => atMs > clearedAt && !writes.find((each) => each.atMs >= atMs)?.isRefused,
  };
}
