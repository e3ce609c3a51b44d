import code from "../../../../src/react/throughAuth.ts?of=assertSignedIn&excerpt";
import type { Scenario } from "./scenario.js";
import { queryRides } from "./steps.js";

export const networkCut: Scenario = {
  id: "network-cut",
  title: "The network is cut",
  expectation:
    "For ten seconds nothing is answered at all. The library tries again after about 1, 2 and 4 seconds, nobody is signed out, and the query gets its answer when the network is back.",
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
    confirm(seen.count("paused") > 0, `It had waited ${timesOf(seen.count("paused"))}.`);
    confirm(seen.count("session-ended") === 0, "The session never ended.");
  },
};

function timesOf(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
