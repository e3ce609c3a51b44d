import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fixture } from "../scripts/find-fixture.mjs";
import { sendJSON, startAuthServer, type AuthServer } from "./support/authServer.js";
import { inChromium, launchChromium } from "./support/browser.js";
import { sentencesOf } from "./support/sentences.js";
import { visit } from "./support/visit.js";
import {
  buildNextApp,
  checkTypes,
  clientScripts,
  installPackage,
  startNextApp,
} from "./support/nextApp.js";
import type { ServerProcess } from "./support/serverProcess.js";

inChromium(() => {
  describe("an app of Next.js, with the package as it is packed", () => {
    let server: AuthServer;
    let app: ServerProcess;
    let browser: Browser;
    /** The token that the API takes no more. */
    let expired: string | undefined;

    beforeAll(async () => {
      server = await startAuthServer();
      server.on("/orders", ({ token }, response) =>
        token && token !== expired ? sendJSON(response, 200, ["tea", "cake"]) : "default",
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

    test("holds no sentence for developers", async () => {
      const code = await clientScripts();
      expect(code).toContain("react-authed-query");
      const sentences = await sentencesOf({ folder: fixture("nextjs") });
      expect(sentences.filter((sentence) => code.includes(sentence))).toEqual([]);
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
        const page = await visit(browser, app.url + home);
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

        server.expireTokens();
        expired = server.requests.findLast(({ token }) => token)?.token;
        const asked = server.received("/orders");
        await page.getByRole("button", { name: "Ask again" }).click();
        // Refused once, and sent again.
        await expect.poll(() => server.received("/orders") - asked).toBe(2);
        expect(server.received("POST /auth/refresh") - before).toBe(2);

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
  });

  async function signIn(page: Page, password: string): Promise<void> {
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  async function ordersOfAda(page: Page): Promise<void> {
    await page.getByRole("heading", { name: "Orders of Ada" }).waitFor();
    await page.getByText("cake").waitFor();
  }
});
