import { readFileSync, writeFileSync } from "node:fs";
import type { Mutant } from "./instrument.js";

/** A mutant that is known to live, and why that is right. Found by its text, wherever it moves. */
export interface Accepted {
  file: string;
  /** The text of its first line. */
  line: string;
  original: string;
  replacement: string;
  /** Empty: nobody has judged it yet, and it counts as unknown. */
  reason: string;
}

const path = "test/mutants/survivors.json";

export function readAccepted(): Accepted[] {
  // The list is ours, and what is wrong with it shows as stale or unknown.
  return JSON.parse(readFileSync(path, "utf8")) as Accepted[];
}

/** Lists these and keeps what was said of them. Of files that were not looked at, all stays. */
export function writeAccepted(survivors: readonly Mutant[], judged: ReadonlySet<string>): void {
  const before = readAccepted();
  const reasons = new Map(before.map((entry) => [keyOf(entry), entry.reason]));
  const now = survivors.map(({ file, text: line, original, replacement }) => {
    const entry = { file, line, original, replacement };
    return { ...entry, reason: reasons.get(keyOf(entry)) ?? "" };
  });
  const all = [...before.filter(({ file }) => !judged.has(file)), ...now];
  const once = new Map(all.map((entry) => [keyOf(entry), entry]));
  const sorted = [...once.values()].toSorted((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : 0,
  );
  writeFileSync(path, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

export function keyOf({ file, line, original, replacement }: Omit<Accepted, "reason">): string {
  return JSON.stringify([file, line, original, replacement]);
}
