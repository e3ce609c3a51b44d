import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { launch } from "puppeteer-core";
import { findChromium, findFirefox } from "../../scripts/find-browsers.mjs";
import type { Tab } from "./tabs.js";

const flags = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
];

/** Starts the Chromium of this machine, quiet and without reaching for the network. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: flags });
}

/** A browser with many tabs, driven in the same way whichever it is. */
export interface TabbedBrowser {
  newTab(): Promise<Tab>;
  /** Closes all tabs, and forgets all cookies and what these origins stored. */
  reset(...origins: string[]): Promise<void>;
  close(): Promise<void>;
}

/** A browser window of Chromium as a person has one. */
export interface ChromiumWindow extends TabbedBrowser {
  /** All its tabs but the one in front are hidden, and the back/forward cache is at work. */
  readonly context: BrowserContext;
  newTab(): Promise<Page>;
  /** A tab that hears no messages: one would throw its page out of the back/forward cache. */
  newDeafTab(): Promise<Page>;
  /** Stops a hidden tab as the browser does to save power: no timer and no message reaches it. */
  freeze(tab: Page): Promise<void>;
  thaw(tab: Page): Promise<void>;
  crash(tab: Page): Promise<void>;
  /** Goes to a page without a script. The one that was left is kept in the back/forward cache. */
  leave(tab: Page): Promise<void>;
  /** Back to a page with an `auth`. */
  goBack(tab: Page): Promise<void>;
}

/**
 * Opens a window of Chromium without what Playwright does for steady tests: it keeps every page
 * visible, so that none can be frozen, and has the back/forward cache off.
 */
export async function openChromium(): Promise<ChromiumWindow> {
  const profile = await mkdtemp(join(tmpdir(), "window-"));
  const child = spawn(
    chromiumPath(),
    [
      ...flags,
      "--headless",
      "--no-sandbox",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      // A name that is not this machine's, and so no secure context.
      "--host-resolver-rules=MAP park.test 127.0.0.1",
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const address = await addressIn(child.stderr);
  const browser = await chromium.connectOverCDP(address, { noDefaults: true, timeout: 0 });
  const session = await browser.newBrowserCDPSession();
  const [context] = browser.contexts();
  if (!context) throw new Error("Chromium came up without a window.");
  return {
    context,
    newTab: () => context.newPage(),
    async newDeafTab() {
      const tab = await context.newPage();
      await tab.addInitScript(() => Reflect.deleteProperty(globalThis, "BroadcastChannel"));
      return tab;
    },
    async freeze(tab) {
      await tab.waitForFunction(() => document.hidden, undefined, { polling: 20 });
      const page = await context.newCDPSession(tab);
      await page.send("Page.setWebLifecycleState", { state: "frozen" });
    },
    async thaw(tab) {
      const page = await context.newCDPSession(tab);
      await page.send("Page.setWebLifecycleState", { state: "active" });
    },
    async crash(tab) {
      const crashed = tab.waitForEvent("crash");
      const page = await context.newCDPSession(tab);
      // No answer comes back from a page that has crashed.
      page.send("Page.crash").catch(() => {});
      await crashed;
    },
    async leave(tab) {
      await tab.goto("about:blank");
    },
    async goBack(tab) {
      // Not at once: the page would be gone before it has answered.
      await tab.evaluate(() => void setTimeout(() => history.back()));
      await tab.waitForFunction(() => "auth" in globalThis, undefined, { polling: 20 });
    },
    async reset(...origins) {
      const pages = context.pages();
      const home = await context.newPage();
      await Promise.all(pages.map((page) => page.close()));
      const storage = await context.newCDPSession(home);
      for (const origin of origins) {
        await storage.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
      }
    },
    async close() {
      process.off("exit", kill);
      const ended = once(child, "exit");
      await session.send("Browser.close");
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** @throws if there is no Firefox on this machine. */
export async function openFirefox(): Promise<TabbedBrowser> {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error("No Firefox.");
  const browser = await launch({ browser: "firefox", executablePath, headless: true });
  let context = await browser.createBrowserContext();
  return {
    newTab: () => context.newPage(),
    async reset() {
      await context.close();
      context = await browser.createBrowserContext();
    },
    close: () => browser.close(),
  };
}

function chromiumPath(): string {
  const path = findChromium();
  if (!path) throw new Error("No Chromium: run `npm test`, which finds or installs one.");
  return path;
}

/** Where it says that it listens. */
function addressIn(output: Readable): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    output.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const address = /listening on (ws:\S+)/.exec(text)?.[1];
      if (address) resolve(address);
    });
    output.once("end", () => reject(new Error(`Chromium did not come up:\n${text}`)));
  });
}
