import code from "../../../../src/core/refresh/refresh.ts?of=lookOrAnnounce&excerpt";
import { closeTabs, openTabs, sendInTabs } from "./parkTabs.js";
import type { Scenario } from "./scenario.js";
import { expireOnServer } from "./steps.js";

const names = Array.from({ length: 7 }, (_, index) => `park-tab-${index + 1}`);

export const eightTabs: Scenario = {
  id: "eight-tabs",
  title: "Eight tabs at once",
  expectation:
    "Seven more tabs open. Then the token that all share expires, and all eight send a request. One of them refreshes, under a lock that all share, and hands the new token to the others.",
  action: "Open seven tabs",
  code,
  cleanUp: { name: "Close them", run: () => closeTabs(names) },
  async run({ auth, signal, ask, confirm }) {
    const tabs = await openTabs(names, signal, (count, openThem) =>
      ask(
        `Your browser kept ${count} of the tabs closed. Allow pop-ups here and open them, with the button or by hand.`,
        { name: "Open the others", run: openThem },
      ),
    );
    confirm(true, "Eight tabs are open.");
    await expireOnServer(auth);
    const reports = await sendInTabs(auth, tabs, signal);
    const sumOf = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0);
    const rejections = sumOf(reports.map((report) => report.rejections));
    confirm(rejections > 0, `${rejections} of 8 requests were answered 401.`);
    const refreshes = sumOf(reports.map((report) => report.refreshes));
    confirm(refreshes === 1, "All together made one refresh.");
    const others = reports.filter((report) => report.refreshes === 0);
    const givers = new Set(others.map(({ giver }) => giver));
    confirm(
      givers.size === 1 && !givers.has(undefined),
      `The other ${others.length} were handed the new token by the one that made it.`,
    );
    confirm(
      reports.every(({ status }) => status === 200),
      "Each tab got its answer, 200.",
    );
  },
};
