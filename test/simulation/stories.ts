import { createAuth } from "react-authed-query";
import { expect } from "vitest";
import { findBreach } from "./search.js";

/** Each file of stories tells as many: together they are what one `npm test` promises. */
export const storiesPerFile = 5000;

/** Fails with the shrunk story of the first seed that breaks an invariant. */
export async function expectNoBreach(firstSeed: number): Promise<void> {
  // Errors are made by the ten thousand here, and nobody reads where.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const found = await findBreach(firstSeed, storiesPerFile, createAuth);
  Error.stackTraceLimit = stackTraceLimit;
  expect(found?.report ?? "").toBe("");
}
