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
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(url);
  return page;
}
