import { describe, expect, test } from "vitest";
import { createAuthWithout, type Protection } from "./protections.js";
import { secondEdition, thirdEdition } from "./schedule.js";
import { findBreach } from "./search.js";
import { perEdition } from "./seeds.js";

/** Where it is missed, and how many schedules of that edition it took when this was written. */
interface Found {
  /** The third if omitted: its scenes are made for that. */
  readonly edition?: number;
  readonly breaks: readonly string[];
}

const found = {
  lock: { breaks: ["locked"] }, // 1
  sessionScope: { breaks: ["once", "no reuse", "no stale token"] }, // 4
  order: { breaks: ["locked", "no reuse", "once"] }, // 1
  patience: { breaks: ["no wedge"] }, // 1
  regained: { breaks: ["locked"] }, // 4
  sleep: { breaks: ["locked"] }, // 10
  youngerToken: { breaks: ["no older token"] }, // 187
  version: { edition: secondEdition, breaks: ["once", "no unjust end", "settles"] }, // 46
  overtakenLogin: { breaks: ["cookie jar"] }, // 127
  youngerRecord: { breaks: ["no lost record"] }, // 125
} satisfies Record<Protection, Found>;

describe("the schedules of fixed seeds find a missing protection", () => {
  test.each(Object.entries<Found>(found))(
    "%s",
    async (protection, { edition = thirdEdition, breaks }) => {
      // The keys are the protections' names.
      const library = await createAuthWithout(protection as Protection);
      const finding = await findBreach(edition + 1, perEdition, library);
      expect(breaks).toContain(finding?.invariant);
    },
  );
});
