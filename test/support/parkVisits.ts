import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished } from "vitest";
import { readConfig, type Config } from "../../example/server/config.js";
import { startServer, type RunningServer } from "../../example/server/server.js";
import { ada, createClient } from "../../example/server/test/client.js";
import { launchChromium } from "./browser.js";
import { patiently } from "./tabs.js";

let browser: Browser;
/** The example, as a visitor's browser meets it. */
export let park: RunningServer;
/** What the server's clock is ahead of ours. */
let aheadMs = 0;
/** What happened to sessions on the server since the test began, or since it was emptied. */
export const log: string[] = [];

/**
 * Opens the park for the tests of a file. The queue times stand still, and so nobody's token is judged
 * but by the requests of the test, unless it says otherwise.
 */
export function openForVisits(overrides: Partial<Config> = { queueTimesSeconds: 3600 }): void {
  beforeAll(async () => {
    browser = await launchChromium();
    const config = readConfig({ PORT: "0", DATA_DIR: "memory://", LOGINS_PER_MINUTE: "1000" });
    park = await startServer(
      {
        ...config,
        now: () => Date.now() + aheadMs,
        sessionNow: () => Date.now() + aheadMs,
        ...overrides,
      },
      (event) => log.push(event),
    );
  });

  afterAll(async () => {
    await browser?.close();
    await park?.close();
  });

  beforeEach(() => {
    log.length = 0;
  });
}

/** Moves the server's clock on. */
export function passOnServer(ms: number): void {
  aheadMs += ms;
}

export interface Visit {
  page: Page;
  /** Uncaught errors, and breaches of the page's policy. */
  faults: string[];
  /** Headings that were shown at any time since the page loaded, with the notices. */
  shown(): Promise<string[]>;
  /** Paths that the router went to since the page loaded, also where nothing was shown. */
  wentTo(): Promise<string[]>;
}

/** A visitor's fresh browser. Fails the test on a fault that it does not take out of the list. */
export async function visit(path = "/", options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patiently.timeout);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text());
  });
  await page.addInitScript(() => {
    const seen: string[] = [];
    const places: string[] = [];
    Object.assign(globalThis, { seen, places });
    for (const name of ["pushState", "replaceState"] as const) {
      const go = history[name].bind(history);
      history[name] = (...to) => {
        go(...to);
        places.push(location.pathname);
      };
    }
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll("h1, .notice:not([hidden])")) {
        if (textContent && seen.at(-1) !== textContent) seen.push(textContent);
      }
    }).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
  onTestFinished(async ({ task }) => {
    const hasFailed = task.result?.state === "fail";
    const text = hasFailed && (await page.locator("body").innerText());
    // What a route is still working on would reject, and nobody would be there to catch it.
    for (const each of [context, ...context.pages()]) {
      await each.unrouteAll({ behavior: "ignoreErrors" });
    }
    await context.close();
    // The timeout of a locator does not say what was there in its place.
    if (text) throw new Error(`The page: ${text.replace(/\s+/g, " ")} The server: ${log.join()}`);
    expect(faults).toEqual([]);
  });
  await page.goto(park.url + path);
  // The init script has put them there.
  return {
    page,
    faults,
    shown: () => page.evaluate(() => (globalThis as { seen?: string[] }).seen ?? []),
    wentTo: () => page.evaluate(() => (globalThis as { places?: string[] }).places ?? []),
  };
}

export async function signIn(page: Page, { email, password } = ada): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signedIn(
  path = "/",
  person = ada,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const visited = await visit(path, options);
  await signIn(visited.page, person);
  await visited.page.getByRole("button", { name: "Sign out", exact: true }).waitFor();
  return visited;
}

export const dialogOn = (page: Page): Locator =>
  page.getByRole("dialog", { name: "Your session has expired" });

/** In the dialog, by keyboard. */
export async function signInAgain(page: Page, password: string): Promise<void> {
  await dialogOn(page).getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await dialogOn(page).waitFor({ state: "detached" });
}

/** Ends every session of the person, as from another device. The next request finds out. */
export async function revokeSessions({ email, password } = ada): Promise<void> {
  const device = createClient(park.url);
  const { accessToken } = (await device.post("/api/auth/login", { email, password })).body;
  const { body } = await device.get("/api/sessions", accessToken);
  for (const { id, current } of body) {
    if (!current) await device.delete(`/api/sessions/${String(id)}`, accessToken);
  }
}

export const refreshes = (): number => log.filter((event) => event === "refresh").length;
