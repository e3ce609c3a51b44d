import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { violations } from "../support/accessibility.js";
import { answer } from "../support/answers.js";
import { startAuthServer, type AuthServer } from "../support/authServer.js";
import { inChromium, launchChromium } from "../support/browser.js";
import { scriptOf } from "../support/libraryScript.js";
import { patiently } from "../support/tabs.js";

/** Nothing inline, no HTML from strings. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "trusted-types 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

inChromium(() => {
  let browser: Browser;
  let script: string;
  let server: AuthServer;

  beforeAll(async () => {
    script = await scriptOf("test/support/devtoolsPage.tsx");
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    server = await startAuthServer();
    server.on("/page", (_, response) => {
      response.setHeader("content-type", "text/html");
      response.setHeader("content-security-policy", policy);
      response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <body><script type="module" src="/page.js"></script>`);
    });
    server.on("/page.js", (_, response) => {
      response.setHeader("content-type", "text/javascript");
      response.end(script);
    });
    return () => server.close();
  });

  /** Opens the page for a fresh visitor. Fails the test on an error, or on a breach of the policy. */
  async function visit(width = 1280): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    onTestFinished(() => context.close());
    return openTab(context);
  }

  async function openTab(context: BrowserContext): Promise<Page> {
    context.setDefaultTimeout(patiently.timeout);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("console", (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text());
    });
    onTestFinished(() => expect(faults).toEqual([]));
    await page.goto(`${server.url}/page`);
    return page;
  }

  async function signIn(page: Page): Promise<void> {
    await page.evaluate(() => auth.login({ password: "right" }).then(() => {}));
  }

  async function openPanel(page: Page): Promise<void> {
    await opener(page).click();
  }

  const opener = (page: Page): Locator => page.getByRole("button", { name: "Auth devtools" });
  const timeline = (page: Page): Locator => page.getByRole("group", { name: /Timeline/ });

  /** A refresh that fifty requests share, an endpoint that none helps, and a pause. */
  async function cause(page: Page): Promise<void> {
    server.expireTokens();
    server.on("/admin", answer(401, {}));
    await page.evaluate(async () => {
      await Promise.all(Array.from({ length: 50 }, (_, id) => auth.api.get(`/rides/${id}`)));
      await auth.api.get("/admin").catch(() => {});
    });
    server.on("POST /auth/refresh", answer(503, "", { "retry-after": "60" }));
    await page.evaluate(() => auth.getAccessToken({ forceRefresh: true }).catch(() => {}));
    server.off("POST /auth/refresh");
  }

  test("is opened, walked through and closed by keyboard, under a strict policy", async () => {
    const page = await visit();
    await signIn(page);
    await page.getByLabel("Name").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Access token" }).waitFor();
    expect(await focusedName(page)).toBe("Close");
    await page.evaluate(() => auth.api.get("/rides").then(() => {}));
    await timeline(page).getByText("GET /rides").waitFor();
    for (
      let count = 0;
      count < 20 && !(await focusedName(page)).startsWith("GET /rides");
      count += 1
    )
      await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowLeft");
    expect(await focusedName(page)).not.toMatch(/^GET/);
    await page.keyboard.press("ArrowRight");
    expect(await focusedName(page)).toMatch(/^GET \/rides: sent at .*; answered 200 after/);
    await page.keyboard.press("Escape");
    expect(await focusedName(page)).toBe("Auth devtools");
  });

  test("tells of the bar under the mouse, from wherever that comes, and of the one with the focus", async () => {
    const page = await visit();
    await signIn(page);
    await openPanel(page);
    for (const path of ["/a", "/b", "/c"]) {
      await page.evaluate((url) => auth.api.get(url).then(() => {}), path);
    }
    const bar = (path: string) => timeline(page).getByRole("button", { name: `GET ${path}: ` });
    const tells = async (text: RegExp): Promise<void> => {
      await expect.poll(() => page.locator(".told").textContent(), patiently).toMatch(text);
    };
    await tells(/^GET \/c: sent at .*; answered 200 after/);
    // Straight from the page, which React renders too, onto the bar.
    await page.getByRole("heading", { name: "A page" }).hover();
    await bar("/a").hover();
    await tells(/^GET \/a: sent/);
    await bar("/b").hover();
    await tells(/^GET \/b: sent/);
    await page.getByRole("heading", { name: "A page" }).hover();
    await tells(/^GET \/c: sent/);
    await bar("/c").focus();
    await page.keyboard.press("ArrowLeft");
    await tells(/^GET \/b: sent/);
    await bar("/a").hover();
    await tells(/^GET \/a: sent/);
    await timeline(page).getByText("Session", { exact: true }).first().hover();
    await tells(/^GET \/b: sent/);
  });

  test("has its styles in a constructed sheet of its shadow root, and leaves the page its own", async () => {
    const page = await visit();
    const styleOf = (selector: string) =>
      page.evaluate((found) => {
        const element = document.querySelector(found);
        const style = element && getComputedStyle(element);
        return style && Array.from(style, (name) => [name, style.getPropertyValue(name)]);
      }, selector);
    const before = [await styleOf("h1"), await styleOf("input")];
    await openPanel(page);
    expect([await styleOf("h1"), await styleOf("input")]).toEqual(before);
    const sheets = await page.evaluate(() => {
      const root = document.querySelector("[data-authed-devtools]")?.shadowRoot;
      return [root?.adoptedStyleSheets.length, root?.querySelectorAll("style, link").length];
    });
    expect(sheets).toEqual([1, 0]);
    const drawer = page.locator(".drawer");
    expect(await drawer.evaluate((element) => getComputedStyle(element).position)).toBe("fixed");
  });

  test("shows who refreshed, and who was handed the token", async () => {
    const page = await visit();
    await signIn(page);
    const other = await openTab(page.context());
    await openPanel(page);
    await openPanel(other);
    await page.getByText("No other tabs seen.").waitFor({ state: "hidden" });
    await page.evaluate(() => auth.getAccessToken({ forceRefresh: true }).then(() => {}));
    await page.getByText(/Latest refresh: by this tab/).waitFor();
    await page.getByText(/^Tab \d{4} .*was handed this tab's token/).waitFor();
    await other.getByText(/Latest refresh: by Tab \d{4}/).waitFor();
    await other.getByText(/^Tab \d{4} refreshed .* ago, handed its token to this tab/).waitFor();
    const asked = await other.getByText(/^Asked for at/).textContent();
    expect(asked).toMatch(/and handed over by Tab \d{4}/);
  });

  test("copies the timeline, in which there is no token", async () => {
    const page = await visit();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await signIn(page);
    await openPanel(page);
    await page.getByRole("button", { name: "Copy as JSON" }).click();
    await page.getByText(/^Copied \d+ events\.$/).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toContainEqual(expect.objectContaining({ type: "session-started" }));
    expect(copied).not.toMatch(/eyJ/);
  });

  describe.each(["light", "dark"] as const)("in %s, for everyone", (colorScheme) => {
    test.each([1280, 360])("at %d px each state can be read and used", async (width) => {
      const page = await visit(width);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      expect(await violations(page)).toEqual([]);
      await openPanel(page);
      await page.getByText("Nothing has happened yet.").or(timeline(page)).first().waitFor();
      expect(await violations(page)).toEqual([]);
      await signIn(page);
      await cause(page);
      await page.getByText(/^Backoff: unavailable/).waitFor();
      await page.getByText(/^As a table/).click();
      await page.getByText("The user as JSON").click();
      await timeline(page).getByRole("button").first().hover();
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Expire the token here" }).click();
      await page.getByRole("button", { name: "Pause", exact: true }).click();
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByText(/^Logged out/).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await sidewaysScroll(page)).toEqual([0, 0]);
    });
  });
});

/** By how many pixels the page and the panel are wider than what can be seen. */
function sidewaysScroll(page: Page): Promise<number[]> {
  return page.evaluate(() => {
    const panel = document
      .querySelector("[data-authed-devtools]")
      ?.shadowRoot?.querySelector(".panel");
    return [document.documentElement, panel].map((element) =>
      element ? element.scrollWidth - element.clientWidth : NaN,
    );
  });
}

/** What a screen reader says of what has the focus. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const host = document.activeElement;
    const element = host?.shadowRoot?.activeElement ?? host;
    return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
  });
}
