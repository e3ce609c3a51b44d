import type { Invariant } from "./index.js";

/**
 * After `dispose()` an Auth sends no login, refresh or logout, neither holds nor wants the lock, and owes
 * nobody an answer: what was asked of it before is rejected.
 */
export const silent: Invariant = {
  name: "silent",
  afterStep({ disposed, network, locks }) {
    for (const { tab, atMs } of disposed) {
      const late = network.calls.find(({ page, sentAt }) => page === tab.page && sentAt > atMs);
      if (late)
        return `tab ${tab.page.name} is disposed of, and sends ${late.purpose} #${late.number}`;
      if ([...locks.requests].some(({ page }) => page === tab.page)) {
        return `tab ${tab.page.name} is disposed of, and holds the lock or waits for it`;
      }
    }
    return undefined;
  },
  atRest({ disposed }) {
    for (const { tab } of disposed) {
      const [hanging] = tab.pending;
      if (hanging) return `tab ${tab.page.name} is disposed of, and never settles ${hanging}`;
    }
    return undefined;
  },
};
