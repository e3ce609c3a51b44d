import code from "../../../../src/core/authServer/backoff.ts?of=start&excerpt";
import { keptPauses } from "./keptPauses.js";
import type { Scenario } from "./scenario.js";
import { queryRides } from "./steps.js";

export const authServerDown: Scenario = {
  id: "auth-server-down",
  title: "The auth server is down for ten seconds",
  expectation:
    "A refresh is answered 503. That is no refusal: nobody is signed out. The query waits for as long as the server asks, and then gets its answer.",
  action: "Take it down",
  code,
  async run({ auth, demo, observe, confirm }) {
    await auth.getAccessToken({ forceRefresh: true });
    const mishapMs = demo.mishapSeconds * 1000;
    const downAt = Date.now();
    await auth.api.post("/demo/auth-server-down");
    const seen = observe();
    auth.expireToken();
    const answer = queryRides(auth);
    const { verdict, status } = await seen.first("refresh-answered");
    confirm(verdict === "unavailable", `The refresh was answered ${status}: ${verdict}.`);
    const { at, until } = await seen.first("paused");
    // `Retry-After` is the rest of the mishap, in whole seconds.
    const isAsAsked = until >= downAt + mishapMs && until <= at + mishapMs;
    confirm(isAsAsked, `It waits as the server asks: until ${timeOf(until)}.`);
    confirm(auth.getState().isAuthenticated, "Still signed in.");
    confirm((await answer) > 0, "The server is back, and the same query got its answer.");
    const refreshes = seen.count("refresh-sent");
    confirm(
      refreshes === 2 && keptPauses(seen),
      "Nobody hammered: there was one more refresh, and not before that time.",
    );
    confirm(seen.count("session-ended") === 0, "The session never ended.");
  },
};

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString();
}
