import { test } from "vitest";
import { expectNoBreach, perEdition } from "./seeds.js";
import { secondEdition } from "./schedule.js";

test(`many tabs keep every promise in the first ${perEdition} schedules of the second edition`, () =>
  expectNoBreach(secondEdition + 1, perEdition));
