import type { Page } from "./page.js";

/** A page had something new to write. */
export interface Write {
  readonly page: Page;
  readonly text: string;
  readonly atMs: number;
  readonly isRefused: boolean;
}

/** What it held was lost. */
interface Loss {
  readonly atMs: number;
  /** Of the newest record until then. */
  readonly revision: number;
  /** The pages that have read since what was left, and when first. */
  readonly readers: Map<Page, number>;
  isMended: boolean;
}

/** The storage that all documents of the origin share. They use one key. */
export interface SimulatedStorage {
  read(page: Page): string | undefined;
  /** What it holds. */
  readonly text: string | undefined;
  /** Writes, and tells the other documents, unless it is full. */
  write(page: Page, text: string): void;
  clear(): void;
  /** Holds what was written before the present text: of two pages that wrote at once, the older was last. */
  goBack(): void;
  /** Full, it refuses to be written to. */
  setFull(isFull: boolean): void;
  isFull(): boolean;
  readonly writes: readonly Write[];
  /**
   * It did not refuse what a page had to write then, and has not lost it since; or a page wrote it again
   * before any other could take what was left for the truth.
   */
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
  const losses: Loss[] = [];

  function lose(text: string | undefined): void {
    const revision = Math.max(revisionOf(present), losses.at(-1)?.revision ?? 0);
    losses.push({ atMs: now(), revision, readers: new Map(), isMended: false });
    present = text;
    tell();
  }

  function mend(loss: Loss, writer: Page): void {
    if (loss.isMended || revisionOf(present) < loss.revision) return;
    loss.isMended = true;
    // It knew better. Who writes later has taken what was left for the truth.
    if (loss.readers.get(writer) === now()) loss.readers.delete(writer);
  }

  return {
    writes,
    get text() {
      return present;
    },
    read(page) {
      for (const { isMended, readers } of losses) {
        if (!isMended && !readers.has(page)) readers.set(page, now());
      }
      return present;
    },
    write(page, text) {
      if (present === text) return;
      writes.push({ page, text, atMs: now(), isRefused: isFull });
      if (isFull) return;
      present = text;
      for (const loss of losses) mend(loss, page);
      tell(page);
    },
    clear: () => lose(undefined),
    goBack: () =>
      lose(writes.findLast(({ text, isRefused }) => !isRefused && text !== present)?.text),
    setFull(full) {
      isFull = full;
    },
    isFull: () => isFull,
    hasKept: (atMs) =>
      losses.every((loss) => atMs > loss.atMs || (loss.isMended && loss.readers.size === 0)) &&
      !writes.find((each) => each.atMs >= atMs)?.isRefused,
  };
}

/** Of a record as the pages write it; 0 for none. */
export function revisionOf(text: string | undefined): number {
  const { revision } = JSON.parse(text ?? "{}") as { revision?: number };
  return revision ?? 0;
}
