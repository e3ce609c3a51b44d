import type { Locator, Page, Route } from "playwright-core";
import { describe, expect, test } from "vitest";
import { inChromium } from "../support/browser.js";
import { openForVisits, passOnServer, signedIn, signIn, visit } from "../support/parkVisits.js";

inChromium(() => {
  openForVisits({ queueTimesSeconds: 0.2 });

  describe("when there is no token to be had", () => {
    /** The token has expired, and every refresh is answered as `answer` says, until the function that it gives is called. */
    async function breakDown(page: Page, answer: (route: Route) => unknown) {
      const refresh = "**/api/auth/refresh";
      await page.route(refresh, answer);
      passOnServer(31_000);
      return () => page.unroute(refresh);
    }
    const busy = (route: Route) => route.fulfill({ status: 503, headers: { "retry-after": "2" } });
    /** To a person, as opposed to what the devtools say. */
    const said = (page: Page, text: RegExp): Locator =>
      page.locator(".status, #content").getByText(text);
    const sentence = /We cannot reach the park just now\. The next try is at \d/;

    test("a sentence says when the next try is, and then the booking is made by itself", async () => {
      const { page } = await signedIn();
      await page.getByRole("button", { name: "Book Night Owl" }).waitFor();
      const repair = await breakDown(page, busy);
      await page.getByRole("button", { name: "Book Night Owl" }).click();
      await page.locator(".booking").getByText(sentence).waitFor();
      await page.getByText(/The park is hard to reach just now\..* The next try is at/).waitFor();
      expect(await said(page, /access token/).count()).toBe(0);
      await repair();
      await page.getByText("Booked for 2.").waitFor();
      expect(await said(page, /reach|next try/).count()).toBe(0);
    });

    test("of a refresh that never answers, the person reads the same", async () => {
      const { page } = await visit();
      await page.clock.install();
      await page.reload();
      await signIn(page);
      await page.getByRole("button", { name: "Book Night Owl" }).waitFor();
      const repair = await breakDown(page, () => {});
      await page.getByRole("button", { name: "Book Night Owl" }).click();
      await page.getByRole("button", { name: "Booking …" }).waitFor();
      await expect
        .poll(async () => {
          await page.clock.runFor(1000);
          return page.locator(".booking").getByText(sentence).count();
        })
        .toBe(1);
      await repair();
      await expect
        .poll(async () => {
          await page.clock.runFor(1000);
          return page.getByText("Booked for 2.").count();
        })
        .toBe(1);
      expect(await said(page, /reach|next try/).count()).toBe(0);
    });

    test("the gates say when the next try is, and open by themselves", async () => {
      const { page } = await signedIn();
      const repair = await breakDown(page, busy);
      await page.reload();
      await page.getByRole("heading", { name: "We cannot reach the park" }).waitFor();
      await page.getByText(/The next try is at \d/).waitFor();
      await repair();
      await page.getByRole("heading", { name: "Rides" }).waitFor();
      expect(await page.getByText("next try").count()).toBe(0);
    });

    test("a page that could not be loaded is there by itself once the server is back", async () => {
      const { page } = await signedIn();
      await page.clock.install();
      await page.route("**/api/bookings", (route) => route.abort());
      await page.getByRole("link", { name: "Bookings" }).click();
      await page.reload();
      const tryAgain = page.getByRole("button", { name: "Try again" });
      await expect
        .poll(async () => {
          await page.clock.runFor(1000);
          return tryAgain.count();
        })
        .toBe(1);
      await page.unroute("**/api/bookings");
      await expect
        .poll(async () => {
          await page.clock.runFor(1000);
          return tryAgain.count();
        })
        .toBe(0);
      expect(await page.getByRole("heading", { name: "Bookings" }).count()).toBe(1);
    });
  });

  test("the guests of the house are there once the server answers, however often it did not", async () => {
    const { page } = await visit("/login");
    await page.clock.install();
    const faults = [
      (route: Route) => route.abort(),
      (route: Route) => route.fulfill({ status: 503 }),
      (route: Route) => route.fulfill({ status: 200, body: "<p>A captive portal.</p>" }),
    ];
    await page.route("**/api/demo", (route) =>
      (faults.shift() ?? ((last) => last.continue()))(route),
    );
    await page.reload();
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    const guest = page.getByRole("button", { name: /Grace/ });
    await expect
      .poll(async () => {
        await page.clock.runFor(1000);
        return guest.count();
      })
      .toBe(1);
    expect(faults).toEqual([]);
  });
});
