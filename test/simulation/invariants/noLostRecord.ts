import { revisionOf } from "../storage.js";
import type { Invariant } from "./index.js";

/**
 * At rest the storage holds the session's record as its writer knows it, or a newer one: a tab that finds an
 * older record or none there writes its own again. It may be older where the storage has refused a write
 * since. A tab with `tabs: false` does not look.
 */
export const noLostRecord: Invariant = {
  name: "no lost record",
  atRest({ storage, tabs, isIsolated }) {
    const present = revisionOf(storage.text);
    const pages = new Set(tabs().flatMap(({ page }) => (isIsolated(page) ? [] : page)));
    for (const { page, text, atMs, isRefused } of storage.writes) {
      if (isRefused || !pages.has(page) || revisionOf(text) <= present) continue;
      if (storage.writes.some((each) => each.isRefused && each.atMs >= atMs)) continue;
      return `tab ${page.name} wrote record ${revisionOf(text)}, and the storage holds ${present || "none"}`;
    }
    return undefined;
  },
};
