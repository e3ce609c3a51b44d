import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../example/server/config.js";
import { startServer, type RunningServer } from "../../example/server/server.js";
import { launchChromium } from "../support/browser.js";

let browser: Browser;
let park: RunningServer;
/** What the server's clock is ahead of ours. */
let aheadMs = 0;
let log: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  const config = readConfig({ PORT: "0", DATA_DIR: "memory://", LOGINS_PER_MINUTE: "1000" });
  park = await startServer({ ...config, now: () => Date.now() + aheadMs }, (event) =>
    log.push(event),
  );
});

afterAll(async () => {
  await browser?.close();
  await park?.close();
});

beforeEach(() => {
  log = [];
});

interface Visit {
  page: Page;
  /** Headings that were shown at any time since the page loaded, with the notices. */
  shown(): Promise<string[]>;
}

/** A visitor's fresh browser. Fails the test on an uncaught error or a breach of the page's policy. */
async function visit(path = "/"): Promise<Visit> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text());
  });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      for (const { textContent } of document.querySelectorAll("h1, .notice:not([hidden])")) {
        if (textContent && seen.at(-1) !== textContent) seen.push(textContent);
      }
    }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  await page.goto(park.url + path);
  // The init script has put it there.
  return { page, shown: () => page.evaluate(() => (globalThis as { seen?: string[] }).seen ?? []) };
}

async function signIn(page: Page, password = "rollercoaster-1"): Promise<void> {
  await page.getByLabel("E-mail").fill("ada@park.example");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function signedIn(path = "/"): Promise<Visit> {
  const visited = await visit(path);
  await signIn(visited.page);
  await visited.page.getByRole("button", { name: "Sign out", exact: true }).waitFor();
  return visited;
}

const refreshes = () => log.filter((event) => event === "refresh").length;

describe("a person in the park", () => {
  test("signs in, and is led to where the link pointed", async () => {
    const { page } = await signedIn("/bookings?from=mail#latest");
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/bookings?from=mail");
    expect(new URL(page.url()).hash).toBe("#latest");
  });

  test("with a wrong password is told so, and can try again", async () => {
    const { page } = await visit();
    await signIn(page, "not this one");
    await page.getByText("The address or the password is not right.").waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe("ada@park.example");
    await signIn(page);
    await page.getByRole("heading", { name: "Rides" }).waitFor();
  });

  test("never notices that the token expires: three requests at once, one refresh", async () => {
    const { page, shown } = await signedIn();
    await page.getByRole("heading", { name: "Copper Comet" }).waitFor();
    aheadMs += 31_000;
    log = [];
    await page.getByRole("button", { name: "Book Copper Comet" }).click();
    await page.getByRole("button", { name: "Book Lantern Lake" }).click();
    await page.getByRole("link", { name: "Bookings" }).click();
    await page.getByRole("heading", { name: "Copper Comet" }).waitFor();
    expect(refreshes()).toBe(1);
    expect(await page.getByRole("alert").count()).toBe(0);
    expect((await shown()).at(-1)).toBe("Bookings");
    expect((await shown()).filter((text) => text === "Sign in")).toHaveLength(1);
  });

  test("reloads and stays signed in, and the login page is never shown", async () => {
    const { page, shown } = await signedIn("/account");
    log = [];
    await page.reload();
    await page.getByRole("heading", { name: "Ada" }).waitFor();
    expect(await shown()).toEqual(["Ada"]);
    expect(refreshes()).toBe(1);
  });

  test("whose session is revoked on the server is sent to the login page, and told once", async () => {
    const { page, shown } = await signedIn("/account");
    await page.getByRole("button", { name: "End this session" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    const notices = (await shown()).filter((text) => text.startsWith("Your session has ended"));
    expect(notices).toHaveLength(1);
    expect(log).toContain("refresh-refused");
  });

  test("signs out, and the back button shows nothing", async () => {
    const { page } = await signedIn();
    await page.getByRole("link", { name: "Ada" }).click();
    await page.getByText("ada@park.example · visitor").waitFor();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.getByText("ada@park.example · visitor").count()).toBe(0);
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("signs up, and is told what is wrong with a field", async () => {
    const { page } = await visit("/signup");
    await page.getByLabel("Name").fill("Mary");
    await page.getByLabel("E-mail").fill("mary@park.example");
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.locator(".field .fault").waitFor();
    expect(await page.locator(".field .fault").textContent()).toBe("At least 10 characters.");
    await page.getByLabel("Password").fill("long-enough-1");
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.getByRole("heading", { name: "Rides" }).waitFor();
  });

  test("whose network is gone is told so, stays signed in, and goes on when it is back", async () => {
    const { page } = await signedIn();
    await page.context().setOffline(true);
    await page.getByText("You are offline.").waitFor();
    await page.getByRole("link", { name: "Ada" }).click();
    await page.context().setOffline(false);
    await page.getByRole("heading", { name: "This browser" }).waitFor();
    expect(await page.getByText("You are offline.").count()).toBe(0);
  });

  test("can do all of it by keyboard", async () => {
    const { page } = await visit();
    await page.getByLabel("E-mail").focus();
    await page.keyboard.type("ada@park.example");
    await page.keyboard.press("Tab");
    await page.keyboard.type("rollercoaster-1");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Rides" }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
  });
});

test("no token is in the page: not in storage, not in the DOM, not in a script's reach", async () => {
  const { page } = await signedIn();
  const reachable = await page.evaluate(() =>
    [
      document.cookie,
      JSON.stringify([localStorage, sessionStorage]),
      document.documentElement.outerHTML,
    ].join(),
  );
  expect(reachable).not.toMatch(/eyJ[\w-]+\.|refresh=/);
});
