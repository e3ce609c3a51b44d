import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ada } from "../../example/server/test/client.js";
import { inChromium } from "../support/browser.js";
import { openForVisits, park, passOnServer, signIn, visit } from "../support/parkVisits.js";

inChromium(() => {
  openForVisits();
  let folder: string;
  let vite: ViteDevServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "park-vite-"));
    // Vite takes it from here, and the devtools go by it.
    vi.stubEnv("NODE_ENV", "development");
    vite = await createServer({
      configFile: fileURLToPath(new URL("../../example/app/vite.config.ts", import.meta.url)),
      cacheDir: folder,
      logLevel: "error",
      server: { port: 0, watch: null, proxy: { "/api": { target: park.url } } },
    });
    await vite.listen();
  });

  afterAll(async () => {
    await vite?.close();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const devtools = (page: Page) =>
    page.getByRole("button", { name: "Open Tanstack query devtools" });

  /** The park as its developer sees it, signed in. */
  async function inDevelopment(): Promise<Page> {
    const { page } = await visit();
    await page.goto(vite.resolvedUrls?.local[0] ?? "");
    await signIn(page, ada);
    await page.getByText("Queue times are live.").waitFor();
    return page;
  }

  test("TanStack's devtools show the queries of the page, and are not in the built app", async () => {
    const page = await inDevelopment();
    await devtools(page).click();
    await page.getByText('["bookings"]').waitFor();
    // To a browser, the cookies of all ports of a name are the same.
    await page.goto(park.url);
    await page.getByText("Queue times are live.").waitFor();
    expect(await devtools(page).count()).toBe(0);
  });

  test("a page on which nothing asks keeps the promise of the next try", async () => {
    const page = await inDevelopment();
    await page.getByRole("link", { name: "Bookings" }).click();
    await page.getByRole("heading", { name: "Bookings" }).waitFor();
    await page.waitForLoadState("networkidle");
    const refresh = "**/api/auth/refresh";
    await page.route(refresh, (route) =>
      route.fulfill({ status: 503, headers: { "retry-after": "1" } }),
    );
    passOnServer(31_000);
    // As text, for Vitest would put something of its own in the place of `import`.
    await page.evaluate(`import("/src/auth.ts").then(({ auth }) =>
      auth.api.get("/rides").catch(() => {}))`);
    await page.getByText(/hard to reach just now.* The next try is at/).waitFor();
    await page.unroute(refresh);
    await page.getByText("hard to reach").waitFor({ state: "detached" });
    expect(await page.getByRole("heading", { name: "Bookings" }).count()).toBe(1);
  });
});
