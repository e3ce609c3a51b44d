import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../example/server/config.js";
import { startServer, type RunningServer } from "../../example/server/server.js";
import { launchChromium } from "../support/browser.js";

/** The smallest picture there is. */
const onePixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

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
  /** Uncaught errors, and breaches of the page's policy. */
  faults: string[];
  /** Headings that were shown at any time since the page loaded, with the notices. */
  shown(): Promise<string[]>;
}

/** A visitor's fresh browser. Fails the test on a fault that it does not take out of the list. */
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
  return {
    page,
    faults,
    shown: () => page.evaluate(() => (globalThis as { seen?: string[] }).seen ?? []),
  };
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

/** The lines that hold the text, as the panel behind the scenes shows them, the newest first. */
async function timeline(page: Page, text: string): Promise<string[]> {
  const moments = page.locator(".moment", { hasText: text });
  return (await moments.allTextContents()).map((line) => line.replace(/^[\d:]+ /, ""));
}

async function behindTheScenes(): Promise<{ page: Page; press(name: string): Promise<void> }> {
  const { page } = await signedIn();
  await page.getByText("Behind the scenes").click();
  return {
    page,
    press: (name) => page.getByRole("button", { name }).click(),
  };
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
    const { page } = await signedIn("/account");
    await page.getByRole("button", { name: "End this session" }).click();
    await page.getByText("Your session has ended.").waitFor();
    expect(log).toContain("refresh-refused");
    await signIn(page);
    // Back where they were; and by now a second call would have come.
    await page.getByRole("heading", { name: "Ada" }).waitFor();
    expect(await timeline(page, "onLogout")).toEqual(["The app is told: onLogout, refused"]);
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

  test("adds a photo when the token has expired, and it arrives whole", async () => {
    const { page } = await signedIn("/account");
    await page.getByRole("heading", { name: "This browser" }).waitFor();
    aheadMs += 31_000;
    log = [];
    const photo = { name: "me.png", mimeType: "image/png", buffer: onePixel };
    await page.getByLabel("Add a photo").setInputFiles(photo);
    const portrait = page.getByRole("img", { name: "Ada" });
    await portrait.waitFor();
    // Not broken, and let in by the page's policy.
    expect(await portrait.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    expect(refreshes()).toBe(1);
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByText("The photo is gone.").waitFor();
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

describe("behind the scenes", () => {
  test("an expired token costs one refresh and three replays, and nobody notices", async () => {
    const { page, press } = await behindTheScenes();
    await press("Expire the token");
    await page.getByText("takes the token for expired").waitFor();
    log = [];
    await press("Send three requests");
    await page.getByText("3 of 3 requests succeeded.").waitFor();
    expect(await timeline(page, "rides again")).toHaveLength(3);
    expect(await timeline(page, "Refresh: a request was answered 401")).toHaveLength(1);
    expect(await timeline(page, "Day pass no. 2")).toHaveLength(1);
    expect(refreshes()).toBe(1);
  });

  test("a refresh answered 503 signs nobody out, and the person is told", async () => {
    const { page, press } = await behindTheScenes();
    await press("Answer refreshes with 503");
    await page.getByText("no refresh succeeds").waitFor();
    await press("Expire the token");
    await page.getByText("takes the token for expired").waitFor();
    await press("Send three requests");
    await page.getByText("0 of 3 requests succeeded.").waitFor();
    await page.getByText("The park is hard to reach just now.").waitFor();
    expect(await timeline(page, "Refresh: unavailable, 503")).toHaveLength(1);
    expect(await page.getByRole("button", { name: "Sign out", exact: true }).count()).toBe(1);
  });

  test("a cut network signs nobody out, and it goes on when the network is back", async () => {
    const { page, press } = await behindTheScenes();
    await press("Cut the network");
    await page.getByText("nothing you send is answered").waitFor();
    await press("Send three requests");
    await page.getByText("0 of 3 requests succeeded.").waitFor();
    aheadMs += 15_000;
    await press("Send three requests");
    await page.getByText("3 of 3 requests succeeded.").waitFor();
    expect(await timeline(page, "The session ends")).toEqual([]);
  });

  test("a revoked session is noticed by the next request, and the panel is still there", async () => {
    const { page, press } = await behindTheScenes();
    await press("Revoke the session");
    await page.getByText("has ended this session").waitFor();
    await press("Send three requests");
    await page.getByText("Your session has ended.").waitFor();
    expect(await timeline(page, "The session ends: refused")).toHaveLength(1);
    expect(await timeline(page, "onLogout")).toEqual(["The app is told: onLogout, refused"]);
  });
});

test("the page runs under a policy that refuses markup from a string", async () => {
  const { page, faults } = await signedIn();
  expect(faults).toEqual([]);
  const assign = () => page.evaluate(() => (document.body.innerHTML = "<b>injected</b>"));
  await expect(assign()).rejects.toThrow("TrustedHTML");
  expect(await page.locator("b").count()).toBe(0);
  // Such a breach is what every test here would have failed for.
  expect(faults.splice(0)).toHaveLength(1);
});

test("no token is in the page: not in storage, not in the DOM, not in a script's reach", async () => {
  const { page, press } = await behindTheScenes();
  await press("Expire the token");
  await page.getByText("takes the token for expired").waitFor();
  await press("Send three requests");
  await page.getByText("3 of 3 requests succeeded.").waitFor();
  const reachable = await page.evaluate(() =>
    [
      document.cookie,
      JSON.stringify([localStorage, sessionStorage]),
      document.documentElement.outerHTML,
    ].join(),
  );
  expect(reachable).not.toMatch(/eyJ[\w-]+\.|refresh=/);
});
