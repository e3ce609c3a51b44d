/** One turn of the event loop. With fake timers it fires what is due now. */
async function turn(): Promise<void> {
  // Fake timers, those of Vitest and of Jest, hang their clock on what they replace.
  const { clock } = setTimeout as { clock?: { tickAsync(ms: number): Promise<unknown> } };
  await (clock ? clock.tickAsync(0) : new Promise((resolve) => setTimeout(resolve)));
}

/** How many wait at this moment, and what React was told before the first of them. */
let waiting = 0;
let isActing: unknown;

/**
 * Resolves when nothing is under way. As in Testing Library's `waitFor`, React meanwhile renders as it
 * does outside of tests, and asks for no `act()`.
 *
 * @param activity - a number that grows with whatever happens.
 */
export async function settle(activity: () => number): Promise<void> {
  const page = globalThis as { IS_REACT_ACT_ENVIRONMENT?: unknown };
  if (!waiting++) isActing = page.IS_REACT_ACT_ENVIRONMENT;
  page.IS_REACT_ACT_ENVIRONMENT = false;
  try {
    // A query tells of its answer in one turn, React renders it in another, its effects come in a third.
    for (let quietTurns = 0; quietTurns < 5; quietTurns += 1) {
      const before = activity();
      await turn();
      if (activity() !== before) quietTurns = -1;
    }
  } finally {
    if (!--waiting) page.IS_REACT_ACT_ENVIRONMENT = isActing;
  }
}
