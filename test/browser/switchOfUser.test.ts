import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sendJSON, startAuthServer, type AuthServer } from "../support/authServer.js";
import { inChromium, launchChromium } from "../support/browser.js";
import { scriptOf } from "../support/libraryScript.js";
import { ada, bob, ownerOf, serveOwners } from "../support/people.js";
import { patiently } from "../support/tabs.js";

inChromium(() => {
  let browser: Browser;
  let server: AuthServer;
  let script: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    [browser, script] = await Promise.all([
      launchChromium(),
      scriptOf("test/support/draftPage.tsx"),
    ]);
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    server = await startAuthServer();
    server.on("/page", (_, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><body><script type="module" src="/page.js"></script>`);
    });
    server.on("/page.js", (_, response) => {
      response.setHeader("content-type", "text/javascript");
      response.end(script);
    });
    serveOwners(server);
    server.on("POST /draft", (_, response) => sendJSON(response, 200, {}));
    context = await browser.newContext();
    context.setDefaultTimeout(patiently.timeout);
    page = await newPage();
    await page.evaluate(() => auth.login({ password: "right" }));
    await shown("authed of Ada", "plain of Ada", "draft of Ada");
    return async () => {
      await context.close();
      await server.close();
    };
  });

  async function newPage(): Promise<Page> {
    const opened = await context.newPage();
    await opened.goto(`${server.url}/page`);
    await opened.waitForFunction(() => "auth" in globalThis);
    return opened;
  }

  async function shown(...texts: string[]): Promise<void> {
    for (const text of texts) await page.getByText(text).waitFor();
  }

  /** Bob signs in there. */
  async function signInBob(where: Page): Promise<void> {
    server.tokens.claims = bob;
    await where.evaluate(() => auth.login({ password: "right" }));
  }

  describe("in a browser, where Ada is signed in and has a draft", () => {
    test.each<[string, () => Promise<void>]>([
      ["Bob signs in over her", () => signInBob(page)],
      ["Bob signs in in another tab", async () => signInBob(await newPage())],
      [
        "she is refused, and Bob signs in",
        async () => {
          server.revokeSession();
          await page.evaluate(() => auth.getAccessToken({ forceRefresh: true }));
          await signInBob(page);
        },
      ],
      [
        "she signs out, and Bob signs in",
        async () => {
          await page.evaluate(() => auth.logout());
          await signInBob(page);
        },
      ],
    ])(
      "%s: no frame of his shows her data, and nothing is saved in his name",
      async (_, change) => {
        server.tokens.claims = ada;
        await page.evaluate(() => void (framesShown.length = 0));
        await change();
        // A tab in the background asks when it is looked at again.
        await page.bringToFront();
        await shown("page of Bob", "authed of Bob", "plain of Bob");
        await expect.poll(() => page.evaluate(() => savings.length)).toBe(4);
        const frames = await page.evaluate(() => framesShown);
        const first = frames.findIndex((frame) => !frame.includes("draft of Ada"));
        expect(frames.slice(first).filter((frame) => frame.includes("Ada"))).toEqual([]);
        expect(frames.filter((frame) => /Ada/.test(frame) && /Bob/.test(frame))).toEqual([]);
        const saves = server.requests.filter(({ path }) => path === "/draft");
        expect(saves.map(({ token }) => token && ownerOf(token))).toEqual([]);
        expect(await page.evaluate(() => savings)).toEqual(
          Array.from({ length: 4 }, () => "session_ended"),
        );
      },
    );
  });
});
