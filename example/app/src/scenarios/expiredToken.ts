import code from "../../../../src/core/refresh/refresh.ts?of=refresh&excerpt";
import type { Scenario } from "./scenario.js";
import { expireOnServer } from "./steps.js";

export const expiredToken: Scenario = {
  id: "expired-token",
  title: "The token expires under three requests",
  expectation:
    "All three are answered 401. One refresh gets a new token, each request is sent again, and the page sees three answers, as if nothing had happened. The button first gets a fresh token, so the panel counts one refresh more.",
  action: "Expire it",
  code,
  async run({ auth, observe, confirm }) {
    await expireOnServer(auth);
    const seen = observe();
    const answers = await Promise.all(
      ["/me", "/rides", "/bookings"].map((path) => auth.api.get(path)),
    );
    confirm(seen.count("token-rejected") === 3, "Three requests were answered 401.");
    confirm(seen.count("refresh-sent", "tab-refreshing") === 1, "There was one refresh.");
    confirm(seen.count("request-replayed") === 3, "Each request was replayed.");
    confirm(
      answers.every(({ status }) => status === 200),
      "The page got three answers, 200 each.",
    );
  },
};
