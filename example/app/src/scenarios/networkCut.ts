import code from "../../../../src/react/request/gate.ts?of=assertSignedIn&excerpt";
import { keptPauses } from "./keptPauses.js";
import type { Scenario } from "./scenario.js";
import { queryRides } from "./steps.js";

export const networkCut: Scenario = {
  id: "network-cut",
  title: "The network is cut",
  expectation:
    "For ten seconds nothing is answered at all. The library tries again after about 1, 2 and 4 seconds, or as soon as you come back to this page. Nobody is signed out, and the query gets its answer when the network is back.",
  action: "Cut it",
  code,
  async run({ auth, observe, confirm }) {
    await auth.getAccessToken({ forceRefresh: true });
    await auth.api.post("/demo/network-cut");
    const seen = observe();
    auth.expireToken();
    const answer = queryRides(auth);
    const { verdict, status } = await seen.first("refresh-answered");
    confirm(
      verdict === "unavailable" && status === undefined,
      "The refresh got no answer. Still signed in.",
    );
    confirm((await answer) > 0, "The network is back, and the query got its answer.");
    const waits = seen.all("paused").map(({ at, until }) => (until - at) / 1000);
    confirm(
      [1, 2, 4].every((seconds, index) => isAbout(seconds, waits[index])),
      `The pauses between the tries were ${waits.map((seconds) => seconds.toFixed(1)).join(", ")} seconds.`,
    );
    confirm(keptPauses(seen), "No try came during a pause.");
    confirm(seen.count("session-ended") === 0, "The session never ended.");
  },
};

/**
 * Up to half as long again, or shorter: a thousand browsers do not come back in one second. An event may
 * come a moment late.
 */
function isAbout(seconds: number, found = 0): boolean {
  return Math.abs(found - seconds) <= seconds / 2 + 0.1;
}
