import { describe, test } from "vitest";
import { expectNoBreach, firstSeedOf, keptSeeds, ofDay, perEdition } from "./schedules.js";

describe("many tabs keep every promise in the schedules", () => {
  test.each(keptSeeds)("of seed %i, which once broke one", (seed) => expectNoBreach(seed, 1));

  test(`of the first ${perEdition} seeds`, () => expectNoBreach(1, perEdition));

  const first = firstSeedOf(new Date());
  test.runIf(ofDay > 0)(`of the day's ${ofDay} seeds, from ${first} on`, () =>
    expectNoBreach(first, ofDay),
  );
});
