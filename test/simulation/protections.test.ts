import { describe, expect, test } from "vitest";
import { createAuthWithout, type Protection } from "./protections.js";
import { findBreach } from "./search.js";

/** The most schedules it may take: a few times what it took when this was written, which stands beside. */
const found = {
  lock: { within: 20, breaks: ["locked"] }, // 1
  sessionScope: { within: 500, breaks: ["once", "no reuse", "no stale token"] }, // 22
  order: { within: 50, breaks: ["locked", "no reuse", "once"] }, // 4
  patience: { within: 500, breaks: ["no wedge"] }, // 40
  regained: { within: 500, breaks: ["locked"] }, // 159
} satisfies Partial<Record<Protection, { within: number; breaks: readonly string[] }>>;

// What chance meets too seldom has a test of its own: `sleep` (4061 schedules) in `putAwayPages`,
// `youngerToken`, `overtakenLogin` and `youngerRecord` in other files of `test/behaviour`.

describe("the schedules find a missing protection", () => {
  test.each(Object.entries(found))("%s", async (protection, { within, breaks }) => {
    const library = await createAuthWithout(protection as keyof typeof found);
    const finding = await findBreach(1, within, library);
    expect(breaks).toContain(finding?.invariant);
  });
});
