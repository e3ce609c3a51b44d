import { describe, expect, test } from "vitest";
import { ada, createClient, grace } from "../../example/server/test/client.js";
import { inChromium } from "../support/browser.js";
import {
  dialogOn,
  log,
  openForVisits,
  park,
  passOnServer,
  refreshes,
  revokeSessions,
  signedIn,
  signIn,
  signInAgain,
  visit,
} from "../support/parkVisits.js";

inChromium(() => {
  openForVisits();

  /** The smallest picture there is. */
  const onePixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );

  describe("a person in the park", () => {
    test("signs in, and is led to where the link pointed", async () => {
      const { page } = await signedIn("/bookings?from=mail#latest");
      expect(page.url()).toBe(`${park.url}/bookings?from=mail#latest`);
    });

    test("with a wrong password is told so, and can try again", async () => {
      const { page } = await visit();
      await signIn(page, { ...ada, password: "not this one" });
      await page.getByText("The address or the password is not right.").waitFor();
      expect(await page.getByLabel("E-mail").inputValue()).toBe("ada@park.example");
      await signIn(page);
      await page.getByRole("heading", { name: "Rides" }).waitFor();
    });

    test("never notices that the token expires: three requests at once, one refresh", async () => {
      const { page, shown } = await signedIn();
      await page.getByRole("heading", { name: "Copper Comet" }).waitFor();
      passOnServer(31_000);
      log.length = 0;
      await page.getByRole("button", { name: "Book Copper Comet" }).click();
      await page.getByRole("button", { name: "Book Lantern Lake" }).click();
      await page.getByRole("link", { name: "Bookings" }).click();
      await page.getByRole("heading", { name: "Copper Comet" }).waitFor();
      expect(refreshes()).toBe(1);
      expect(await page.getByRole("alert").count()).toBe(0);
      expect((await shown()).at(-1)).toBe("Bookings");
      expect((await shown()).filter((text) => text === "Sign in")).toHaveLength(1);
    });

    test("whose link to the login page leads on to elsewhere stays in the park", async () => {
      const { page } = await signedIn(`/login?next=${encodeURIComponent("//evil.example/")}`);
      expect(page.url()).toBe(`${park.url}/`);
    });

    test("reloads a deep link and stays signed in: the login page is not shown, nor gone to", async () => {
      const { page, shown, wentTo } = await signedIn("/account?from=mail#sessions");
      log.length = 0;
      await page.reload();
      await page.getByRole("heading", { name: "This browser" }).waitFor();
      expect(page.url()).toBe(`${park.url}/account?from=mail#sessions`);
      expect(await shown()).toEqual(["Ada"]);
      expect(await wentTo()).not.toContain("/login");
      expect(refreshes()).toBe(1);
    });

    test("signs out, and the back button shows nothing", async () => {
      const { page } = await signedIn();
      await page.getByRole("link", { name: "Ada" }).click();
      await page.getByText("ada@park.example · visitor").waitFor();
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await page.goBack();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      expect(await page.getByText("ada@park.example · visitor").count()).toBe(0);
      await page.reload();
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
    });

    test("signs up, and is told what is wrong with a field", async () => {
      const { page } = await visit("/signup");
      await page.getByLabel("Name").fill("Mary");
      await page.getByLabel("E-mail").fill("mary@park.example");
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: "Make the account" }).click();
      await page.locator(".field .fault").waitFor();
      expect(await page.locator(".field .fault").textContent()).toBe("At least 10 characters.");
      await page.getByLabel("Password").fill("long-enough-1");
      await page.getByRole("button", { name: "Make the account" }).click();
      await page.getByRole("heading", { name: "Rides" }).waitFor();
    });

    test("whose network is gone is told so, stays signed in, and goes on when it is back", async () => {
      const { page } = await signedIn();
      await page.context().setOffline(true);
      await page.getByText("You are offline.").waitFor();
      await page.getByRole("link", { name: "Ada" }).click();
      await page.context().setOffline(false);
      await page.getByRole("heading", { name: "This browser" }).waitFor();
      expect(await page.getByText("You are offline.").count()).toBe(0);
    });

    test("adds a photo when the token has expired, and it arrives whole", async () => {
      const { page } = await signedIn("/account");
      await page.getByRole("heading", { name: "This browser" }).waitFor();
      passOnServer(31_000);
      log.length = 0;
      const photo = { name: "me.png", mimeType: "image/png", buffer: onePixel };
      await page.getByLabel("Add a photo").setInputFiles(photo);
      const portrait = page.getByRole("img", { name: "Ada" });
      await portrait.waitFor();
      // Not broken, and let in by the page's policy.
      expect(await portrait.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
      expect(refreshes()).toBe(1);
      await page.getByRole("button", { name: "Remove it" }).click();
      await page.getByText("The photo is gone.").waitFor();
    });

    test("deletes the account after a dialog that takes the password, and only then", async () => {
      const { page } = await visit("/signup");
      await page.getByLabel("Name").fill("Lou");
      await page.getByLabel("E-mail").fill("lou@park.example");
      await page.getByLabel("Password").fill("seven-blue-horses");
      await page.getByRole("button", { name: "Make the account" }).click();
      await page.getByRole("link", { name: "Lou" }).click();
      const opener = page.getByRole("button", { name: "Delete my account" });
      const dialog = page.getByRole("dialog", { name: "Delete your account?" });
      await opener.click();
      await page.keyboard.type("not this one");
      await page.keyboard.press("Enter");
      await dialog.getByText("The password is not right.").waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);

      await opener.click();
      expect(await dialog.getByLabel("Password").inputValue()).toBe("");
      expect(await dialog.getByRole("alert").textContent()).toBe("");
      await page.keyboard.type("seven-blue-horses");
      await dialog.getByRole("button", { name: "Delete it" }).click();
      await page.getByText("Your account is deleted. Farewell.").waitFor();
      await signIn(page, { email: "lou@park.example", password: "seven-blue-horses" });
      await page.getByText("The address or the password is not right.").waitFor();
    });

    test("sees in the account how often a refresh was answered a second time", async () => {
      const { page } = await signedIn("/account");
      expect(await page.getByText("Refreshed twice").count()).toBe(0);
      const [cookie] = await page.context().cookies();
      // Somebody who has a copy of the cookie, and uses it first.
      for (let time = 0; time < 2; time += 1) {
        const copied = createClient(park.url);
        copied.cookie = `${cookie?.name}=${cookie?.value}`;
        expect((await copied.post("/api/auth/refresh")).status).toBe(200);
      }
      await page.reload();
      await page.getByText("Refreshed twice with one cookie: 2 times").waitFor();
    });

    test("can do all of it by keyboard", async () => {
      const { page } = await visit();
      await page.getByLabel("E-mail").focus();
      await page.keyboard.type("ada@park.example");
      await page.keyboard.press("Tab");
      await page.keyboard.type("rollercoaster-1");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Rides" }).waitFor();
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("MAIN");
    });
  });

  describe("the office", () => {
    test("is for an admin, who reads the notes of all guests and closes a ride", async () => {
      const { page: guest } = await signedIn();
      await guest.getByLabel("Note for Lantern Lake").fill("Two of us are ninety");
      await guest.getByRole("button", { name: "Book Lantern Lake" }).click();
      await guest.getByText("Booked for 2.").waitFor();
      const { page: office } = await signedIn("/", grace);
      await office.getByRole("link", { name: "Office" }).click();
      await office.getByText("“Two of us are ninety”").waitFor();
      await office.getByRole("button", { name: "Close Lantern Lake" }).click();
      await office.getByRole("button", { name: "Open Lantern Lake" }).waitFor();
      expect(await office.getByText("Closed", { exact: true }).count()).toBe(2);
      await guest.getByRole("button", { name: "Book Lantern Lake" }).click();
      await guest.getByText("Lantern Lake is closed today.").waitFor();
      await office.getByRole("button", { name: "Open Lantern Lake" }).click();
      await office.getByRole("button", { name: "Close Lantern Lake" }).waitFor();
    });

    test("is closed to a visitor, who has no link, and by its address asks the server for nothing", async () => {
      const { page, shown } = await visit("/admin");
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await signIn(page);
      await page.getByRole("heading", { name: "This gate is for the park's staff" }).waitFor();
      expect(await page.getByRole("link", { name: "Office" }).count()).toBe(0);
      expect(await shown()).not.toContain("Park office");
      expect(asked).toContain("/api/auth/login");
      expect(asked.filter((path) => path.startsWith("/api/admin"))).toEqual([]);
    });

    test("stays open below the dialog when the admin's session has expired", async () => {
      const { page } = await signedIn("/admin", grace);
      await page.getByRole("button", { name: "Close Night Owl" }).waitFor();
      await revokeSessions(grace);
      await page.getByRole("button", { name: "Close Night Owl" }).click();
      await dialogOn(page).waitFor();
      expect(await page.getByText("Park office").count()).toBe(1);
      await signInAgain(page, grace.password);
      await page.getByText("Your session had ended, and nothing was done.").waitFor();
    });
  });
});
