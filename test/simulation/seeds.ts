import { createAuth } from "react-authed-query";
import { expect } from "vitest";
import { scale } from "../scale.js";
import { findBreach } from "./search.js";
import { secondEdition, thirdEdition } from "./schedule.js";

/** How many schedules of fixed seeds run of each edition. */
export const perEdition: number = Math.ceil(scale.schedules / 3);

/** How many of the day's seeds run besides. */
export const ofDay: number = scale.schedulesOfTheDay;

/** The first of the day's seeds: of the second edition, and as many of the third. */
export function firstSeedsOf(date: Date): number[] {
  const days = Math.floor(date.getTime() / 86_400_000);
  const first = 1_000_000 + 100_000 * days;
  return [secondEdition + first, thirdEdition + first];
}

/** Seeds that once broke an invariant, or were taken to: each runs every time. */
export const keptSeeds = [
  // A page put away while it waited for a token refreshed without the lock.
  703_550,
  // A tab was taken to tell of a logout when it already followed the session of another tab.
  1_218_656,
  // A tab was taken to show a session whose cookie had never arrived.
  2_007_982,
  // The wall clock was set while a tab waited for the lock, and it took that for a sleep.
  2_003_741,
  // A login that was called before a logout was sent after the next login: its page was away.
  10_204_820,
  // A page read of an old session in a storage that could not be written to.
  10_206_229,
  // A logout that could not be told was tried again with each write of another page to the storage.
  10_008_006,
  // A page slept through the last moments of its wait for the lock.
  10_006_265,
  // A page that came back from a sign-in took the refusal of an earlier session for its own.
  2_089_601_996,
  // A tab that hears nothing of the others sent its login after a logout elsewhere.
  10_204_000,
  // A tab slept while someone else signed in and was refused, and took that for its own session's end.
  10_012_123,
  10_015_153, 40_002_161,
  // The browser was late to tell a page that it has the lock, and the page was taken to hold it meanwhile.
  10_208_784,
  // The sleep of the device was taken for time in which a page had waited for the lock.
  60_001_376, 60_013_819,
  // A page that had missed a sign-in showed the user before, and was taken to say who is signed in.
  60_003_504,
  // A page that froze in its login was taken to hand on an old token when it told the others at last.
  10_077_001_661,
  // A page was opened while the device slept, and its clock went back when the device woke.
  80_001_638,
  // A page that found the storage cleared was taken to know of a logout before.
  80_004_449,
  // A page froze with the lock, as its login was answered, and another lost its patience with it.
  10_000_002_816,
  // A page closed in the moment in which the cookie of its login had come.
  10_077_002_544,
] as const;

/** Fails with the shrunk schedule of the first seed that breaks an invariant. */
export async function expectNoBreach(firstSeed: number, runs: number): Promise<void> {
  // Errors are made by the ten thousand here, and nobody reads where.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const found = await findBreach(firstSeed, runs, createAuth);
  Error.stackTraceLimit = stackTraceLimit;
  expect(found?.report ?? "", `Seed ${found?.seed}`).toBe("");
}
