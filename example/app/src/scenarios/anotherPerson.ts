import code from "../../../../src/core/token/identity.ts?of=isSamePerson&excerpt";
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
    signInThere(tab, other);
    const { reason } = await seen.first("session-ended");
    confirm(reason === "switched", `The session of ${former.name} is over, in this tab too.`);
    await seen.first("session-started");
    confirm(auth.getState().user?.email === other.email, `This page is ${other.name}'s now.`);
    confirm(!letter.isConnected, `Nothing that ${former.name} wrote is left.`);
  },
};
