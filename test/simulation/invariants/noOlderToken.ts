import { accessLifeMs } from "../server.js";
import type { Invariant } from "./index.js";

/** Tabs do not look at the clock at the same moment, and compare tokens by it. */
const skewMs = 5000;

/**
 * Within a session no tab goes back to an older token: whatever others send it, the youngest counts. By
 * when they were asked for, unless somebody has set a clock; and while the younger is good, which is not
 * known of one that was rejected.
 */
export const noOlderToken: Invariant = {
  name: "no older token",
  afterStep(world) {
    if (world.wereClocksSet()) return undefined;
    for (const { tab, token, youngest } of world.history.sends) {
      const isGood = youngest && world.now() - youngest.issuedAt < accessLifeMs / 2;
      if (isGood && token.askedAt < youngest.askedAt - skewMs) {
        return `tab ${tab.page.name} sends a token of ${token.askedAt} ms, and has sent one of ${youngest.askedAt} ms`;
      }
    }
    return undefined;
  },
};
