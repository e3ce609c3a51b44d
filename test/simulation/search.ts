import { report } from "./report.js";
import { runSchedule, type Breach } from "./run.js";
import { createSchedule } from "./schedule.js";
import type { CreateAuth } from "./tab.js";

/** What a run over many seeds found. */
export interface Finding extends Breach {
  readonly seed: number;
  /** How many schedules ran until then, with this one. */
  readonly runs: number;
  /** The shrunk schedule. */
  readonly report: string;
}

/** Runs the schedules of `runs` seeds from `firstSeed` on, until one breaks an invariant. */
export async function findBreach(
  firstSeed: number,
  runs: number,
  createAuth: CreateAuth,
): Promise<Finding | undefined> {
  for (let run = 0; run < runs; run += 1) {
    const schedule = createSchedule(firstSeed + run);
    const breach = await runSchedule(schedule, createAuth);
    if (!breach) continue;
    return {
      ...breach,
      seed: schedule.seed,
      runs: run + 1,
      report: await report(schedule, breach, createAuth),
    };
  }
  return undefined;
}
