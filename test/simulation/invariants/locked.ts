import type { Invariant } from "./index.js";

/**
 * No login, refresh or logout is sent without the lock, unless there are no locks for it (the browser
 * has none, or the tab has `tabs: false`), or its page has waited for the lock for as long as it has
 * patience. A page that was put away or frozen for longer than that has not waited meanwhile: it gives
 * the lock a moment when it is back. (A page that is put away while its call is on the wire gives the lock away.)
 */
export const locked: Invariant = {
  name: "locked",
  afterStep({ network }) {
    const call = network.calls.at(-1);
    if (!call || call.hadLock || call.isImpatient) return undefined;
    return `tab ${call.page.name} sends ${call.purpose} #${call.number} without the lock`;
  },
};
