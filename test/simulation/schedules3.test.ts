import { test } from "vitest";
import { thirdEdition } from "./schedule.js";
import { expectNoBreach, perEdition } from "./seeds.js";

test(`many tabs keep every promise in the first ${perEdition} schedules of the third edition`, () =>
  expectNoBreach(thirdEdition + 1, perEdition));
