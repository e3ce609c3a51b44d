import { afterEach, beforeEach, vi } from "vitest";

/**
 * Lets each test of a file move the page's own clock by hand: what is copied from a recipe has no
 * other. The library shares it with `platform: browserPlatform`. The network takes its own time.
 */
export function movePageClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    vi.spyOn(globalThis, "setTimeout");
    vi.spyOn(Math, "random").mockReturnValue(0.8);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
}

/** Moves the clock and fires what falls due on the way. */
export const advance = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Waits for it in real time, which `expect.poll` does not: that moves the clock. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether the page has decided to wait for so long. */
const isPausing = (ms: number): boolean =>
  vi.mocked(setTimeout).mock.calls.some(([, delay]) => delay === ms);

/** Waits until it has. */
export async function pausing(ms: number): Promise<void> {
  await until(() => isPausing(ms));
  vi.mocked(setTimeout).mockClear();
}
