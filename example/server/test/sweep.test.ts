import { expect, onTestFinished, test, vi } from "vitest";
import { expectWarning } from "../../../test/support/expectWarning.js";
import { sweepRegularly } from "../sweep.js";

test("ended sessions are swept every ten minutes, in batches until none is left", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  expectWarning(/^sweep: The database is away\.$/);
  let ended = 1200;
  const batches: number[] = [];
  let isAway = true;
  const stop = sweepRegularly({
    async sweep(limit = 0) {
      if (isAway) throw new Error("The database is away.");
      const deleted = Math.min(ended, limit);
      ended -= deleted;
      batches.push(deleted);
      return deleted;
    },
  });
  await vi.advanceTimersByTimeAsync(600_000);
  isAway = false;
  await vi.advanceTimersByTimeAsync(599_000);
  expect(batches).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(batches).toEqual([500, 500, 200]);
  stop();
  await vi.advanceTimersByTimeAsync(6_000_000);
  expect(batches).toHaveLength(3);
});
