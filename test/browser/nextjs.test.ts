import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { isInstalled } from "../../scripts/find-fixture.mjs";
import { sendJSON, startAuthServer, type AuthServer } from "../support/authServer.js";
import { inChromium, launchChromium } from "../support/browser.js";
import { patiently } from "../support/tabs.js";
import {
  buildNextApp,
  checkTypes,
  installPackage,
  startNextApp,
  type NextApp,
} from "../support/nextApp.js";

inChromium(() => {
  const isHere = isInstalled("nextjs");

  describe.skipIf(!isHere)(
    `28: an app of Next.js, with the package as it is packed${isHere ? "" : ", which is not installed"}`,
    () => {
      let server: AuthServer;
      let app: NextApp;
      let browser: Browser;

      beforeAll(async () => {
        server = await startAuthServer();
        server.on("/orders", ({ token }, response) =>
          token ? sendJSON(response, 200, ["tea", "cake"]) : "default",
        );
        server.on("/offers/fr", (_, response) => void response.end("baguettes"));
        await installPackage();
        await buildNextApp();
        [app, browser] = await Promise.all([startNextApp(server.url), launchChromium()]);
      });

      afterAll(async () => {
        await browser?.close();
        await app?.close();
        await server?.close();
      });

      test("agrees with its declarations", async () => {
        await expect(checkTypes()).resolves.toBeUndefined();
      });

      describe.each([
        ["an AuthProvider that a server component gives the options", "/straight"],
        ["providers of its own, that all requests share an Auth in", "/own"],
      ])("with %s", (_, home) => {
        test.each<[path: string, requests: string[]]>([
          [home, []],
          [`${home}/offers/fr`, ["GET /offers/fr"]],
        ])("%s is served as nobody's, though the cookie is good", async (path, requests) => {
          server.signInBefore();
          const before = server.received();
          const response = await server.fetch(app.url + path, {});
          const html = await response.text();
          expect(response.status).toBe(200);
          expect(html).toContain("<p>One moment …</p>");
          expect(html).not.toContain("Ada");
          const sent = server.requests.slice(before);
          expect(sent.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual(requests);
          expect(sent.some(({ token, headers }) => token ?? headers.cookie)).toBe(false);
        });

        test("two requests that are rendered at once share nothing", async () => {
          const countries = ["it", "at"];
          const answers: (() => void)[] = [];
          for (const country of countries) {
            server.on(`/offers/${country}`, (request, response) => {
              answers.push(() => response.end(`an offer for ${request.path}`));
              if (answers.length === countries.length) for (const answer of answers) answer();
            });
          }
          const [italian, austrian] = await Promise.all(
            countries.map(async (country) => {
              const response = await fetch(`${app.url}${home}/offers/${country}`);
              return response.text();
            }),
          );
          expect(italian).toContain("<p>an offer for /offers/it</p>");
          expect(italian).not.toContain("/offers/at");
          expect(austrian).toContain("<p>an offer for /offers/at</p>");
          expect(austrian).not.toContain("/offers/it");
        });

        test("hydrates without a complaint, signs in, is restored by one refresh, signs out", async () => {
          const page = await visit(home);
          await signIn(page, "wrong");
          await page.getByText("That was not right.").waitFor();
          await signIn(page, "right");
          await ordersOfAda(page);

          const before = server.received("POST /auth/refresh");
          await page.reload();
          await ordersOfAda(page);
          await page.getByRole("link", { name: "Offers" }).click();
          await page.getByText("baguettes").waitFor();
          await ordersOfAda(page);
          expect(server.received("POST /auth/refresh") - before).toBe(1);

          const content = await page.content();
          expect(server.requests.some(({ token }) => token && content.includes(token))).toBe(false);

          await page.getByRole("button", { name: "Sign out" }).click();
          await page.getByRole("button", { name: "Sign in" }).waitFor();
          // It is for anyone, and stays.
          expect(await page.getByText("baguettes").count()).toBe(1);
          await page.getByRole("link", { name: "Orders" }).click();
          await page.waitForURL(app.url + home);
          await page.reload();
          await page.getByRole("button", { name: "Sign in" }).waitFor();
          expect(await page.getByText("Ada").count()).toBe(0);
        });
      });

      /** A visitor's fresh browser. Fails the test if the page complains of anything. */
      async function visit(path: string): Promise<Page> {
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
        await page.goto(app.url + path);
        return page;
      }
    },
  );

  async function signIn(page: Page, password: string): Promise<void> {
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  async function ordersOfAda(page: Page): Promise<void> {
    await page.getByRole("heading", { name: "Orders of Ada" }).waitFor();
    await page.getByText("cake").waitFor();
  }
});
