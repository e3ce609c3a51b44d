import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { chromium, type Browser, type Page } from "playwright-core";
import { launch, type Page as FirefoxPage } from "puppeteer-core";
import { describe } from "vitest";
import { findChromium, findFirefox, findWebKit } from "../../scripts/find-browsers.mjs";
import { scale } from "../scale.js";
import { skipTest } from "./skipTest.js";
import { canFindProcesses, processOf } from "./tabProcess.js";
import type { TabbedBrowser } from "./tabs.js";
import { openWebKit } from "./webkit.js";

interface Engine {
  name: string;
  open: () => Promise<TabbedBrowser>;
  isHere: boolean;
  remedy: string;
}

const engines: Record<(typeof scale.browsers)[number], Engine> = {
  chromium: {
    name: "Chromium",
    open: openChromium,
    isHere: findChromium() !== undefined,
    remedy: "install Chromium or Chrome, or set CHROMIUM_PATH",
  },
  firefox: {
    name: "Firefox",
    open: openFirefox,
    isHere: findFirefox() !== undefined,
    remedy: "install Firefox, or set FIREFOX_PATH",
  },
  webkit: {
    name: "WebKit",
    open: openWebKit,
    isHere: findWebKit() !== undefined,
    remedy: "install WebKitGTK's driver, its MiniBrowser and Xvfb, or set WEBKIT_DRIVER_PATH",
  },
};

/**
 * Describes the scenarios in each engine of this run. Those in an engine that is not on this machine
 * are listed as skipped.
 */
export function inEveryEngine(
  scenarios: (open: Engine["open"], engine: Engine["name"]) => void,
): void {
  for (const key of scale.browsers) {
    const { name, open, isHere, remedy } = engines[key];
    const why = isHere ? "" : `, which is not here: ${remedy}`;
    describe.skipIf(!isHere)(`in ${name}${why}`, () => {
      scenarios(open, name);
    });
  }
}

/** Describes what is driven in Chromium only. Where there is none, it is listed as skipped. */
export function inChromium(scenarios: () => void): void {
  const { name, isHere, remedy } = engines.chromium;
  const why = isHere ? "" : `, which is not here: ${remedy}`;
  describe.skipIf(!isHere)(`in ${name}${why}`, () => {
    scenarios();
  });
}

const flags = [
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-gpu",
];

/** Starts the Chromium of this machine, quiet and without reaching for the network. */
export async function launchChromium(...more: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: [...flags, ...more] });
}

/**
 * Opens a window of Chromium without what Playwright does for steady tests: it keeps every page
 * visible, so that none can be frozen, and has the back/forward cache off.
 */
async function openChromium(): Promise<TabbedBrowser> {
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
  const browser = await connect(address);
  const session = await browser.newBrowserCDPSession();
  const [context] = browser.contexts();
  if (!context) throw new Error("Chromium came up without a window.");
  return {
    newTab: () => context.newPage(),
    async newDeafTab() {
      const tab = await context.newPage();
      await tab.addInitScript(() => Reflect.deleteProperty(globalThis, "BroadcastChannel"));
      return tab;
    },
    async freeze(tab: Page) {
      await tab.waitForFunction(() => document.hidden, undefined, { polling: 20 });
      const page = await context.newCDPSession(tab);
      await page.send("Page.setWebLifecycleState", { state: "frozen" });
    },
    async thaw(tab: Page) {
      const page = await context.newCDPSession(tab);
      await page.send("Page.setWebLifecycleState", { state: "active" });
    },
    async crash(tab: Page) {
      const crashed = tab.waitForEvent("crash");
      const page = await context.newCDPSession(tab);
      // No answer comes back from a page that has crashed.
      page.send("Page.crash").catch(() => {});
      await crashed;
    },
    setOffline: (isOffline) => context.setOffline(isOffline),
    async reset(...origins) {
      await context.setOffline(false);
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

/**
 * Connects to the window. Now and then Playwright waits for ever for a page that was just being opened:
 * then it connects once more, with more patience, for the machine may only be slow.
 */
async function connect(address: string, patienceMs = 10_000): Promise<Browser> {
  try {
    return await chromium.connectOverCDP(address, { noDefaults: true, timeout: patienceMs });
  } catch (error) {
    if (patienceMs > 600_000) throw error;
    return connect(address, patienceMs * 2);
  }
}

/** @throws if there is no Firefox on this machine. */
async function openFirefox(): Promise<TabbedBrowser> {
  const executablePath = findFirefox();
  if (!executablePath) throw new Error("No Firefox.");
  const browser = await launch({
    browser: "firefox",
    executablePath,
    headless: true,
    protocolTimeout: 0,
    extraPrefsFirefox: {
      // A name that is not this machine's, and so no secure context.
      "network.dns.localDomains": "park.test",
      // A process of its own for each tab, so that one can be stopped alone.
      "dom.ipc.processCount": 32,
      // Puppeteer has it off, and a page that goes to another process is not kept then.
      "fission.bfcacheInParent": true,
    },
  });
  let context = await browser.createBrowserContext();
  const frozen = new Map<FirefoxPage, number>();

  async function stop(tab: FirefoxPage, signal: NodeJS.Signals): Promise<number> {
    if (!canFindProcesses) skipTest("Firefox's processes are told apart on Linux only");
    const id = await processOf(tab, browser.process()?.pid ?? 0, "Web Content");
    process.kill(id, signal);
    return id;
  }

  return {
    newTab: () => context.newPage(),
    async newDeafTab() {
      const tab = await context.newPage();
      await tab.evaluateOnNewDocument(
        () => void Reflect.deleteProperty(globalThis, "BroadcastChannel"),
      );
      return tab;
    },
    async freeze(tab: FirefoxPage) {
      frozen.set(tab, await stop(tab, "SIGSTOP"));
    },
    async thaw(tab: FirefoxPage) {
      const id = frozen.get(tab);
      if (id === undefined) throw new Error("A tab that is not frozen cannot thaw.");
      process.kill(id, "SIGCONT");
    },
    async crash(tab: FirefoxPage) {
      await stop(tab, "SIGKILL");
    },
    async setOffline(isOffline) {
      const tabs = await context.pages();
      await Promise.all(tabs.map((tab) => tab.setOfflineMode(isOffline)));
    },
    async reset() {
      await context.close();
      context = await browser.createBrowserContext();
    },
    close: () => browser.close(),
  };
}

function chromiumPath(): string {
  const path = findChromium();
  if (!path) throw new Error("No Chromium: install one, or set CHROMIUM_PATH to its executable.");
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
