import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ada, grace } from "../../example/server/test/client.js";
import { inChromium } from "../support/browser.js";
import {
  dialogOn,
  openForVisits,
  park,
  passOnServer,
  refreshes,
  signedIn,
  signIn,
  signInAgain,
} from "../support/parkVisits.js";

inChromium(() => {
  openForVisits();

  const titles = {
    expired: "The token expires under three requests",
    tabs: "Eight tabs at once",
    down: "The auth server is down for ten seconds",
    cut: "The network is cut",
    revoked: "The session is revoked under a half-written form",
    another: "Another person signs in in a second tab",
    forbidden: "A forbidden endpoint",
  };

  interface Scenario {
    page: Page;
    card: Locator;
    /** What stands where the check mark will be. */
    mark(name: "Running" | "Not tried yet"): Locator;
    /** Waits for it. */
    outcome(): Promise<string | null>;
    /** What was seen so far. */
    facts(): Promise<string[]>;
    press(name?: string): Promise<void>;
  }

  async function open(name: keyof typeof titles): Promise<Scenario> {
    const { page } = await signedIn("/scenarios");
    return scenarioOn(page, name);
  }

  function scenarioOn(page: Page, name: keyof typeof titles): Scenario {
    const card = page.getByRole("listitem", { name: titles[name] });
    return {
      page,
      card,
      mark: (outcome) => card.getByRole("img", { name: outcome, exact: true }),
      outcome: () => card.getByRole("img", { name: /^It / }).getAttribute("aria-label"),
      facts: () => card.getByRole("status").getByRole("listitem").allTextContents(),
      press: (button) =>
        (button ? card.getByRole("button", { name: button }) : card.getByRole("button"))
          .first()
          .click(),
    };
  }

  describe("a scenario of the park", () => {
    test("expires the token under three requests: one refresh, three replays", async () => {
      const { page, mark, outcome, facts, press } = await open("expired");
      await mark("Not tried yet").waitFor();
      await press();
      expect(await outcome()).toBe("It came true");
      expect(await facts()).toHaveLength(4);
      // The one that it begins with, so that the token is new, and the one that it is about.
      expect(refreshes()).toBe(2);
      await page.getByText("3 replays").waitFor();
    });

    test("opens seven tabs, and all eight make one refresh", async () => {
      const { page, outcome, facts, press } = await open("tabs");
      await press();
      expect(await outcome()).toBe("It came true");
      expect(page.context().pages()).toHaveLength(8);
      expect(await facts()).toContain("All together made one refresh.");
      const opened = page.context().pages().slice(1);
      const closed = Promise.all(opened.map((tab) => tab.waitForEvent("close")));
      await press("Close them");
      await closed;
    });

    test("counts tabs that a person opens where the browser keeps them closed", async () => {
      const { page, mark, outcome, card, press } = await open("tabs");
      await page.evaluate(() => void (window.open = () => null));
      await press();
      await card.getByText("Your browser kept 7 of the tabs closed.").waitFor();
      for (let count = 0; count < 7; count += 1) {
        await mark("Running").waitFor();
        const tab = await page.context().newPage();
        await tab.goto(park.url);
      }
      expect(await outcome()).toBe("It came true");
    });

    test("takes the auth server down: nobody is signed out, and the query gets its answer", async () => {
      const { page, mark, outcome, card, press } = await open("down");
      await page.clock.install();
      await press();
      await card.getByText("The refresh was answered 503: unavailable.").waitFor();
      await page.getByText("The park is hard to reach just now.").waitFor();
      await mark("Running").waitFor();
      passOnServer(10_000);
      await page.clock.runFor(11_000);
      expect(await outcome()).toBe("It came true");
      // The one that it begins with, and the one after the outage.
      expect(refreshes()).toBe(2);
    });

    test("cuts the network: it tries again by itself, and goes on when it is back", async () => {
      const { page, mark, outcome, card, press } = await open("cut");
      await page.clock.install();
      await press();
      await card.getByText("The refresh got no answer.").waitFor();
      await page.clock.runFor(2000);
      await mark("Running").waitFor();
      passOnServer(10_000);
      await page.clock.runFor(20_000);
      expect(await outcome()).toBe("It came true");
    });

    test("revokes the session under a letter, which is there when its writer is back", async () => {
      const { page, mark, outcome, card, press } = await open("revoked");
      await page.getByLabel("A letter to the park").fill("Dear owl");
      await press();
      await dialogOn(page).waitFor();
      await card.getByText(ada.password).waitFor();
      await mark("Running").waitFor();
      await signInAgain(page, ada.password);
      expect(await outcome()).toBe("It came true");
      expect(await page.getByLabel("A letter to the park").inputValue()).toBe("Dear owl");
    });

    test("does not come true if someone else signs in above the letter", async () => {
      const { page, outcome, press } = await open("revoked");
      await press();
      await dialogOn(page)
        .getByRole("button", { name: /Not you/ })
        .click();
      await signIn(page, grace);
      expect(await outcome()).toBe("It did not come true");
      expect(await page.getByLabel("A letter to the park").inputValue()).toBe("");
    });

    test("lets another person in in a second tab, and nothing of the first is left here", async () => {
      const { page, outcome, press } = await open("another");
      await page.getByLabel("A letter to the park").fill("Ada was here");
      await press();
      expect(await outcome()).toBe("It came true");
      await page.getByRole("link", { name: "Grace" }).waitFor();
      expect(await page.getByLabel("A letter to the park").inputValue()).toBe("");
      const [, second] = page.context().pages();
      await second?.getByRole("link", { name: "Grace" }).waitFor();
    });

    test("asks forbidden endpoints: no refresh for 403, one at most for a 401 that none cures", async () => {
      const { outcome, press } = await open("forbidden");
      await press();
      expect(await outcome()).toBe("It came true");
      expect(refreshes()).toBe(2);
    });

    test("does not come true when what it promises is not seen, and says what", async () => {
      const { page, outcome, card, facts, press } = await open("forbidden");
      await page.route("**/api/demo/forbidden", (route) => route.fulfill({ status: 200 }));
      await press();
      expect(await outcome()).toBe("It did not come true");
      await card.getByText("Not so: The first endpoint answered 403").waitFor();
      expect(await facts()).toEqual([]);
    });

    test("is the only one that runs, and can be stopped", async () => {
      const { page, mark, outcome, press } = await open("revoked");
      await press();
      const another = page.getByRole("button", { name: "Expire it", includeHidden: true });
      expect(await another.getAttribute("aria-disabled")).toBe("true");
      await signInAgain(page, ada.password);
      expect(await outcome()).toBe("It came true");
      await page.route("**/api/sessions", () => {});
      await press();
      await mark("Running").waitFor();
      await press("Stop");
      await mark("Not tried yet").waitFor();
      expect(await another.getAttribute("aria-disabled")).toBe("false");
    });

    test("goes on while the person looks at another page", async () => {
      const { page, mark, outcome, press } = await open("down");
      await page.clock.install();
      await press();
      await mark("Running").waitFor();
      await page.getByRole("link", { name: "Rides" }).click();
      passOnServer(10_000);
      await page.clock.runFor(11_000);
      await page.getByRole("heading", { name: "Copper Comet" }).waitFor();
      await page.getByRole("link", { name: "What if" }).click();
      expect(await outcome()).toBe("It came true");
    });
  });

  test("the lines beside the scenarios are those of the source", async () => {
    const { page } = await signedIn("/scenarios");
    const figures = page.locator(".scenarios figure");
    await figures.first().waitFor();
    const shown = await figures.evaluateAll((all) =>
      all.map((figure) =>
        ["figcaption", "code"].map((part) => figure.querySelector(part)?.textContent),
      ),
    );
    expect(shown).toHaveLength(7);
    for (const [caption = "", code = ""] of shown) {
      const [, file = "", line] = /^(.+), line (\d+)$/.exec(caption ?? "") ?? [];
      const lines = (code ?? "").split("\n");
      const source = readFileSync(file, "utf8").split("\n");
      const there = source.slice(Number(line) - 1, Number(line) - 1 + lines.length);
      expect(there.map((each) => each.trim())).toEqual(lines.map((each) => each.trim()));
      expect(lines.length).toBeLessThanOrEqual(20);
    }
  });
});
