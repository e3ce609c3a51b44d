import * as React from "react";

/** One turn of the event loop. With fake timers it fires what is due now. */
async function turn(): Promise<void> {
  // Fake timers, those of Vitest and of Jest, hang their clock on what they replace.
  const { clock } = setTimeout as { clock?: { tickAsync(ms: number): Promise<unknown> } };
  await (clock ? clock.tickAsync(0) : new Promise((resolve) => setTimeout(resolve)));
}

/** A few turns in which nothing happens: a query's answer takes one, and what is rendered then another. */
const quietTurns = 3;

/**
 * Resolves when nothing is under way: each turn within React's `act()`, where a test has that on.
 *
 * @param activity - a number that grows with whatever happens.
 */
export async function settle(activity: () => number): Promise<void> {
  for (let quiet = 0; quiet < quietTurns; quiet += 1) {
    const before = activity();
    // Testing Library sets the flag. React has had `act` under this name since 18.3.
    const isActing: unknown = Reflect.get(globalThis, "IS_REACT_ACT_ENVIRONMENT");
    const act: unknown = Reflect.get(React, "act") ?? Reflect.get(React, "unstable_act");
    if (isActing && typeof act === "function") await act(turn);
    else await turn();
    if (activity() !== before) quiet = -1;
  }
}
