import { deviations, type Deviation } from "./invariants/allowedDeviations.js";
import { runSchedule } from "./run.js";
import { createSchedule } from "./schedule.js";
import type { CreateAuth } from "./tab.js";

/** In how many schedules a deviation was allowed, and how many of them break an invariant if it is not. */
export interface DeviationCount {
  readonly allowed: number;
  readonly needed: number;
}

/** Counts over the schedules of `runs` seeds from `firstSeed` on. */
export async function countDeviations(
  firstSeed: number,
  runs: number,
  createAuth: CreateAuth,
): Promise<Record<Deviation, DeviationCount>> {
  const counts = new Map<Deviation, { allowed: number; needed: number }>(
    deviations.map((deviation) => [deviation, { allowed: 0, needed: 0 }]),
  );
  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    const schedule = createSchedule(seed);
    const used = new Set<Deviation>();
    await runSchedule(schedule, createAuth, { allows: (deviation) => !!used.add(deviation) });
    for (const [deviation, count] of counts) {
      if (!used.has(deviation)) continue;
      count.allowed += 1;
      const breach = await runSchedule(schedule, createAuth, {
        allows: (other) => other !== deviation,
      });
      if (breach) count.needed += 1;
    }
  }
  // Each deviation has an entry.
  return Object.fromEntries(counts) as Record<Deviation, DeviationCount>;
}
