import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { scale } from "../scale.js";
import { inEveryEngine } from "../support/browser.js";
import { openPark, type Park } from "../support/park.js";
import {
  ask,
  askInVain,
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

inEveryEngine((open, engine) => {
  // The protocol is the same, and a round takes longer in the others.
  const rounds = Math.ceil(scale.rounds / (engine === "Chromium" ? 1 : 5));
  let browser: TabbedBrowser;

  beforeAll(async () => {
    browser = await open();
  });

  afterAll(() => browser?.close());

  afterEach(async () => {
    await browser.reset(park.url);
    await park.settle();
  });

  const newTab = () => openTab(browser, park.url);

  async function signedIn(): Promise<Tab> {
    const tab = await newTab();
    await signIn(tab, "Ada");
    await park.settle();
    return tab;
  }

  /** Tabs in which Ada is signed in; what made them so is forgotten. */
  async function tabsOfAda(count: number): Promise<Tab[]> {
    const tabs = [await signedIn(), ...(await times(count - 1, newTab))];
    expect(await each(tabs, whoIsIn)).toEqual(tabs.map(() => "Ada"));
    await park.settle();
    return tabs;
  }

  test(`eight tabs at expiry share one refresh, in ${rounds} of ${rounds} rounds`, async () => {
    const tabs = await tabsOfAda(8);
    const toldOfExpiry = () =>
      park.received("GET /api/rides").filter(({ status }) => status === 401);
    const refreshes: string[][] = [];
    while (refreshes.length < rounds) {
      park.expireTokens();
      // Every other time their own clocks tell them, and no 401 has to.
      const isServerToTell = refreshes.length % 2 === 0;
      if (!isServerToTell) await each(tabs, (tab) => tab.evaluate(() => void (aheadMs += 31_000)));
      const refresh = park.holdNext("POST /api/auth/refresh");
      const answers = each(tabs, ask);
      await refresh.arrived;
      // A driver may start one after the other: each has asked before the first is answered.
      await each(tabs, (tab) => tab.evaluate(() => {}));
      if (isServerToTell) await vi.waitUntil(() => toldOfExpiry().length >= 8, patiently);
      refresh.release();
      expect(await answers).toEqual(tabs.map(() => 200));
      refreshes.push(park.refreshes());
      await park.settle();
    }
    expect(refreshes).toEqual(refreshes.map(() => ["rotated"]));
  });

  test("eight tabs restored together share one refresh", async () => {
    const tabs = await tabsOfAda(8);
    await each(tabs, (tab) => tab.goto("about:blank"));
    const refresh = park.holdNext("POST /api/auth/refresh");
    await each(tabs, (tab) => tab.goto(`${park.url}/tab`));
    await refresh.arrived;
    refresh.release();
    expect(await each(tabs, whoIsIn)).toEqual(tabs.map(() => "Ada"));
    expect(park.refreshes()).toEqual(["rotated"]);
    expect(await each(tabs, ask)).toEqual(tabs.map(() => 200));
  });

  test("a new tab gets the token from the tab beside it, and needs no refresh", async () => {
    await signedIn();
    const beside = await newTab();
    expect(await whoIsIn(beside)).toBe("Ada");
    expect(await ask(beside)).toBe(200);
    expect(park.refreshes()).toEqual([]);
  });

  test("a logout in one tab reaches all before their next request", async () => {
    const [here, ...others] = await tabsOfAda(4);
    await here?.evaluate(() => void auth.logout());
    await each(others, untilSignOutIsStored);
    expect(await each(others, ask)).toEqual(others.map(() => 401));
    expect(park.received("GET /api/rides").map(({ user }) => user)).toEqual(
      others.map(() => undefined),
    );
    expect(await here?.evaluate(() => logouts)).toEqual(["logout"]);
    expect(await each(others, logoutsIn)).toEqual(others.map(() => ["other-tab"]));
  });

  test("a login in one tab is followed by those that are signed out", async () => {
    const [here, ...others] = await times(3, newTab);
    expect(await each(others, whoIsIn)).toEqual(others.map(() => null));
    if (here) await signIn(here, "Ada");
    await expect.poll(() => each(others, whoIsIn), patiently).toEqual(others.map(() => "Ada"));
    expect(await each(others, ask)).toEqual(others.map(() => 200));
  });

  test("a switch of user in one tab: no other sends the first user's token again", async () => {
    const tabs = await tabsOfAda(4);
    const [here, ...others] = tabs;
    if (here) await signIn(here, "Grace");
    await park.settle();
    await each(others, ask);
    await expect.poll(() => each(tabs, whoIsIn), patiently).toEqual(tabs.map(() => "Grace"));
    expect(await each(others, ask)).toEqual(others.map(() => 200));
    expect(park.received().map(({ user }) => user)).not.toContain("Ada");
    expect(await each(tabs, logoutsIn)).toEqual(tabs.map(() => ["switched"]));
  });

  test("a reload before the answer to a refresh keeps the session", async () => {
    const tab = await signedIn();
    park.expireTokens();
    const refresh = park.holdNext("POST /api/auth/refresh");
    askInVain(tab);
    await refresh.arrived;
    await tab.reload();
    expect(await whoIsIn(tab)).toBe("Ada");
    refresh.release();
    expect(await ask(tab)).toBe(200);
    await tab.reload();
    expect(await whoIsIn(tab)).toBe("Ada");
  });

  test.each<[string, (tab: Tab) => Promise<unknown>]>([
    ["reloaded", (tab) => tab.reload()],
    ["closed", (tab) => tab.close()],
  ])("a tab %s before the answer to a refresh still gets its cookie", async (_, leave) => {
    // Loaded again, it does not ask for one itself.
    const tab = await openTab(browser, park.url, { restore: "never" });
    await signIn(tab, "Ada");
    park.expireTokens();
    const refresh = park.holdNext("POST /api/auth/refresh");
    askInVain(tab);
    await refresh.arrived;
    await leave(tab);
    // By the time that another page is there, this one is gone.
    const next = await browser.newTab();
    await next.goto(`${park.url}/library.js`);
    refresh.release();
    await park.settle();
    // The grace of the spent cookie is over: whoever still had it would be taken for a thief.
    park.expireTokens();
    await next.goto(`${park.url}/tab`);
    expect(await whoIsIn(next)).toBe("Ada");
  });
});
