import axios from "axios";
import { AuthError, authedQueryOptions, type Auth } from "react-authed-query";
import code from "../../../../src/core/token/identity.ts?of=isSamePerson&excerpt";
import { queryClient } from "../queryClient.js";
import { letterIn } from "./letter.js";
import { closeTabs, openTabs, signInThere } from "./parkTabs.js";
import type { Scenario } from "./scenario.js";

const name = "park-second-tab";

export const anotherPerson: Scenario = {
  id: "another-person",
  title: "Another person signs in in a second tab",
  expectation:
    "This tab follows at once. What was loaded and written here is gone, requests on their way are dropped, and the page begins anew for the other person.",
  action: "Let someone else in",
  code,
  cleanUp: { name: "Close the tab", run: () => closeTabs([name]) },
  async run({ auth, demo, signal, observe, ask, confirm }) {
    const former = auth.getState().user;
    const other = demo.guests.find(({ email }) => email !== former?.email);
    if (!former || !other) throw new Error("It takes two guests.");
    const letter = letterIn(document);
    if (letter.value === "") letter.value = `Dear park, this is ${former.name}, and nobody`;
    const seen = observe();
    const [tab = ""] = await openTabs([name], signal, (_, openIt) =>
      ask("Your browser kept the tab closed. Allow pop-ups here and open it.", {
        name: "Open it",
        run: openIt,
      }),
    );
    const loaded = ["of", former.id];
    await queryClient.query(authedQueryOptions(auth, { queryKey: loaded, request: "/me" }));
    const ended = seen.first("session-ended");
    const late = failureOf(sendSlowly(auth, ended));
    signInThere(tab, other);
    const { reason } = await ended;
    confirm(reason === "switched", `The session of ${former.name} is over, in this tab too.`);
    const failure = await late;
    confirm(
      failure instanceof AuthError && failure.code === "session_ended",
      `A request of ${former.name} was on its way, and was dropped.`,
    );
    await seen.first("session-started");
    confirm(auth.getState().user?.email === other.email, `This page is ${other.name}'s now.`);
    const isGone = !letter.isConnected && queryClient.getQueryData(loaded) === undefined;
    confirm(isGone, `Nothing that ${former.name} loaded or wrote is left.`);
  },
};

/** As over a slow network: the answer comes when it is too late. */
function sendSlowly({ api }: Auth, tooLate: Promise<unknown>): Promise<unknown> {
  const send = axios.getAdapter(axios.defaults.adapter);
  return api.get("/me", {
    adapter: async (config) => {
      const answer = await send(config);
      await tooLate;
      return answer;
    },
  });
}

/** What it failed with; the library's own reason, where an axios error carries one. */
async function failureOf(request: Promise<unknown>): Promise<unknown> {
  try {
    await request;
    return undefined;
  } catch (error) {
    return axios.isAxiosError(error) ? error.cause : error;
  }
}
