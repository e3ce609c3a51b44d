import type { Locator, Page } from "playwright-core";
import { signedIn } from "./parkVisits.js";

/** One of the park's scenarios, as it stands on the page. */
export interface ScenarioCard {
  page: Page;
  card: Locator;
  /** What stands where the check mark will be. */
  mark(name: "Running" | "Not tried yet"): Locator;
  /** Waits for it. */
  outcome(): Promise<string | null>;
  /** What was seen so far. */
  facts(): Promise<string[]>;
  /** Presses the button of this name; if omitted, the first. */
  press(name?: string): Promise<void>;
}

const titles = {
  expired: "The token expires under three requests",
  tabs: "Eight tabs at once",
  down: "The auth server is down for ten seconds",
  cut: "The network is cut",
  revoked: "The session is revoked under a half-written form",
  another: "Another person signs in in a second tab",
  forbidden: "A forbidden endpoint",
};

/** Signs in, and goes to a scenario. */
export async function openScenario(name: keyof typeof titles): Promise<ScenarioCard> {
  const { page } = await signedIn("/scenarios");
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
