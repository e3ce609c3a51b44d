import { describe, test } from "vitest";
import { expectNoBreach, firstSeedsOf, keptSeeds, ofDay, perEdition } from "./seeds.js";

describe("many tabs keep every promise in the schedules", () => {
  test.each(keptSeeds)("of seed %i, which once broke one", (seed) => expectNoBreach(seed, 1));

  test(`of the first ${perEdition} seeds`, () => expectNoBreach(1, perEdition));

  test.each(ofDay > 0 ? firstSeedsOf(new Date()) : [])(
    `of ${ofDay / 2} of the day's seeds, from %i on`,
    (first) => expectNoBreach(first, ofDay / 2),
  );
});
