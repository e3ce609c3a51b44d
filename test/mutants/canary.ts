/**
 * Code whose mutants are known: each run of `scripts/mutants.ts` first shows with them that it sees
 * what its tests see, and no more.
 */

/** Nobody asks about two equal numbers: that one mutant lives. */
export function isMore(left: number, right: number): boolean {
  return left > right;
}

/** Some mutants count without end. */
export function countTo(end: number): number {
  let count = 0;
  while (count < end) count += 1;
  return count;
}

/** Some mutants never resolve. */
export function once(isOver: boolean): Promise<string> {
  return new Promise((resolve) => {
    if (isOver) resolve("over");
  });
}

/** These are asleep again by the time a test looks, unless they are awake as the module loads. */
export const names = ["one"];
