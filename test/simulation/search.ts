import { report } from "./report.js";
import { runStory, type Breach } from "./run.js";
import { tellStory } from "./story.js";
import type { CreateAuth } from "./tab.js";

/** What a run over many seeds found. */
export interface Finding extends Breach {
  readonly seed: number;
  /** How many stories were told until then, with this one. */
  readonly runs: number;
  /** The shrunk story. */
  readonly report: string;
}

/** Tells the stories of `runs` seeds from `firstSeed` on, until one breaks an invariant. */
export async function findBreach(
  firstSeed: number,
  runs: number,
  createAuth: CreateAuth,
): Promise<Finding | undefined> {
  for (let run = 0; run < runs; run += 1) {
    const story = tellStory(firstSeed + run);
    const breach = await runStory(story, createAuth);
    if (!breach) continue;
    return {
      ...breach,
      seed: story.seed,
      runs: run + 1,
      report: await report(story, breach, createAuth),
    };
  }
  return undefined;
}
