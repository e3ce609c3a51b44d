import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { inEveryEngine } from "../support/browser.js";
import { openPark, type Park } from "../support/park.js";
import {
  ask,
  askInVain,
  each,
  goBack,
  leave,
  logoutsIn,
  openTab,
  patiently,
  requireKept,
  signIn,
  whoIsIn,
  type Tab,
  type TabbedBrowser,
} from "../support/tabs.js";

let park: Park;

beforeAll(async () => {
  park = await openPark();
});

afterAll(() => park?.close());

inEveryEngine((open, engine) => {
  let browser: TabbedBrowser;

  beforeAll(async () => {
    browser = await open();
  });

  afterAll(() => browser?.close());

  afterEach(async () => {
    await browser.reset(park.url);
    await park.settle();
  });

  /** Two seconds for a refresh, so four for the lock. */
  const options = { refreshTimeoutMs: 2000 };

  /** Three tabs in which Ada is signed in. The first refreshes, the others wait for it. */
  async function refreshUnderWay(newTab = browser.newTab) {
    const tab = () => openTab(browser, park.url, options);
    const holder = await openTab({ newTab }, park.url, options);
    await signIn(holder, "Ada");
    const others = [await tab(), await tab()];
    expect(await each(others, whoIsIn)).toEqual(["Ada", "Ada"]);
    await park.settle();
    park.expireTokens();
    const refresh = park.holdNext("POST /api/auth/refresh");
    askInVain(holder);
    await refresh.arrived;
    const answers = each(others, ask);
    // A test that is skipped from here on does not wait for them.
    answers.catch(() => {});
    const told = () => park.received("GET /api/rides").filter(({ status }) => status === 401);
    await vi.waitUntil(() => told().length >= 3, patiently);
    return { holder, others, refresh, answers };
  }

  describe("when the tab that refreshes", () => {
    test.each([
      ["is closed", (tab: Tab) => tab.close()],
      ["crashes", (tab: Tab) => browser.crash(tab)],
      ["is left for another page", (tab: Tab) => leave(tab)],
    ])("%s, the others go on with one refresh of their own", async (_, lose) => {
      const { holder, others, answers } = await refreshUnderWay();
      await lose(holder);
      expect(await answers).toEqual([200, 200]);
      expect(park.refreshes()).toEqual(["rotated", "repeated"]);
      expect(await each(others, logoutsIn)).toEqual([[], []]);
    });

    test("is frozen, the others go on when their wait runs out, and so does it when it thaws", async () => {
      const { holder, others, refresh, answers } = await refreshUnderWay();
      await browser.freeze(holder);
      expect(await answers).toEqual([200, 200]);
      refresh.release();
      await browser.thaw(holder);
      expect(await ask(holder)).toBe(200);
      expect(await each([holder, ...others], logoutsIn)).toEqual([[], [], []]);
      expect(park.log()).not.toContain("reuse");
    });

    test("comes back from the back/forward cache, it goes on as well", async () => {
      const { holder, others, refresh, answers } = await refreshUnderWay(browser.newDeafTab);
      await leave(holder);
      expect(await answers).toEqual([200, 200]);
      refresh.release();
      await goBack(holder);
      await requireKept(holder, engine);
      expect(await ask(holder)).toBe(200);
      expect(await each([holder, ...others], logoutsIn)).toEqual([[], [], []]);
      expect(park.log()).not.toContain("reuse");
    });
  });
});
