import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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
  startBack,
  textOf,
  untilShown,
  untilSignOutIsStored,
  whoIsIn,
  type Tab,
  type TabbedBrowser,
} from "../support/tabs.js";

declare global {
  /** The text of each frame since the page was last shown. */
  var framesShown: string[];
}

/** What only Ada may read, on the park's account page. */
const profile = "ada@park.example · visitor";

/**
 * WebKit keeps a message back that is on its way as it puts the page into its cache, until its port gets
 * another. React's scheduler sends one at a time and waits for it, so it would never render again.
 */
const keepMessagesGoing = (tab: Tab) =>
  tab.evaluate(() => {
    const post = MessagePort.prototype.postMessage;
    const ports = new Set<MessagePort>();
    MessagePort.prototype.postMessage = function (...message: [unknown]) {
      ports.add(this);
      post.apply(this, message);
    };
    addEventListener("pageshow", () => ports.forEach((port) => port.postMessage(null)));
  });

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

  const newTab = () => openTab(browser, park.url);

  async function signedIn(): Promise<Tab> {
    const tab = await newTab();
    await signIn(tab, "Ada");
    await park.settle();
    return tab;
  }

  /** The access token has expired, the server has answered the refresh, the browser does not know. */
  async function refreshUnderWay(tab: Tab) {
    park.expireTokens();
    const refresh = park.holdNext("POST /api/auth/refresh");
    askInVain(tab);
    await refresh.arrived;
    return refresh;
  }

  const logOut = (tab: Tab) => tab.evaluate(() => void auth.logout());

  const usersOfRequests = () => park.received("GET /api/rides").map(({ user }) => user);

  describe("while a refresh is on the wire", () => {
    test("a logout is told to the server afterwards, and a reload signs nobody in", async () => {
      const tab = await signedIn();
      const refresh = await refreshUnderWay(tab);
      await logOut(tab);
      expect(await whoIsIn(tab)).toBe(null);
      expect(await ask(tab)).toBe(401);
      expect(park.received("POST /api/auth/logout")).toEqual([]);
      refresh.release();
      await expect.poll(() => park.log(), patiently).toContain("logout");
      await tab.reload();
      expect(await whoIsIn(tab)).toBe(null);
    });

    test("a logout and a reload at once sign nobody in, and the server is told", async () => {
      const tab = await signedIn();
      const refresh = await refreshUnderWay(tab);
      await logOut(tab);
      await tab.reload();
      expect(await whoIsIn(tab)).toBe(null);
      refresh.release();
      await expect.poll(() => park.log(), patiently).toContain("logout");
      await tab.reload();
      expect(await whoIsIn(tab)).toBe(null);
    });

    test.each(["the same tab", "another tab"])(
      "another's login in %s waits for it, and a reload shows the other",
      async (which) => {
        const tab = await signedIn();
        const there = which === "the same tab" ? tab : await newTab();
        expect(await whoIsIn(there)).toBe("Ada");
        const refresh = await refreshUnderWay(tab);
        const login = signIn(there, "Grace");
        await there.evaluate(() => fetch("/api/health").then(() => {}));
        expect(park.received("POST /api/auth/login")).toEqual([]);
        refresh.release();
        await login;
        await tab.reload();
        expect(await whoIsIn(tab)).toBe("Grace");
        expect(await ask(tab)).toBe(200);
      },
    );
  });

  test.each<[where: string, cut: (isCut: boolean) => Promise<void>]>([
    ["offline", (isCut) => browser.setOffline(isCut)],
    ["without an API in reach", async (isCut) => void (isCut && park.cutLine())],
  ])(
    "signing out %s is at once, everywhere, and for good; the server is told later",
    async (_, cut) => {
      const here = await signedIn();
      const there = await newTab();
      expect(await whoIsIn(there)).toBe("Ada");
      await cut(true);
      await logOut(here);
      expect(await each([here, there], whoIsIn)).toEqual([null, null]);
      expect(await each([here, there], logoutsIn)).toEqual([["logout"], ["other-tab"]]);

      // There is a page again, but no API yet.
      park.cutLine();
      await cut(false);
      await here.reload();
      await there.close();
      expect(await whoIsIn(here)).toBe(null);
      park.cutLine(false);
      await expect.poll(() => park.log(), patiently).toEqual(["logout"]);
      expect(park.refreshes()).toEqual([]);
      await here.reload();
      expect(await whoIsIn(here)).toBe(null);
    },
  );

  describe("after a sign-out in another tab", () => {
    test("a tab that was frozen meanwhile sends nothing with the token it still has", async () => {
      const frozen = await signedIn();
      const other = await newTab();
      await browser.freeze(frozen);
      await logOut(other);
      await browser.thaw(frozen);
      await untilSignOutIsStored(frozen);
      expect(await ask(frozen)).toBe(401);
      expect(usersOfRequests()).toEqual([undefined]);
      expect(await logoutsIn(frozen)).toEqual(["other-tab"]);
    });

    test("a page back from the back/forward cache sends nothing with the token it still has", async () => {
      const left = await openTab({ newTab: browser.newDeafTab }, park.url);
      await signIn(left, "Ada");
      const other = await newTab();
      await leave(left);
      await logOut(other);
      await goBack(left);
      await requireKept(left, engine);
      await untilSignOutIsStored(left);
      expect(await ask(left)).toBe(401);
      expect(usersOfRequests()).toEqual([undefined]);
      expect(await logoutsIn(left)).toEqual(["other-tab"]);
    });

    test("the back button shows nothing of the person, not for one frame", async () => {
      const tab = await signedIn();
      const app = await browser.newDeafTab();
      await app.goto(`${park.url}/account`);
      await untilShown(app, profile);
      await app.evaluate(() => {
        addEventListener("pageshow", () => {
          globalThis.framesShown = [];
          requestAnimationFrame(function look() {
            framesShown.push(document.body.innerText);
            requestAnimationFrame(look);
          });
        });
      });
      await park.settle();
      await keepMessagesGoing(app);
      await leave(app);
      await logOut(tab);
      // A browser takes a moment to show one page's storage to the process of another.
      await expect.poll(() => park.log(), patiently).toContain("logout");
      await app.bringToFront();
      await startBack(app);
      await untilShown(app, "New here?");
      await requireKept(app, engine);
      await untilShown(app, "You have signed out in another tab.");
      expect((await app.evaluate(() => framesShown)).join()).not.toContain(profile);
    });

    test("the park's other tabs show the door, and say why", async () => {
      const tab = await signedIn();
      const app = await browser.newTab();
      await app.goto(`${park.url}/account`);
      await untilShown(app, profile);
      await logOut(tab);
      await untilShown(app, "You have signed out in another tab.");
      expect(await textOf(app)).not.toContain(profile);
    });
  });
});
