import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ada, grace } from "../../example/server/test/client.js";
import { inChromium } from "../support/browser.js";
import { openScenario } from "../support/parkScenario.js";
import {
  dialogOn,
  log,
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

  describe("a scenario of the park", () => {
    test("expires the token under three requests: one refresh, three replays", async () => {
      const { page, mark, outcome, facts, press } = await openScenario("expired");
      await mark("Not tried yet").waitFor();
      await press();
      expect(await outcome()).toBe("It came true");
      expect(await facts()).toHaveLength(4);
      // The one that it begins with, so that the token is new, and the one that it is about.
      expect(refreshes()).toBe(2);
      await page.getByText("3 replays").waitFor();
    });

    test("opens seven tabs, and all eight make one refresh", async () => {
      const { page, outcome, facts, press } = await openScenario("tabs");
      await press();
      expect(await outcome()).toBe("It came true");
      expect(page.context().pages()).toHaveLength(8);
      expect(await facts()).toEqual(
        expect.arrayContaining([
          "All together made one refresh.",
          "The other 7 were handed the new token by the one that made it.",
        ]),
      );
      const opened = page.context().pages().slice(1);
      const closed = Promise.all(opened.map((tab) => tab.waitForEvent("close")));
      await press("Close them");
      await closed;
    });

    test("opens with one press more what the browser kept closed at the first", async () => {
      const { page, mark, outcome, card, press } = await openScenario("tabs");
      await openWhatTheBrowserLets(page, 1);
      await press();
      await card.getByText("Your browser kept 6 of the tabs closed.").waitFor();
      await openWhatTheBrowserLets(page, 2);
      await press("Open the others");
      await card.getByText("Your browser kept 4 of the tabs closed.").waitFor();
      await mark("Running").waitFor();
      await openWhatTheBrowserLets(page, 4);
      await press("Open the others");
      expect(await outcome()).toBe("It came true");
      expect(page.context().pages()).toHaveLength(8);
      expect(await card.getByText("Your browser kept").count()).toBe(0);
      expect(await card.getByRole("button", { name: "Open the others" }).count()).toBe(0);
    });

    test("counts tabs that a person opens where the browser keeps them closed", async () => {
      const { page, mark, outcome, card, press } = await openScenario("tabs");
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
      const { page, mark, outcome, card, facts, press } = await openScenario("down");
      await page.clock.install();
      await press();
      await card.getByText("The refresh was answered 503: unavailable.").waitFor();
      await card.getByText(/^It waits as the server asks: until \d/).waitFor();
      await page.getByText("The park is hard to reach just now.").waitFor();
      await mark("Running").waitFor();
      passOnServer(10_000);
      await page.clock.runFor(11_000);
      expect(await outcome()).toBe("It came true");
      // The one that it begins with, and the one after the outage.
      expect(refreshes()).toBe(2);
      expect((await facts()).join()).toContain("one more refresh, and not before that time.");
    });

    test("cuts the network: it tries again by itself, and goes on when it is back", async () => {
      const { page, mark, outcome, card, facts, press } = await openScenario("cut");
      const tries = countFailures(page, "/auth/refresh");
      await page.clock.install();
      await press();
      await card.getByText("The refresh got no answer.").waitFor();
      await runUntil(page, () => tries() === 3);
      await mark("Running").waitFor();
      passOnServer(10_000);
      await runUntil(page, async () => (await mark("Running").count()) === 0);
      expect(await outcome()).toBe("It came true");
      expect((await facts()).join()).toMatch(/between the tries were \d.* during a pause/);
    });

    test("revokes the session under a letter, which is there when its writer is back", async () => {
      const { page, mark, outcome, card, facts, press } = await openScenario("revoked");
      await page.getByLabel("A letter to the park").fill("Dear owl");
      await press();
      await dialogOn(page).waitFor();
      await card.getByText(ada.password).waitFor();
      await mark("Running").waitFor();
      await signInAgain(page, ada.password);
      expect(await outcome()).toBe("It came true");
      expect(await page.getByLabel("A letter to the park").inputValue()).toBe("Dear owl");
      expect(await facts()).toContain("A dialog asks for the password. The letter is still there.");
    });

    test("does not come true if someone else signs in above the letter", async () => {
      const { page, outcome, press } = await openScenario("revoked");
      await press();
      await dialogOn(page)
        .getByRole("button", { name: /Not you/ })
        .click();
      await signIn(page, grace);
      expect(await outcome()).toBe("It did not come true");
      expect(await page.getByLabel("A letter to the park").inputValue()).toBe("");
    });

    test("lets another person in in a second tab, and nothing of the first is left here", async () => {
      const { page, outcome, facts, press } = await openScenario("another");
      await page.getByLabel("A letter to the park").fill("Ada was here");
      await press();
      expect(await outcome()).toBe("It came true");
      expect(await facts()).toEqual(
        expect.arrayContaining([
          "A request of Ada was on its way, and was dropped.",
          "Nothing that Ada loaded or wrote is left.",
        ]),
      );
      await page.getByRole("link", { name: "Grace" }).waitFor();
      expect(await page.getByLabel("A letter to the park").inputValue()).toBe("");
      const [, second] = page.context().pages();
      await second?.getByRole("link", { name: "Grace" }).waitFor();
      await Promise.all([second?.waitForEvent("close"), press("Close the tab")]);
    });

    test("opens the second tab with one press more where the browser kept it closed", async () => {
      const { page, mark, outcome, card, press } = await openScenario("another");
      await openWhatTheBrowserLets(page, 0);
      await press();
      await card.getByText("Your browser kept the tab closed.").waitFor();
      await mark("Running").waitFor();
      await openWhatTheBrowserLets(page, 1);
      await press("Open it");
      expect(await outcome()).toBe("It came true");
    });

    test("asks forbidden endpoints: no refresh for 403, one for a 401 that none cures", async () => {
      const { page, mark, outcome, card, facts, press } = await openScenario("forbidden");
      await page.clock.install();
      await page.reload();
      await mark("Not tried yet").waitFor();
      log.length = 0;
      await press();
      expect(await outcome()).toBe("It came true");
      expect(refreshes()).toBe(2);
      expect(await facts()).toContain("The first of them started one refresh.");
      // For ten seconds the endpoint starts no other.
      await press();
      await card.getByText("They started no refresh: the last one is too recent.").waitFor();
      expect(await outcome()).toBe("It came true");
      expect(refreshes()).toBe(3);
      await page.clock.runFor(10_000);
      await press();
      await card.getByText("The first of them started one refresh.").waitFor();
      expect(await outcome()).toBe("It came true");
    });

    test("does not come true when what it promises is not seen, and says what", async () => {
      const { page, outcome, card, facts, press } = await openScenario("forbidden");
      await page.route("**/api/demo/forbidden", (route) => route.fulfill({ status: 200 }));
      await press();
      expect(await outcome()).toBe("It did not come true");
      await card.getByText("Not so: The first endpoint answered 403").waitFor();
      expect(await facts()).toEqual([]);
    });

    test("is the only one that runs, and can be stopped", async () => {
      const { page, mark, outcome, press } = await openScenario("revoked");
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

    test("says so if the person signs out before it is over", async () => {
      const { page, mark, card, facts, press } = await openScenario("cut");
      await page.clock.install();
      await press();
      await card.getByText("The refresh got no answer.").waitFor();
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await page.getByText("You have signed out.").waitFor();
      passOnServer(10_000);
      await page.clock.runFor(20_000);
      await signIn(page);
      await mark("Not tried yet").waitFor();
      await card.getByText("You signed out before it was over.").waitFor();
      expect(await facts()).toEqual([]);
      expect(await card.getByText(/reach/).count()).toBe(0);
    });

    test("goes on while the person looks at another page", async () => {
      const { page, mark, outcome, press } = await openScenario("down");
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

  describe("a promise that is not kept is seen:", () => {
    test("a wait that is not as long as the server asks", async () => {
      const { page, outcome, card, press } = await openScenario("down");
      await page.route("**/api/auth/refresh", async (route) => {
        const response = await route.fetch();
        const { "retry-after": _, ...headers } = response.headers();
        await route.fulfill({ response, headers });
      });
      await page.clock.install();
      await press();
      await card.getByText("The refresh was answered 503").waitFor();
      passOnServer(10_000);
      await page.clock.runFor(2000);
      expect(await outcome()).toBe("It did not come true");
      await card.getByText("Not so: It waits as the server asks").waitFor();
    });

    test("pauses of another length between the tries", async () => {
      const { page, mark, outcome, card, press } = await openScenario("cut");
      await page.clock.install();
      await page.evaluate(() => void (Math.random = () => 5));
      await press();
      await card.getByText("The refresh got no answer.").waitFor();
      passOnServer(10_000);
      await runUntil(page, async () => (await mark("Running").count()) === 0);
      expect(await outcome()).toBe("It did not come true");
      await card.getByText("Not so: The pauses between the tries were 5.5").waitFor();
    });

    test("a dialog that does not stand above the page", async () => {
      const { page, mark, facts, press } = await openScenario("revoked");
      await page.evaluate(() => {
        HTMLDialogElement.prototype.showModal = HTMLDialogElement.prototype.show;
      });
      await press();
      await signInAgain(page, ada.password);
      await mark("Running").waitFor();
      expect(await facts()).toEqual(["The session is over."]);
    });

    test("an endpoint whose 401 starts no refresh", async () => {
      const { page, outcome, card, press } = await openScenario("forbidden");
      const headers = { "www-authenticate": 'Bearer error="insufficient_scope"' };
      await page.route("**/api/demo/rejects-every-token", (route) =>
        route.fulfill({ status: 401, headers }),
      );
      await press();
      expect(await outcome()).toBe("It did not come true");
      await card.getByText("Not so: The first of them started one refresh.").waitFor();
    });

    test("tabs to which nobody hands the token", async () => {
      const { page, outcome, card, press } = await openScenario("tabs");
      const context = page.context();
      await context.addInitScript(keepTokens);
      await page.evaluate(keepTokens);
      await context.route("**/api/me", (route) =>
        route.request().frame().page() === page ? route.continue() : route.fulfill({ json: {} }),
      );
      await press();
      expect(await outcome()).toBe("It did not come true");
      await card.getByText("Not so: The other 7 were handed the new token").waitFor();
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

/** Lets the page open so many tabs from now on, as a browser does that keeps pop-ups closed. */
async function openWhatTheBrowserLets(page: Page, count: number): Promise<void> {
  await page.evaluate((allowed) => {
    const kept: typeof window.open = Object(globalThis).kept ?? window.open.bind(window);
    Object.assign(globalThis, { kept });
    let left = allowed;
    window.open = (...of) => (left-- > 0 ? kept(...of) : null);
  }, count);
}

/** How many requests to an endpoint got no answer, from now on. */
function countFailures(page: Page, path: string): () => number {
  let count = 0;
  page.on("requestfailed", (request) => {
    if (request.url().endsWith(path)) count += 1;
  });
  return () => count;
}

/** Moves the page's clock on, second by second: what is on its way must not time out. */
async function runUntil(page: Page, isSo: () => boolean | Promise<boolean>): Promise<void> {
  await expect
    .poll(async () => {
      if (!(await isSo())) await page.clock.runFor(1000);
      return isSo();
    })
    .toBe(true);
}

/** Runs in the page: its tab tells the others no token. */
function keepTokens(): void {
  const post = BroadcastChannel.prototype.postMessage;
  BroadcastChannel.prototype.postMessage = function (message: { kind?: unknown }) {
    if (message.kind !== "token") post.call(this, message);
  };
}
