import { expect, test } from "vitest";
import { libraryScript, scriptOf } from "../support/libraryScript.js";

/** Stands in every build of the kit, and in nothing else. */
const ofTheKit = /IS_REACT_ACT_ENVIRONMENT/;
/** Words for whoever makes a mistake in a test. */
const sentences = /names no request|is scripted here|nobody is signed in|Nothing answers/;

test("an app's production build holds nothing of the kit", async () => {
  const script = await libraryScript();
  expect(script).not.toMatch(ofTheKit);
  expect(script).not.toMatch(sentences);
});

test("a production build of stories holds the kit without its sentences", async () => {
  const script = await scriptOf("src/testing/index.ts");
  expect(script).toMatch(ofTheKit);
  expect(script).not.toMatch(sentences);
});
