import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { patiently } from "./tabs.js";

/** A visitor's fresh browser. Fails the test if the page complains of anything. */
export async function visit(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(patiently.timeout);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    const isFault = message.type() === "error" || message.type() === "warning";
    // The browser's own words for an answer of 401.
    if (isFault && !message.text().startsWith("Failed to load resource")) {
      complaints.push(message.text());
    }
  });
  onTestFinished(async ({ task }) => {
    const hasFailed = task.result?.state === "fail";
    const text = hasFailed && (await page.locator("body").innerText());
    await context.close();
    // The timeout of a locator does not say what was there in its place.
    if (text) throw new Error(`The page: ${text.replace(/\s+/g, " ")}`);
    expect(complaints).toEqual([]);
  });
  await page.goto(url);
  return page;
}
