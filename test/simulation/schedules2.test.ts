import { test } from "vitest";
import { expectNoBreach, perEdition } from "./schedules.js";
import { secondEdition } from "./story.js";

test(`many tabs keep every promise in the first ${perEdition} schedules of the second edition`, () =>
  expectNoBreach(secondEdition + 1, perEdition));
