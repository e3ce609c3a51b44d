import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ada, grace } from "../../example/server/test/client.js";
import { violations } from "../support/accessibility.js";
import { inChromium } from "../support/browser.js";
import {
  dialogOn,
  openForVisits,
  park,
  passOnServer,
  revokeSessions,
  signedIn,
  signIn,
  visit,
} from "../support/parkVisits.js";

inChromium(() => {
  openForVisits();

  const widths = [1280, 360];
  const handle = (page: Page) => page.getByRole("button", { name: "Watch the session" });
  const panel = (page: Page) => page.getByRole("region", { name: "Auth devtools" });

  describe("in light and in dark, for everyone", () => {
    test.each(widths)("at %d px every page of the park can be read and used", async (width) => {
      const viewport = { width, height: 800 };
      const { page } = await visit("/login", { viewport, reducedMotion: "reduce" });
      await page.getByRole("button", { name: /Grace/ }).waitFor();
      await expectGood(page);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.locator("form .fault").first().waitFor();
      await expectGood(page);
      await page.getByRole("link", { name: "Make an account" }).click();
      await page.getByRole("heading", { name: "Make an account" }).waitFor();
      await expectGood(page);
      await page.getByRole("link", { name: "Sign in" }).click();
      await signIn(page, grace);
      for (const [link, shows] of [
        ["Rides", "Copper Comet"],
        ["What if", "A forbidden endpoint"],
        ["Bookings", "Bookings"],
        ["Office", "Booked today"],
        ["Grace", "This browser"],
      ] as const) {
        await page.getByRole("link", { name: link }).click();
        await page.getByRole("heading", { name: shows }).waitFor();
        await expectGood(page);
      }
      await page.getByRole("button", { name: "Delete my account" }).click();
      await expectGood(page);
    });

    test.each(widths)("at %d px so can each state of the scenarios", async (width) => {
      const viewport = { width, height: 800 };
      const options = { viewport, reducedMotion: "reduce" } as const;
      const { page } = await signedIn("/scenarios", ada, options);
      await page.getByRole("button", { name: "Expire it" }).click();
      await page.getByRole("img", { name: "It came true" }).waitFor();
      await page.route("**/api/demo/forbidden", (route) => route.fulfill({ status: 200 }));
      await page.getByRole("button", { name: "Ask for it" }).click();
      await page.getByRole("img", { name: "It did not come true" }).waitFor();
      if (await handle(page).isVisible()) await handle(page).click();
      await panel(page).waitFor();
      await panel(page)
        .getByText(/^As a table/)
        .click();
      await expectGood(page);
      await page.evaluate(() => void (window.open = () => null));
      await page.getByRole("button", { name: "Open seven tabs" }).click();
      await page.getByRole("button", { name: "Open the others" }).waitFor();
      await expectGood(page);
      await page.getByRole("button", { name: "Stop: Eight tabs at once" }).click();
      await page.getByRole("button", { name: "Take it down" }).click();
      await page.getByRole("img", { name: "Running" }).waitFor();
      await page.getByText("The park is hard to reach just now.").waitFor();
      await expectGood(page);
      await page.goto(`${park.url}/no/such/path`);
      await page.getByRole("heading", { name: "We cannot reach the park" }).waitFor();
      await expectGood(page);
      passOnServer(10_000);
      await page.getByRole("button", { name: "Try now" }).click();
      await page.getByText("There is no such path").waitFor();
      await expectGood(page);
    });

    test.each(widths)(
      "at %d px so can what a visitor and an expired session see",
      async (width) => {
        const viewport = { width, height: 800 };
        const options = { viewport, reducedMotion: "reduce" } as const;
        const { page } = await signedIn("/admin", ada, options);
        await page.getByText("This gate is for the park's staff").waitFor();
        await expectGood(page);
        await page.getByRole("link", { name: "Rides", exact: true }).click();
        await page.getByRole("button", { name: "Book Copper Comet" }).waitFor();
        await revokeSessions(ada);
        await page.getByRole("button", { name: "Book Copper Comet" }).click();
        await dialogOn(page).waitFor();
        await expectGood(page);
      },
    );
  });

  describe("the panel", () => {
    test("stands open beside the page on a wide screen, whoever is signed in", async () => {
      const { page } = await visit("/login", { viewport: { width: 1280, height: 800 } });
      await panel(page).getByText("unauthenticated", { exact: true }).waitFor();
      expect(await handle(page).isVisible()).toBe(false);
      await signIn(page);
      await panel(page).getByText("authenticated").first().waitFor();
      const right = (selector: string) =>
        page.locator(selector).evaluate((element) => element.getBoundingClientRect().right);
      const left = await page
        .locator(".devtools")
        .evaluate((element) => element.getBoundingClientRect().left);
      expect(await right(".page")).toBeLessThanOrEqual(left);
      expect(await right("main")).toBeLessThanOrEqual(left);
    });

    test("is a drawer below the page on a narrow screen, opened and closed by keyboard", async () => {
      const { page } = await signedIn("/", ada, { viewport: { width: 360, height: 640 } });
      expect(await panel(page).isVisible()).toBe(false);
      await handle(page).focus();
      await page.keyboard.press("Enter");
      await panel(page).waitFor();
      expect(await handle(page).getAttribute("aria-expanded")).toBe("true");
      await page.keyboard.press("Enter");
      await panel(page).waitFor({ state: "hidden" });
    });

    test.each(["/login", "/", "/scenarios"])(
      "is never over a field of %s, open or closed",
      async (path) => {
        const options = { viewport: { width: 360, height: 640 } };
        const { page } =
          path === "/login" ? await visit(path, options) : await signedIn(path, ada, options);
        const fields = page.locator(":is(input, select, textarea):not([type=file])");
        await fields.first().waitFor();
        expect(await coveredFields(page)).toEqual([]);
        await handle(page).click();
        await panel(page).waitFor();
        expect(await coveredFields(page)).toEqual([]);
      },
    );
  });
});

/** Nothing that axe finds wrong, nor in the dark, and nothing that must be scrolled to sideways. */
async function expectGood(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: "light" });
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page, ["color-contrast"])).toEqual([]);
  const wide = await page.evaluate(() =>
    ["html", ".page", "main"].filter((selector) => {
      const element = document.querySelector(selector);
      return element && element.scrollWidth > element.clientWidth;
    }),
  );
  expect(wide).toEqual([]);
}

/** The labels of visible fields that something else lies over when they have the focus. */
function coveredFields(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLElement>("input, select, textarea")];
    return fields
      .filter((field) => field.checkVisibility() && field.closest("label.upload") === null)
      .filter((field) => {
        field.focus();
        field.scrollIntoView({ block: "nearest" });
        const { left, top, width, height } = field.getBoundingClientRect();
        const corners = [top + 2, top + height - 2].map((y) =>
          document.elementFromPoint(left + width / 2, y),
        );
        return corners.some((found) => found !== field);
      })
      .map((field) => field.id || field.outerHTML);
  });
}
