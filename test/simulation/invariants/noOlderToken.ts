import { accessLifeMs } from "../server.js";
import { isUnheard } from "./allowedDeviations.js";
import type { Invariant } from "./index.js";

/** Tabs do not look at the clock at the same moment, and compare tokens by it. */
const skewMs = 5000;

/**
 * Within a session no tab goes back to an older token: whatever others send it, the youngest counts. By
 * when they were asked for, unless somebody has set a clock; and while the younger is good, which is not
 * known of one that was rejected.
 *
 * Allowed where the older is the login's own, and its page could not tell of it until now: to the
 * others it is a new login.
 */
export const noOlderToken: Invariant = {
  name: "no older token",
  afterStep(world) {
    if (world.wereClocksSet()) return undefined;
    for (const { tab, token, youngest } of world.history.sends) {
      const { family } = token;
      const isOfLogin = token.askedAt === family.login?.sentAt;
      if (isOfLogin && isUnheard(world, family)) continue;
      const isGood = youngest && world.now() - youngest.issuedAt < accessLifeMs / 2;
      if (isGood && token.askedAt < youngest.askedAt - skewMs) {
        return `tab ${tab.page.name} sends a token of ${token.askedAt} ms, and has sent one of ${youngest.askedAt} ms`;
      }
    }
    return undefined;
  },
};
