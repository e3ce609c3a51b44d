import { TestRunner } from "vitest";

/** Skips the test that is running, from anywhere, and lists the reason. */
export function skipTest(reason: string): never {
  const test = TestRunner.getCurrentTest();
  if (!test) throw new Error(`No test is running that could be skipped: ${reason}`);
  return test.context.skip(reason);
}
