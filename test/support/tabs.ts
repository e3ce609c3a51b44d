import type { AuthOptions, LogoutReason } from "react-authed-query";
import { guests } from "../../example/server/seed.js";

declare global {
  /** What `onLogout` was told in this tab since it loaded. */
  var logouts: LogoutReason[];
  /** What this tab's clock is ahead, in milliseconds. */
  var aheadMs: number;
}

/** A tab of any browser: what their drivers have in common. */
export interface Tab {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
  evaluate<Result>(code: () => Result | Promise<Result>): Promise<Result>;
  evaluate<Result, Given>(
    code: (given: Given) => Result | Promise<Result>,
    given: Given,
  ): Promise<Result>;
}

export type Person = (typeof guests)[number]["name"];

/** Opens a tab with nothing but an `auth`. */
export async function openTab<AnyTab extends Tab>(
  browser: { newTab(): Promise<AnyTab> },
  origin: string,
  options: AuthOptions = {},
): Promise<AnyTab> {
  const tab = await browser.newTab();
  await tab.goto(`${origin}/tab?${encodeURIComponent(JSON.stringify(options))}`);
  return tab;
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

export function logoutsIn(tab: Tab): Promise<LogoutReason[]> {
  return tab.evaluate(() => logouts);
}

/** What the code gives in each of the tabs, all at once. */
export function each<AnyTab extends Tab, Result>(
  tabs: AnyTab[],
  code: (tab: AnyTab) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(tabs.map((tab) => code(tab)));
}

export function times<Result>(count: number, make: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, make));
}
