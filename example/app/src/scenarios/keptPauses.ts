import type { Observation } from "./observe.js";

/** The library goes by two clocks, and this by the one in the events. */
const toleranceMs = 20;

/**
 * Whether every refresh waited for the end of the pause before it: the time that was told, or an event
 * that says that it is over sooner, because the person is back at the page, say.
 */
export function keptPauses(seen: Observation): boolean {
  let notBefore = 0;
  return seen.all("paused", "resumed", "refresh-sent").every((event) => {
    if (event.type === "paused") notBefore = event.until - toleranceMs;
    if (event.type === "resumed") notBefore = 0;
    return event.type !== "refresh-sent" || event.at >= notBefore;
  });
}
