import { refreshTimeoutMs } from "../tab.js";
import type { Page } from "../page.js";
import type { Invariant } from "./index.js";

/** Timers of background tabs come up to a second late, and a wait is measured by two. */
const slackMs = 3000;
const patienceMs = refreshTimeoutMs + 2000;

/**
 * Nobody waits for long: no tab holds the lock for longer than one bounded call (with the moments in
 * which it listens to its siblings before and after), and none waits for it longer than
 * `refreshTimeoutMs` + 2 s. Time in which the page could run no code does not count.
 */
export const noWedge: Invariant = {
  name: "no wedge",
  afterStep({ locks }) {
    if (locks.requests.size === 0) return undefined;
    const holders = new Set<Page>();
    for (const { page, granted, ageMs } of locks.requests) {
      if (granted) holders.add(page);
      if (granted && page.life() === "live" && ageMs() > refreshTimeoutMs + 700 + slackMs) {
        return `tab ${page.name} holds the lock for ${Math.round(ageMs())} ms`;
      }
    }
    for (const { page, granted, ageMs } of locks.requests) {
      if (granted || holders.has(page) || page.life() !== "live") continue;
      if (ageMs() > patienceMs + slackMs) {
        return `tab ${page.name} waits for the lock for ${Math.round(ageMs())} ms`;
      }
    }
    return undefined;
  },
};
