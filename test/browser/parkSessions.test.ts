import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ada, grace } from "../../example/server/test/client.js";
import { inChromium } from "../support/browser.js";
import {
  dialogOn,
  openForVisits,
  park,
  revokeSessions,
  signedIn,
  signIn,
  signInAgain,
  type Visit,
} from "../support/parkVisits.js";

inChromium(() => {
  openForVisits();

  describe("when the server has revoked the session of someone who writes", () => {
    /** Ada has filled in a form, and sends it. */
    async function expired(): Promise<Visit> {
      const visited = await signedIn();
      const { page } = visited;
      await noteOn(page).fill("It is a birthday");
      await page.getByLabel("Seats on Copper Comet").selectOption("4");
      await revokeSessions();
      await page.getByRole("button", { name: "Book Copper Comet" }).click();
      await dialogOn(page).waitFor();
      return visited;
    }

    const noteOn = (page: Page): Locator => page.getByLabel("Note for Copper Comet");

    test("a dialog says whose it was, asks for the password, and no Escape loses the form", async () => {
      const { page } = await expired();
      const dialog = dialogOn(page);
      for (const key of ["Tab", "Escape", "Escape", "Escape"]) await page.keyboard.press(key);
      expect(await dialog.getByText("You were signed in as").textContent()).toContain(ada.email);
      expect(await page.getByText("hard to reach").count()).toBe(0);
      expect(await dialog.getByRole("textbox").count()).toBe(1);
      expect(await dialog.evaluate((element) => element.matches(":modal:focus-within"))).toBe(true);
      expect(await noteOn(page).inputValue()).toBe("It is a birthday");
      expect(await page.getByText("Ada", { exact: true }).count()).toBe(1);
      await page.getByText("the server refused a refresh (refused)").waitFor();
    });

    test("the same person goes on with the form as it was, and where the focus was", async () => {
      const { page, wentTo } = await expired();
      await page.keyboard.type("not this one");
      await page.keyboard.press("Enter");
      await page.getByText("That was not right.").waitFor();
      await signInAgain(page, ada.password);
      expect(await noteOn(page).inputValue()).toBe("It is a birthday");
      // The button that was pressed when the session was refused.
      await page.keyboard.press("Enter");
      await page.getByText("Booked for 4.").waitFor();
      expect((await wentTo()).filter((path) => path === "/login")).toHaveLength(1);
      await page.getByRole("link", { name: "Bookings" }).click();
      await page.getByText("“It is a birthday”").waitFor();
    });

    test("who is someone else signs in elsewhere, and finds nothing of the first", async () => {
      const { page } = await expired();
      await page.getByRole("button", { name: "Not you? Sign in as someone else" }).click();
      await page.getByText("The session has ended, and nothing of it is left here.").waitFor();
      expect(await page.content()).not.toContain("It is a birthday");
      await signIn(page, grace);
      await page.getByRole("link", { name: "Grace" }).waitFor();
      expect(await noteOn(page).inputValue()).toBe("");
      expect(await page.content()).not.toMatch(/\bada\b/i);
    });

    test("someone else who signs in in another tab finds nothing of the first in this one", async () => {
      const { page } = await expired();
      const other = await page.context().newPage();
      await other.goto(`${park.url}/login`);
      await signIn(other, grace);
      await page.getByRole("link", { name: "Grace" }).waitFor();
      expect(await dialogOn(page).count()).toBe(0);
      expect(await noteOn(page).inputValue()).toBe("");
      expect(await page.content()).not.toMatch(/\bada\b/i);
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
    const { page } = await signedIn("/scenarios");
    await page.getByRole("button", { name: "Expire it" }).click();
    await page.getByText("The page got three answers").waitFor();
    const reachable = await page.evaluate(() =>
      [
        document.cookie,
        JSON.stringify([localStorage, sessionStorage]),
        document.documentElement.outerHTML,
      ].join(),
    );
    expect(reachable).not.toMatch(/eyJ[\w-]+\.|refresh=/);
  });
});
