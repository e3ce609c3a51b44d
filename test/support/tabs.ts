import type { AuthOptions, LogoutReason } from "react-authed-query";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { guests } from "../../example/server/seed.js";
import { skipTest } from "./skipTest.js";

declare global {
  /** What `onLogout` was told in this tab since it loaded. */
  var logouts: LogoutReason[];
  /** Set in a page that was left. One that is loaded anew knows nothing of it. */
  var wasLeft: boolean | undefined;
  /** What this tab's clock is ahead, in milliseconds. */
  var aheadMs: number;
}

/** A tab of any browser: what their drivers have in common. */
export interface Tab {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
  bringToFront(): Promise<void>;
  evaluate<Result>(code: () => Result | Promise<Result>): Promise<Result>;
  evaluate<Result, Given>(
    code: (given: Given) => Result | Promise<Result>,
    given: Given,
  ): Promise<Result>;
}

/** A browser with many tabs, driven in the same way whichever it is. */
export interface TabbedBrowser {
  newTab(): Promise<Tab>;
  /** A tab that stays in the back/forward cache where a message would throw its page out. */
  newDeafTab(): Promise<Tab>;
  /** Stops a tab as the browser or the system does to save power: no timer and no message reaches it. */
  freeze(tab: Tab): Promise<void>;
  thaw(tab: Tab): Promise<void>;
  crash(tab: Tab): Promise<void>;
  /** Takes the tabs that are open off the network, and back. */
  setOffline(isOffline: boolean): Promise<void>;
  /** Closes all tabs, and forgets all cookies and what these origins stored. */
  reset(...origins: string[]): Promise<void>;
  close(): Promise<void>;
}

/** How long to wait for what comes at once, unless the machine is busy. */
export const patiently = { timeout: 240_000, interval: 20 };

export type Person = (typeof guests)[number]["name"];

/** Opens a tab with nothing but an `auth`. */
export async function openTab(
  browser: Pick<TabbedBrowser, "newTab">,
  origin: string,
  options: AuthOptions = {},
): Promise<Tab> {
  const tab = await browser.newTab();
  await tab.goto(`${origin}/tab?${encodeURIComponent(JSON.stringify(options))}`);
  return tab;
}

/** Goes to a page without a script. The one that was left is kept in the back/forward cache. */
export async function leave(tab: Tab): Promise<void> {
  await tab.evaluate(() => void (globalThis.wasLeft = true));
  await tab.goto("about:blank");
}

/** Presses the back button. */
export async function startBack(tab: Tab): Promise<void> {
  // Not at once: the page would be gone before it has answered.
  await tab.evaluate(() => void setTimeout(() => history.back()));
}

/** Back to a page with an `auth`. */
export async function goBack(tab: Tab): Promise<void> {
  await startBack(tab);
  await expect.poll(() => attempt(tab.evaluate(() => "auth" in globalThis)), patiently).toBe(true);
}

/**
 * Sees to it that the back button has brought the page back as it was, and not loaded it anew. Firefox
 * does either, with the same page: there the test is skipped when there is nothing to see.
 */
export async function requireKept(tab: Tab, engine: string): Promise<void> {
  const isKept = await tab.evaluate(() => globalThis.wasLeft === true);
  if (engine === "Firefox" && !isKept) skipTest("Firefox has not kept the page this time");
  expect(isKept).toBe(true);
}

/** Waits until the page shows a text. */
export async function untilShown(tab: Tab, text: string): Promise<void> {
  await expect.poll(() => attempt(textOf(tab)), patiently).toContain(text);
}

/** What a page says that may be on its way: it refuses then, and in Firefox it may even never answer. */
function attempt<Result>(answer: Promise<Result>): Promise<Result | string> {
  return Promise.race([answer.catch(String), sleep(1000, "no answer")]);
}

export function textOf(tab: Tab): Promise<string> {
  return tab.evaluate(() => document.body.innerText);
}

/** Signs in with the tab's own `auth`. */
export async function signIn(tab: Tab, name: Person): Promise<void> {
  await tab.evaluate((given) => auth.login(given).then(() => {}), credentialsOf(name));
}

function credentialsOf(name: Person): { email: string; password: string } {
  const { email = "", password = "" } = guests.find((user) => user.name === name) ?? {};
  return { email, password };
}

/** Asks the API for something, and gives the status, or why there was no answer. */
export function ask(tab: Tab): Promise<number | string> {
  return tab.evaluate(() =>
    auth.api.get("/rides").then(
      ({ status }) => status,
      (error: { response?: { status: number }; code?: string }) =>
        error.response?.status ?? error.code ?? "no answer",
    ),
  );
}

/** Asks in a tab that may be gone before there is an answer. */
export function askInVain(tab: Tab): void {
  ask(tab).catch(() => {});
}

/** The name of who is signed in in this tab, once that is known; `null` if nobody is. */
export function whoIsIn(tab: Tab): Promise<unknown> {
  return tab.evaluate(() => auth.ready().then(({ user }) => Object(user)["name"] ?? null));
}

/**
 * Waits until a tab can read that nobody is signed in: a browser takes a moment to show one page's
 * storage to the process of another.
 */
export async function untilSignOutIsStored(tab: Tab): Promise<void> {
  const stored = () => tab.evaluate(() => JSON.stringify(localStorage));
  await expect.poll(stored, patiently).not.toContain("signed-in");
}

export function logoutsIn(tab: Tab): Promise<LogoutReason[]> {
  return tab.evaluate(() => logouts);
}

/** What the code gives in each of the tabs, all at once. */
export function each<Result>(tabs: Tab[], code: (tab: Tab) => Promise<Result>): Promise<Result[]> {
  return Promise.all(tabs.map((tab) => code(tab)));
}

export function times<Result>(count: number, make: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, make));
}
