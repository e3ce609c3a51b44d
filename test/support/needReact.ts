import * as React from "react";
import type { TestContext } from "vitest";

/** Skips a test where React has no `<Activity>`: before 19.2. */
export function needActivity({ skip }: TestContext): void {
  const { version } = React;
  if (!("Activity" in React)) skip(`React ${version} has no <Activity>`);
}

/** Skips a test where React has no `use`: before 19. */
export function needUse({ skip }: TestContext): void {
  const { version } = React;
  if (!("use" in React)) skip(`React ${version} has no use()`);
}
