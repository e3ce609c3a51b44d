import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../example/server/config.js";
import { startServer, type RunningServer } from "../../example/server/server.js";
import { ada, grace } from "../../example/server/test/client.js";
import { inChromium, launchChromium } from "../support/browser.js";
import { patiently } from "../support/tabs.js";

inChromium(() => {
  /** The smallest picture there is. */
  const onePixel = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );

  let browser: Browser;
  let park: RunningServer;
  /** What the server's clock is ahead of ours. */
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

  beforeEach(() => {
    log = [];
  });

  interface Visit {
    page: Page;
    /** Uncaught errors, and breaches of the page's policy. */
    faults: string[];
    /** Headings that were shown at any time since the page loaded, with the notices. */
    shown(): Promise<string[]>;
    /** Paths that the router went to since the page loaded, also where nothing was shown. */
    wentTo(): Promise<string[]>;
  }

  /** A visitor's fresh browser. Fails the test on a fault that it does not take out of the list. */
  async function visit(path = "/"): Promise<Visit> {
    const context = await browser.newContext();
    context.setDefaultTimeout(patiently.timeout);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("console", (message) => {
      if (/Content Security Policy|Trusted/.test(message.text())) faults.push(message.text());
    });
    await page.addInitScript(() => {
      const seen: string[] = [];
      const places: string[] = [];
      Object.assign(globalThis, { seen, places });
      for (const name of ["pushState", "replaceState"] as const) {
        const go = history[name].bind(history);
        history[name] = (...to) => {
          go(...to);
          places.push(location.pathname);
        };
      }
      new MutationObserver(() => {
        for (const { textContent } of document.querySelectorAll("h1, .notice:not([hidden])")) {
          if (textContent && seen.at(-1) !== textContent) seen.push(textContent);
        }
      }).observe(document, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    onTestFinished(async () => {
      await context.close();
      expect(faults).toEqual([]);
    });
    await page.goto(park.url + path);
    // The init script has put them there.
    return {
      page,
      faults,
      shown: () => page.evaluate(() => (globalThis as { seen?: string[] }).seen ?? []),
      wentTo: () => page.evaluate(() => (globalThis as { places?: string[] }).places ?? []),
    };
  }

  async function signIn(page: Page, { email, password } = ada): Promise<void> {
    await page.getByLabel("E-mail").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  async function signedIn(path = "/", person = ada): Promise<Visit> {
    const visited = await visit(path);
    await signIn(visited.page, person);
    await visited.page.getByRole("button", { name: "Sign out", exact: true }).waitFor();
    return visited;
  }

  /** The lines that hold the text, as the panel behind the scenes shows them, the newest first. */
  async function timeline(page: Page, text: string): Promise<string[]> {
    const moments = page.locator(".moment", { hasText: text });
    return (await moments.allTextContents()).map((line) => line.replace(/^[\d:]+ /, ""));
  }

  async function behindTheScenes(): Promise<{ page: Page; press(name: string): Promise<void> }> {
    const { page } = await signedIn();
    await page.getByText("Behind the scenes").click();
    return {
      page,
      press: (name) => page.getByRole("button", { name }).click(),
    };
  }

  const dialogOn = (page: Page): Locator =>
    page.getByRole("dialog", { name: "Your session has expired" });

  /** In the dialog, by keyboard. */
  async function signInAgain(page: Page, password: string): Promise<void> {
    await dialogOn(page).getByLabel("Password").fill(password);
    await page.keyboard.press("Enter");
    await dialogOn(page).waitFor({ state: "detached" });
  }

  /** By the button behind the scenes. The next request finds out. */
  async function revokeSession(page: Page): Promise<void> {
    const panel = page.getByText("Behind the scenes");
    await panel.click();
    await page.getByRole("button", { name: "Revoke the session" }).click();
    await page.getByText("has ended this session").waitFor();
    await panel.click();
  }

  const refreshes = () => log.filter((event) => event === "refresh").length;

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
      aheadMs += 31_000;
      log = [];
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
      log = [];
      await page.reload();
      await page.getByRole("heading", { name: "This browser" }).waitFor();
      expect(page.url()).toBe(`${park.url}/account?from=mail#sessions`);
      expect(await shown()).toEqual(["Ada"]);
      expect(await wentTo()).not.toContain("/login");
      expect(refreshes()).toBe(1);
    });

    test("ends the session of this browser, and is signed out", async () => {
      const { page } = await signedIn("/account");
      await page.getByRole("button", { name: "End this session" }).click();
      await page.getByText("You have signed out.").waitFor();
      expect(await timeline(page, "onLogout")).toEqual(["The app is told: onLogout, logout"]);
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
      aheadMs += 31_000;
      log = [];
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

  describe("when the server has revoked the session of someone who writes", () => {
    /** Ada has filled in a form, and sends it. */
    async function expired(): Promise<Visit> {
      const visited = await signedIn();
      const { page } = visited;
      await noteOn(page).fill("It is a birthday");
      await page.getByLabel("Seats on Copper Comet").selectOption("4");
      await revokeSession(page);
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
      expect(await timeline(page, "onLogout")).toEqual(["The app is told: onLogout, refused"]);
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
      await revokeSession(page);
      await page.getByRole("button", { name: "Close Night Owl" }).click();
      await dialogOn(page).waitFor();
      expect(await page.getByText("Park office").count()).toBe(1);
      await signInAgain(page, grace.password);
      await page.getByText("Your session had ended, and nothing was done.").waitFor();
    });
  });

  describe("behind the scenes", () => {
    test("an expired token costs one refresh and three replays, and nobody notices", async () => {
      const { page, press } = await behindTheScenes();
      await press("Expire the token");
      await page.getByText("takes the token for expired").waitFor();
      log = [];
      await press("Send three requests");
      await page.getByText("3 of 3 requests succeeded.").waitFor();
      expect(await timeline(page, "rides again")).toHaveLength(3);
      expect(await timeline(page, "Refresh: a request was answered 401")).toHaveLength(1);
      expect(await timeline(page, "Day pass no. 2")).toHaveLength(1);
      expect(refreshes()).toBe(1);
    });

    test("a refresh answered 503 signs nobody out, and the person is told", async () => {
      const { page, press } = await behindTheScenes();
      await press("Answer refreshes with 503");
      await page.getByText("no refresh succeeds").waitFor();
      await press("Expire the token");
      await page.getByText("takes the token for expired").waitFor();
      await press("Send three requests");
      await page.getByText("0 of 3 requests succeeded.").waitFor();
      await page.getByText("The park is hard to reach just now.").waitFor();
      expect(await timeline(page, "Refresh: unavailable, 503")).toHaveLength(1);
      expect(await page.getByRole("button", { name: "Sign out", exact: true }).count()).toBe(1);
    });

    test("a cut network signs nobody out, and it goes on when the network is back", async () => {
      const { page, press } = await behindTheScenes();
      await press("Cut the network");
      await page.getByText("nothing you send is answered").waitFor();
      await press("Send three requests");
      await page.getByText("0 of 3 requests succeeded.").waitFor();
      aheadMs += 15_000;
      await press("Send three requests");
      await page.getByText("3 of 3 requests succeeded.").waitFor();
      expect(await timeline(page, "The session ends")).toEqual([]);
    });

    test("a revoked session is noticed by the next request, and the panel is still there", async () => {
      const { page, press } = await behindTheScenes();
      await press("Revoke the session");
      await page.getByText("has ended this session").waitFor();
      await press("Send three requests");
      await dialogOn(page).waitFor();
      expect(await timeline(page, "The session ends: refused")).toHaveLength(1);
      expect(await timeline(page, "onLogout")).toEqual(["The app is told: onLogout, refused"]);
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
    const { page, press } = await behindTheScenes();
    await press("Expire the token");
    await page.getByText("takes the token for expired").waitFor();
    await press("Send three requests");
    await page.getByText("3 of 3 requests succeeded.").waitFor();
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
