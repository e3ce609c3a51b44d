import type { Page } from "./page.js";

/** A page had something new to write. */
export interface Write {
  readonly page: Page;
  readonly text: string;
  readonly atMs: number;
  readonly isRefused: boolean;
}

/** The storage that all documents of the origin share. They use one key. */
export interface SimulatedStorage {
  read(): string | undefined;
  /** Writes, and tells the other documents, unless it is full. */
  write(page: Page, text: string): void;
  clear(): void;
  /** Holds what was written before the present text: of two pages that wrote at once, the older came last. */
  goBack(): void;
  /** Full, it refuses to be written to. */
  setFull(isFull: boolean): void;
  isFull(): boolean;
  readonly writes: readonly Write[];
  /** It did not refuse what a page had to write then, and has lost nothing since. */
  hasKept(atMs: number): boolean;
}

/** @param tell - sends the `storage` event to the documents of other pages than the writer's. */
export function createSimulatedStorage(
  now: () => number,
  tell: (writer?: Page) => void,
): SimulatedStorage {
  const writes: Write[] = [];
  let present: string | undefined;
  let isFull = false;
  let lostAt = -1;

  function lose(text: string | undefined): void {
    present = text;
    lostAt = now();
    tell();
  }

  return {
    writes,
    read: () => present,
    write(page, text) {
      if (present === text) return;
      writes.push({ page, text, atMs: now(), isRefused: isFull });
      if (isFull) return;
      present = text;
      tell(page);
    },
    clear: () => lose(undefined),
    goBack: () =>
      lose(writes.findLast(({ text, isRefused }) => !isRefused && text !== present)?.text),
    setFull(full) {
      isFull = full;
    },
    isFull: () => isFull,
    hasKept: (atMs) => atMs > lostAt && !writes.find((each) => each.atMs >= atMs)?.isRefused,
  };
}
