import { test } from "vitest";
import { expectNoBreach } from "./stories.js";

test("many tabs keep every promise in the stories of part 1 of 4", () => expectNoBreach(1));
