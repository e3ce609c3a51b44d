import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../example/server/config.js";
import { startServer, type RunningServer } from "../../example/server/server.js";
import { ada } from "../../example/server/test/client.js";
import { findChromium } from "../../scripts/find-browsers.mjs";
import { inChromium, launchChromium } from "../support/browser.js";
import { run } from "../support/run.js";
import { patiently } from "../support/tabs.js";

inChromium(() => {
  let park: RunningServer;
  let browser: Browser;
  let aheadMs = 0;
  let log: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    const config = readConfig({ PORT: "0", DATA_DIR: "memory://", LOGINS_PER_MINUTE: "1000" });
    park = await startServer(
      { ...config, now: () => Date.now() + aheadMs, sessionNow: () => Date.now() + aheadMs },
      (event) => log.push(event),
    );
  });

  afterAll(async () => {
    await browser?.close();
    await park?.close();
  });

  test("the recipe for Playwright signs in once per worker, and its tests stay signed in", async () => {
    log = [];
    const outputDir = await mkdtemp(join(tmpdir(), "playwright-"));
    const given = ["test", "--config", "test/browser/playwright/playwright.config.ts"];
    const report: unknown = JSON.parse(
      await run(process.execPath, ["node_modules/@playwright/test/cli.js", ...given], {
        cwd: process.cwd(),
        env: {
          ...process.env,
          PARK_URL: park.url,
          E2E_EMAIL: ada.email,
          E2E_PASSWORD: ada.password,
          CHROMIUM_PATH: findChromium(),
          OUTPUT_DIR: outputDir,
          // Else Playwright takes the runner around it for its own.
          NODE_OPTIONS: "",
        },
      }),
    );
    await rm(outputDir, { recursive: true });
    expect(report).toMatchObject({ stats: { expected: 4, unexpected: 0, flaky: 0 } });
    expect(log.filter((event) => event === "login")).toHaveLength(2);
    expect(log.filter((event) => event === "refresh").length).toBeGreaterThanOrEqual(8);
  });

  test("a `storageState` that tests share ends the session for all of them", async () => {
    const signOut = (page: Page) => page.getByRole("button", { name: "Sign out", exact: true });
    const signInButton = (page: Page) => page.getByRole("button", { name: "Sign in" });

    async function open(storageState?: BrowserContextOptions["storageState"]): Promise<Page> {
      const context = await browser.newContext(storageState ? { storageState } : {});
      context.setDefaultTimeout(patiently.timeout);
      const page = await context.newPage();
      await page.goto(park.url);
      return page;
    }

    const setup = await open();
    await setup.getByLabel("E-mail").fill(ada.email);
    await setup.getByLabel("Password").fill(ada.password);
    await signInButton(setup).click();
    await signOut(setup).waitFor();
    const state = await setup.context().storageState();
    await setup.context().close();

    const first = await open(state);
    await signOut(first).waitFor();
    await first.reload();
    await signOut(first).waitFor();
    // Past the grace in which a server takes a spent token for one whose answer was lost.
    aheadMs += 60_000;
    const second = await open(state);
    await signInButton(second).waitFor();
    await first.reload();
    await signInButton(first).waitFor();
    expect(log.at(-1)).toMatch(/refuse/);
    await Promise.all([first, second].map((page) => page.context().close()));
  });
});
