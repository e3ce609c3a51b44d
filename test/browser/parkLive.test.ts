import type { Locator, Page, Route } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ada, createClient, grace } from "../../example/server/test/client.js";
import { violations } from "../support/accessibility.js";
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
  openForVisits({ queueTimesSeconds: 0.2 });

  const live = (page: Page): Locator => page.getByText("Queue times are live.");
  const queueTimes = (page: Page): Promise<string[]> =>
    page.locator(".facts div:first-child dd").allTextContents();

  /** The tokens that the page shows to open sockets, one for each. */
  async function tokensShown(page: Page): Promise<string[]> {
    const tokens: string[] = [];
    page.on("websocket", (socket) => {
      expect(socket.url()).toBe(`${park.url.replace("http", "ws")}/api/queue-times`);
    });
    const network = await page.context().newCDPSession(page);
    network.on("Network.webSocketWillSendHandshakeRequest", ({ request }) => {
      tokens.push(request.headers["Sec-WebSocket-Protocol"]?.split(/, */)[1] ?? "");
    });
    await network.send("Network.enable");
    return tokens;
  }

  /** Keeps the requests to an endpoint from the server until the test says what becomes of them. */
  async function hold(page: Page, path: string): Promise<() => Promise<Route>> {
    const held: Route[] = [];
    await page.route(`**/api${path}`, (route) => {
      if (route.request().method() === "GET") return route.continue();
      held.push(route);
      return undefined;
    });
    return async () => {
      await expect.poll(() => held.length).toBeGreaterThan(0);
      return held.shift() as Route;
    };
  }

  describe("the queue times", () => {
    test("change on the page while one looks at it, and go on after a reload", async () => {
      const { page } = await signedIn();
      await live(page).waitFor();
      const before = await queueTimes(page);
      await expect.poll(() => queueTimes(page)).not.toEqual(before);
      await page.reload();
      await live(page).waitFor();
      const reloaded = await queueTimes(page);
      await expect.poll(() => queueTimes(page)).not.toEqual(reloaded);
    });

    test("go on over the same socket with each new token, which the page gets in time", async () => {
      const { page } = await visit();
      const tokens = await tokensShown(page);
      await page.clock.install();
      await page.reload();
      await signIn(page);
      await live(page).waitFor();
      // Beyond the 30 s of the first token, in steps shorter than the silence that means an outage.
      for (let seconds = 0; seconds < 40; seconds += 5) {
        await page.clock.runFor(5000);
        passOnServer(5000);
        const before = await queueTimes(page);
        await expect.poll(() => queueTimes(page)).not.toEqual(before);
      }
      expect(tokens).toHaveLength(1);
      expect(await live(page).count()).toBe(1);
    });

    test("come over a new socket with the new token when the old one has expired", async () => {
      const { page } = await visit();
      const tokens = await tokensShown(page);
      await signIn(page);
      await live(page).waitFor();
      log.length = 0;
      passOnServer(31_000);
      await expect.poll(() => tokens.length).toBe(2);
      const before = await queueTimes(page);
      await expect.poll(() => queueTimes(page)).not.toEqual(before);
      expect(new Set(tokens).size).toBe(2);
      expect(refreshes()).toBe(1);
      expect(await live(page).count()).toBe(1);
    });

    test("come with the token of the person who signs in after another", async () => {
      const { page } = await visit();
      const tokens = await tokensShown(page);
      await signIn(page);
      await live(page).waitFor();
      await letGraceIn(page);
      await live(page).waitFor();
      const whose = tokens.map((token) => JSON.parse(atob(token.split(".")[1] ?? "")).sub);
      expect(whose).toHaveLength(2);
      expect(whose[0]).not.toBe(whose[1]);
    });

    test("that nobody tells any more are called old, and are live once they come again", async () => {
      const { page } = await visit();
      let isSilent = false;
      await page.routeWebSocket("**/api/queue-times", (socket) => {
        const server = socket.connectToServer();
        server.onMessage((message) => {
          if (!isSilent) socket.send(message);
        });
      });
      await page.clock.install();
      await page.reload();
      await signIn(page);
      await live(page).waitFor();
      isSilent = true;
      await page.clock.runFor(21_000);
      await page.getByText(/Queue times of \d/).waitFor();
      expect(await live(page).count()).toBe(0);
      isSilent = false;
      await page.clock.runFor(2000);
      await live(page).waitFor();
    });

    test("tell at once that the session was revoked, and nothing on the form is lost", async () => {
      const { page } = await signedIn();
      await live(page).waitFor();
      await page.getByLabel("Note for Copper Comet").fill("It is a birthday");
      await revokeSessions();
      await dialogOn(page).waitFor();
      await signInAgain(page, ada.password);
      expect(await page.getByLabel("Note for Copper Comet").inputValue()).toBe("It is a birthday");
      const before = await queueTimes(page);
      await expect.poll(() => queueTimes(page)).not.toEqual(before);
    });
  });

  describe("a booking", () => {
    const tickets = (page: Page, ride = "Copper Comet"): Locator =>
      page.getByRole("list", { name: `Your tickets for ${ride}` });

    /** A person who has no booking. */
    async function newcomer(): Promise<Page> {
      const { page } = await visit("/signup");
      await page.getByLabel("Name").fill("Mary");
      await page.getByLabel("E-mail").fill(`mary-${crypto.randomUUID()}@park.example`);
      await page.getByLabel("Password").fill("seven-blue-horses");
      await page.getByRole("button", { name: "Make the account" }).click();
      await page.getByRole("button", { name: "Book Copper Comet" }).waitFor();
      await page.waitForLoadState("networkidle");
      return page;
    }

    test("has its ticket at once, and keeps it", async () => {
      const page = await newcomer();
      const next = await hold(page, "/bookings");
      await page.getByRole("button", { name: "Book Copper Comet" }).click();
      await tickets(page).getByText("2 seats · being booked …").waitFor();
      await page.getByRole("link", { name: "Bookings" }).click();
      await page.getByText("2 seats · being booked …").waitFor();
      expect(await page.getByRole("button", { name: "Cancel Copper Comet" }).count()).toBe(0);
      await (await next()).continue();
      await page.getByRole("button", { name: "Cancel Copper Comet" }).waitFor();
      await page.getByText("being booked").waitFor({ state: "detached" });
      expect(await page.getByRole("heading", { name: "Copper Comet" }).count()).toBe(1);
    });

    test("that the server refuses loses its ticket, and no other does", async () => {
      const page = await newcomer();
      const next = await hold(page, "/bookings");
      await page.getByRole("button", { name: "Book Copper Comet" }).click();
      await tickets(page).waitFor();
      const first = await next();
      await page.getByRole("button", { name: "Book Lantern Lake" }).click();
      await tickets(page, "Lantern Lake").waitFor();
      const second = await next();
      await first.fulfill({ status: 409, json: { detail: "Copper Comet is closed today." } });
      await page.getByText("Copper Comet is closed today.").waitFor();
      expect(await tickets(page).count()).toBe(0);
      expect(await tickets(page, "Lantern Lake").textContent()).toBe("2 seats · being booked …");
      await second.continue();
      await tickets(page, "Lantern Lake").getByText("2 seats", { exact: true }).waitFor();
    });

    test("under way leaves nothing to the person who signs in meanwhile", async () => {
      const page = await newcomer();
      const next = await hold(page, "/bookings");
      await page.getByLabel("Note for Copper Comet").fill("It is a birthday");
      await page.getByRole("button", { name: "Book Copper Comet" }).click();
      await tickets(page).waitFor();
      const booking = await next();
      await letGraceIn(page);
      // Broken off by the page: there is nobody to answer.
      await booking.fulfill({ status: 409, json: { detail: "Too late." } }).catch(() => {});
      await page.getByRole("link", { name: "Bookings" }).click();
      await page.getByText("Nothing booked yet.").waitFor();
      expect(await page.content()).not.toMatch(/birthday|being booked|Too late|Mary/);
    });
  });

  test("a photo on its way shows how much of it has been sent", async () => {
    const { page } = await signedIn("/account");
    const network = await page.context().newCDPSession(page);
    const slowly = {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 300_000,
    };
    await network.send("Network.enable");
    await network.send("Network.emulateNetworkConditions", slowly);
    const buffer = Buffer.concat([
      Buffer.from("\x89PNG\r\n\x1A\n", "latin1"),
      Buffer.alloc(600_000),
    ]);
    await page
      .getByLabel("Add a photo")
      .setInputFiles({ name: "me.png", mimeType: "image/png", buffer });
    const bar = page.getByRole("progressbar", { name: "Sending the photo" });
    const values: number[] = [];
    await expect
      .poll(async () => {
        const value = await bar.evaluate((element: HTMLProgressElement) => element.value);
        values.push(value);
        return value > 0 && value < 1;
      })
      .toBe(true);
    await page.getByText("That is you.").waitFor();
    expect(await bar.count()).toBe(0);
    await page.getByRole("button", { name: "Remove it" }).click();
    await page.getByText("The photo is gone.").waitFor();
  });

  test("the form to sign in is sent once, and keeps the address but not the password", async () => {
    const { page } = await visit();
    const next = await hold(page, "/auth/login");
    await page.getByLabel("E-mail").fill(ada.email);
    await page.getByLabel("Password").fill("not this one");
    log.length = 0;
    for (const key of ["Enter", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("button", { name: "One moment …" }).waitFor();
    await (await next()).continue();
    await page.getByText("The address or the password is not right.").waitFor();
    expect(await page.getByLabel("E-mail").inputValue()).toBe(ada.email);
    expect(await page.getByLabel("Password").inputValue()).toBe("");
    expect(await page.content()).not.toContain("not this one");
    expect(log).toEqual(["login-refused"]);
  });

  test("the account has one way to end this session, and others for the others", async () => {
    await createClient(park.url).post("/api/auth/login", ada);
    const { page } = await signedIn("/account");
    await page.getByRole("heading", { name: "This browser" }).waitFor();
    const ways = page.getByRole("button", { name: /sign out|this session|this device/i });
    expect(await ways.allTextContents()).toEqual(["Sign out"]);
    const others = page.getByRole("button", { name: /^End the other session/ });
    const count = await others.count();
    await others.first().click();
    await page.getByText("The session is over.").waitFor();
    await expect.poll(() => others.count()).toBe(count - 1);
    await ways.click();
    await page.getByText("You have signed out.").waitFor();
  });

  describe.each(["light", "dark"] as const)("in %s, for everyone", (colorScheme) => {
    test.each([1280, 360])("at %d px each page can be read and used", async (width) => {
      const { page } = await visit();
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const faults = new Map<string, string[]>();
      const judge = async (state: string) => {
        faults.set(state, [...(await violations(page)), ...(await widerThan(page, width))]);
      };
      await signIn(page, { ...ada, password: "not this one" });
      await page.getByText("The address or the password is not right.").waitFor();
      await judge("a login that was refused");
      await signIn(page);
      await live(page).waitFor();
      const next = await hold(page, "/bookings");
      await page.getByRole("button", { name: "Book Apple Swing" }).click();
      await page.getByText("being booked …").first().waitFor();
      await judge("rides");
      await page.getByRole("link", { name: "Bookings" }).click();
      await page.getByText("being booked …").first().waitFor();
      await judge("bookings");
      await (await next()).continue();
      await page.getByRole("link", { name: "Ada" }).click();
      await page.getByRole("heading", { name: "This browser" }).waitFor();
      await hold(page, "/me/photo");
      const photo = { name: "me.png", mimeType: "image/png", buffer: Buffer.from("any") };
      await page.getByLabel("Add a photo").setInputFiles(photo);
      await page.getByRole("progressbar").waitFor();
      await judge("account");
      expect(Object.fromEntries(faults)).toEqual({
        "a login that was refused": [],
        rides: [],
        bookings: [],
        account: [],
      });
    });
  });

  /** Grace signs in in the same browser, and the library is not told. */
  async function letGraceIn(page: Page): Promise<void> {
    await page.evaluate(async (credentials) => {
      await fetch("/api/auth/login", {
        method: "POST",
        headers: { "content-type": "application/json", "x-requested-with": "park" },
        body: JSON.stringify(credentials),
      });
    }, grace);
    await page.getByRole("link", { name: "Grace" }).waitFor();
  }

  async function widerThan(page: Page, width: number): Promise<string[]> {
    const scrolled = await page.evaluate(() => document.documentElement.scrollWidth);
    return scrolled > width ? [`${scrolled} px wide`] : [];
  }
});
