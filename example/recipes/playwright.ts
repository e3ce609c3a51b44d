import { test as base, type BrowserContext, type Page } from "@playwright/test";

async function signIn(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByLabel("E-mail").fill(process.env["E2E_EMAIL"] ?? "");
  await page.getByLabel("Password").fill(process.env["E2E_PASSWORD"] ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).waitFor();
}

/**
 * Playwright's `test`, signed in: one sign-in and one cookie jar for each worker. The jar always has the
 * newest refresh token, however often the page has refreshed. What signs out or in uses Playwright's
 * own `test`.
 */
export const test = base.extend<object, { signedIn: BrowserContext }>({
  signedIn: [
    async ({ browser }, provide, { project }) => {
      const { baseURL = "" } = project.use;
      const context = await browser.newContext({ baseURL });
      const page = await context.newPage();
      await signIn(page);
      await page.close();
      await provide(context);
      await context.close();
    },
    { scope: "worker" },
  ],
  context: async ({ signedIn }, provide) => provide(signedIn),
  page: async ({ signedIn }, provide) => {
    const page = await signedIn.newPage();
    await provide(page);
    await page.close();
  },
});

export { expect } from "@playwright/test";
