import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { inEveryEngine } from "../support/browser.js";
import { openPark, type Park } from "../support/park.js";
import {
  ask,
  each,
  logoutsIn,
  openTab,
  patiently,
  signIn,
  times,
  untilSignOutIsStored,
  whoIsIn,
  type Tab,
  type TabbedBrowser,
} from "../support/tabs.js";

let park: Park;

beforeAll(async () => {
  park = await openPark();
});

afterAll(() => park?.close());

inEveryEngine((open) => {
  let browser: TabbedBrowser;

  beforeAll(async () => {
    browser = await open();
  });

  afterAll(() => browser?.close());

  afterEach(async () => {
    await browser.reset(park.plainURL);
    await park.settle();
  });

  async function signedIn(): Promise<Tab> {
    const tab = await openTab(browser, park.plainURL);
    expect(await tab.evaluate(() => isSecureContext || "locks" in navigator)).toBe(false);
    await signIn(tab, "Ada");
    await park.settle();
    return tab;
  }

  describe("on plain http, where there are no locks", () => {
    test("a tab refreshes once, survives a reload, and signs out", async () => {
      const tab = await signedIn();
      park.expireTokens();
      expect(await times(3, () => ask(tab))).toEqual([200, 200, 200]);
      expect(park.refreshes()).toEqual(["rotated"]);
      await tab.reload();
      expect(await whoIsIn(tab)).toBe("Ada");
      expect(await tab.evaluate(() => auth.logout())).toEqual({ serverTold: true });
      await tab.reload();
      expect(await whoIsIn(tab)).toBe(null);
    });

    test("two tabs at expiry are both signed in afterwards", async () => {
      const tabs = [await signedIn(), await openTab(browser, park.plainURL)];
      expect(await each(tabs, whoIsIn)).toEqual(["Ada", "Ada"]);
      park.expireTokens();
      expect(await each(tabs, ask)).toEqual([200, 200]);
      park.expireTokens();
      expect(await each(tabs, ask)).toEqual([200, 200]);
      expect(await each(tabs, logoutsIn)).toEqual([[], []]);
    });

    test("a tab that is refused takes the token of the tab that was quicker", async () => {
      const quick = await signedIn();
      const slow = await openTab(browser, park.plainURL);
      expect(await whoIsIn(slow)).toBe("Ada");
      await park.settle();
      park.expireTokens();
      const refresh = park.holdNext("POST /api/auth/refresh");
      const answers = [ask(quick)];
      await refresh.arrived;
      park.refuseNext("POST /api/auth/refresh");
      answers.push(ask(slow));
      await expect
        .poll(() => park.received("POST /api/auth/refresh").at(-1)?.status, patiently)
        .toBe(401);
      refresh.release();
      expect(await Promise.all(answers)).toEqual([200, 200]);
      expect(await each([quick, slow], logoutsIn)).toEqual([[], []]);
    });

    test("a logout in one tab reaches the other before its next request", async () => {
      const here = await signedIn();
      const there = await openTab(browser, park.plainURL);
      expect(await whoIsIn(there)).toBe("Ada");
      await here.evaluate(() => void auth.logout());
      await untilSignOutIsStored(there);
      expect(await ask(there)).toBe(401);
      expect(await logoutsIn(there)).toEqual(["other-tab"]);
    });
  });
});
