import { describe, expect, test } from "vitest";
import { createAuthWithout, type Protection } from "./protections.js";
import { findBreach } from "./search.js";

/** The most stories it may take: a few times what it took when this was written. */
const found: Record<Protection, { within: number; breaks: readonly string[] }> = {
  lock: { within: 500, breaks: ["no reuse"] },
  generation: { within: 500, breaks: ["no reuse", "no stale token"] },
  order: { within: 500, breaks: ["no reuse", "once"] },
  patience: { within: 500, breaks: ["no wedge"] },
};

describe("the stories find a missing protection", () => {
  test.each(Object.keys(found) as Protection[])("%s", async (protection) => {
    const { within, breaks } = found[protection];
    const finding = await findBreach(1, within, await createAuthWithout(protection));
    expect(breaks).toContain(finding?.invariant);
  });
});
