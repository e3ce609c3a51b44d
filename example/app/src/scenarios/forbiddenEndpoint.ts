import { isAxiosError } from "axios";
import type { Auth } from "react-authed-query";
import code from "../../../../src/core/refresh/refreshBreaker.ts?of=recordVainRefresh&excerpt";
import type { Scenario } from "./scenario.js";

/** Until when a 401 of the second endpoint starts no refresh, as was told when it was last asked. */
let blockedUntil = 0;

export const forbiddenEndpoint: Scenario = {
  id: "forbidden-endpoint",
  title: "A forbidden endpoint",
  expectation:
    "403 starts no refresh: a new token opens no other doors. Where a backend says 401 instead, and says it to every token, one refresh is tried, and then no more for a while, which grows with each: never a loop.",
  action: "Ask for it",
  code,
  async run({ auth, observe, confirm }) {
    await auth.getAccessToken({ forceRefresh: true });
    const seen = observe();
    const forbidden = await statusOf(auth, "/demo/forbidden");
    confirm(forbidden === 403, "The first endpoint answered 403, and the caller got that.");
    confirm(seen.count("refresh-sent") === 0, "It started no refresh.");
    const isBlocked = Date.now() < blockedUntil;
    const rejected = [];
    const refreshes = [];
    for (let time = 0; time < 3; time += 1) {
      rejected.push(await statusOf(auth, "/demo/rejects-every-token"));
      refreshes.push(seen.count("refresh-sent"));
    }
    for (const { until } of seen.all("refresh-blocked")) blockedUntil = until;
    confirm(
      rejected.every((status) => status === 401),
      "The second answered 401 three times, and the caller got that.",
    );
    const [first, ...later] = refreshes;
    const isTooSoon = isBlocked && first === 0;
    confirm(
      isTooSoon || first === 1,
      isTooSoon
        ? "They started no refresh: the last one is too recent."
        : "The first of them started one refresh.",
    );
    confirm(
      later.every((count) => count === first),
      "The others started none.",
    );
    confirm(seen.count("session-ended") === 0, "The session never ended.");
  },
};

async function statusOf({ api }: Auth, path: string): Promise<number | undefined> {
  try {
    return (await api.get(path)).status;
  } catch (error) {
    return isAxiosError(error) ? error.response?.status : undefined;
  }
}
