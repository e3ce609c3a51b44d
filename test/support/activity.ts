import * as React from "react";
import type { TestContext } from "vitest";

/** Skips a test, aloud, where React has no `<Activity>`: before 19.2. */
export function needActivity({ skip, task }: TestContext): void {
  const { version } = React;
  if ("Activity" in React) return;
  console.warn(`\n  SKIPPED: ${task.name}, for React ${version} has no <Activity>.\n`);
  skip();
}
