import { describe, test } from "vitest";
import { expectNoBreach, firstSeedOf, keptSeeds, ofDay, perEdition } from "./seeds.js";

describe("many tabs keep every promise in the schedules", () => {
  test.each(keptSeeds)("of seed %i, which once broke one", (seed) => expectNoBreach(seed, 1));

  test(`of the first ${perEdition} seeds`, () => expectNoBreach(1, perEdition));

  test.each(ofDay > 0 ? [firstSeedOf(new Date())] : [])(
    `of the day's ${ofDay} seeds, from %i on`,
    (first) => expectNoBreach(first, ofDay),
  );
});
