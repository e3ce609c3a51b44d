import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startAuthServer, type AuthServer } from "../support/authServer.js";
import { inChromium, launchChromium } from "../support/browser.js";
import { startDevServer, type DevServer } from "../support/devServer.js";
import { layOut, type ClientPlace, type Place } from "../support/layouts.js";
import { ada, bob, serveOwners } from "../support/people.js";
import { patiently } from "../support/tabs.js";

declare global {
  /** One for each Auth that has not fallen silent. */
  var openChannels: Set<BroadcastChannel>;
}

interface Layout {
  place: Place;
  client: ClientPlace;
}

const places: Place[] = [
  "main",
  "App",
  "App, with an axios of another file",
  "main and App",
  "a component's file",
  "the provider's options",
];
const clientPlaces: ClientPlace[] = ["main", "App", "nowhere"];
const layouts: Layout[] = places.flatMap((place) =>
  clientPlaces.map((client) => ({ place, client })),
);

inChromium(() => {
  let backend: AuthServer;
  let dev: DevServer;
  let browser: Browser;

  beforeAll(async () => {
    backend = await startAuthServer();
    serveOwners(backend);
    [dev, browser] = await Promise.all([startDevServer(backend.url), launchChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await dev?.close();
    await backend?.close();
  });

  describe("whichever file is saved, nobody is signed out, and one Auth is left", () => {
    test.each(layouts)("Auth: $place; QueryClientProvider: $client", async (layout) => {
      const app = await open(layout);
      for (const file of [...app.files, ...app.files]) {
        await app.save(file);
        await app.shows("Ada");
        await expect.poll(app.auths, { message: `Auths once ${file} was saved` }).toBe(1);
      }
      // Its state is lost then, and React mounts it anew.
      await app.save("App.tsx", (text) => text.replace("// hooks", "useState(0);"));
      await app.shows("Ada");
      await expect.poll(app.auths, { message: "Auths once App.tsx had another hook" }).toBe(1);
      expect(await app.wasSignedOut()).toBe(false);
      await app.turnInto(bob);
    });
  });

  /** The app in a fresh browser, with Ada signed in. Fails the test if she is signed out, or the page complains. */
  async function open({ place, client }: Layout) {
    const folder = crypto.randomUUID();
    const texts = Object.entries(layOut(place, client));
    await dev.write(Object.fromEntries(texts.map(([file, text]) => [`${folder}/${file}`, text])));
    const files = texts.flatMap(([file, text]) => (text.includes("edition =") ? file : []));
    const editions = new Map<string, number>();

    const context = await browser.newContext();
    context.setDefaultTimeout(patiently.timeout);
    await context.addInitScript(countChannels);
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    const click = (name: string) => page.getByRole("button", { name }).click();
    const shows = (name: string) => page.getByText(`Data of ${name}`).waitFor();
    const wasSignedOut = () => page.evaluate(() => sessionStorage.getItem("signed out") !== null);

    async function signInAs(person: typeof ada): Promise<void> {
      backend.tokens.claims = person;
      await expect.poll(wasSignedOut).toBe(true);
      await click("Sign in");
      await shows(person.name);
      await page.evaluate(() => sessionStorage.removeItem("signed out"));
    }

    await page.goto(`${dev.url}${folder}/`);
    await signInAs(ada);

    return {
      files,
      shows,
      wasSignedOut,
      auths: () => page.evaluate(() => openChannels.size),
      /** Saves a file, and waits until the page shows what it says now. */
      async save(file: string, change = (text: string) => text) {
        const edition = (editions.get(file) ?? 1) + 1;
        editions.set(file, edition);
        await dev.edit(`${folder}/${file}`, (text) =>
          change(text).replace(/edition = \d+/, `edition = ${edition}`),
        );
        await page.getByText(`${file} ${edition},`).first().waitFor();
      },
      async turnInto(person: typeof ada) {
        await click("Sign out");
        await shows("nobody");
        await signInAs(person);
      },
    };
  }
});

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    const isFault = message.type() === "error" || message.type() === "warning";
    const text = message.text();
    // The browser's own words for an answer of 401, and ours for one of the layouts.
    if (/^Failed to load resource|QueryClientProvider between AuthProvider/.test(text)) return;
    if (isFault) complaints.push(text);
  });
  return complaints;
}

function countChannels(): void {
  globalThis.openChannels = new Set();
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      openChannels.add(this);
    }
    override close() {
      openChannels.delete(this);
      super.close();
    }
  };
}
