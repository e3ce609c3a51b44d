import { lanes, type Lane } from "./entries.js";
import type { TimelineItem } from "./timeline.js";

/** Where everything is drawn, in pixels. */
export interface Placing {
  readonly width: number;
  readonly lanes: readonly PlacedLane[];
}

/** A lane with as many rows as it needs for what goes on at once. */
export interface PlacedLane {
  readonly name: Lane;
  readonly rows: number;
  readonly items: readonly PlacedItem[];
}

/** An item as a bar. */
export interface PlacedItem {
  readonly item: TimelineItem;
  readonly left: number;
  readonly width: number;
  readonly row: number;
  /** From one moment to the next, from the left of the item. */
  readonly segments: readonly { left: number; width: number; isWait: boolean }[];
}

/** Wide enough to be hit. */
const leastWidth = 24;
const widestGap = 80;

/**
 * Places the items from left to right. Gaps are drawn shorter the longer they are, so that both 5 ms and
 * a minute can be seen.
 */
export function placeItems(items: readonly TimelineItem[]): Placing {
  const positions = positionsOf(items);
  const end = Math.max(0, ...positions.values());
  const xOf = (at: number) => positions.get(at) ?? 0;
  const placed = lanes.map((name) => placeLane(name, items, xOf, end));
  return { width: end + 2 * leastWidth, lanes: placed };
}

function positionsOf(items: readonly TimelineItem[]): Map<number, number> {
  const moments = items.flatMap((item) => item.moments.map(({ at }) => at));
  // oxlint-disable-next-line unicorn/no-array-sort -- the engines that are promised lack toSorted()
  const times = [...new Set(moments)].sort((one, other) => one - other);
  const positions = new Map<number, number>();
  let before = times[0] ?? 0;
  let x = 0;
  for (const time of times) {
    if (time > before) x += Math.min(widestGap, 6 + 4 * Math.sqrt(time - before));
    positions.set(time, Math.round(x));
    before = time;
  }
  return positions;
}

function placeLane(
  name: Lane,
  items: readonly TimelineItem[],
  xOf: (at: number) => number,
  end: number,
): PlacedLane {
  /** Where each row is free again. */
  const rows: number[] = [];
  const own = items.filter((item) => item.lane === name);
  const placed = own.map((item): PlacedItem => {
    const left = xOf(item.from);
    const right = item.isOpen ? end + leastWidth : xOf(item.to);
    const width = Math.max(leastWidth, right - left);
    const free = rows.findIndex((until) => until <= left);
    const row = free < 0 ? rows.length : free;
    rows[row] = left + width + 2;
    const starts = item.moments.map(({ at }) => xOf(at) - left);
    const segments = item.moments.map(({ isWait }, index) => {
      const start = starts[index] ?? 0;
      return { left: start, width: (starts[index + 1] ?? width) - start, isWait };
    });
    return { item, left, width, row, segments: segments.filter((each) => each.width > 0) };
  });
  return { name, rows: Math.max(1, rows.length), items: placed };
}
