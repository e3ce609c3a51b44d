import { expect, test } from "../../../example/recipes/playwright.js";

// Each loads the page, and so rotates the refresh token: more tests than workers.
for (const round of [1, 2, 3, 4]) {
  test(`Ada is there, time ${round}`, async ({ page }) => {
    await page.goto("/");
    await expect(page.getByRole("button", { name: "Sign out", exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("button", { name: "Sign out", exact: true })).toBeVisible();
  });
}
