import axe, { type AxeResults } from "axe-core";
import { existsSync, readFileSync } from "node:fs";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { read, sections, titleOf } from "../../docs/.vitepress/pages.js";
import { inChromium, launchChromium } from "../support/browser.js";
import { run } from "../support/run.js";
import { base, makeSite, serveSite, siteFolder } from "../support/site.js";
import { patiently } from "../support/tabs.js";

const pages = Object.values(sections).flat();

let site: Awaited<ReturnType<typeof serveSite>>;

beforeAll(async () => {
  await makeSite();
  site = await serveSite();
});

afterAll(() => site?.close());

test("what makes the site has no type errors", async () => {
  await expect(run("npx", ["tsc", "--noEmit", "-p", "docs"], { cwd: "." })).resolves.toBe("");
});

test("the reference has every public name and member of the built package", async () => {
  const printed = await run("node", ["docs/.vitepress/declarations.js"], { cwd: "." });
  // The file is ours, and says what it prints.
  const declared = JSON.parse(printed) as { entry: string; name: string; member?: string }[];
  const lost = declared.filter(({ entry, name, member }) => {
    const section = sectionOf(entry, name);
    return !section || (member && !hasMember(section, member));
  });
  expect(lost).toEqual([]);
  expect(sectionOf("index", "Auth")).toContain("`skipAuth: true`");
  expect(declared.length).toBeGreaterThan(300);
});

/** What the pages of an entry say of a name, or those of the main entry, whose types it shows. */
function sectionOf(entry: string, name: string): string {
  const folder = "reference/react-authed-query";
  const text = [`${folder}/${entry}`, `${folder}/index`, `${folder}/inner-types`]
    .map((page) => read(page).replaceAll("\\", ""))
    .join("\n");
  const [, section = ""] =
    new RegExp(`\n### ${name}(?:\\(\\))?\n(.*?)(?=\n##?#? |$)`, "s").exec(text) ?? [];
  return section;
}

function hasMember(section: string, member: string): boolean {
  return new RegExp(`^(#{4,6} |\\s*(readonly )?"?)${member}(\\(\\)|"?\\??:|\\??$)`, "m").test(
    section,
  );
}

describe("llms.txt", () => {
  const file = (path: string) => readFileSync(`${siteFolder}/${path}`, "utf8");

  test("names every page, with what it is about, and where it is as Markdown", () => {
    const lines = file("llms.txt").split("\n");
    expect(lines[0]).toBe("# react-authed-query");
    expect(lines[2]).toMatch(/^> ./);
    for (const page of pages) {
      const line = lines.find((each) => each.startsWith(`- [${titleOf(page)}](`));
      const [, address = "", about] = /\]\((.*?)\): (.*)/.exec(line ?? "") ?? [];
      expect(about).toMatch(/^\S.*[.:!?]$/);
      expect(file(address.replace(base, ""))).toContain(`# ${titleOf(page)}`);
    }
  });

  test("is beside a file with all of them", () => {
    const all = file("llms-full.txt");
    for (const page of pages) expect(all).toContain(`\n# ${titleOf(page)}\n`);
  });

  test("has in that file each type that its reference names and the package does not export", () => {
    const all = file("llms-full.txt");
    const named = Array.from(all.matchAll(/inner-types\.\w+#([\w-]+)\)/g), ([, id = ""]) => id);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((id) => !all.includes(`<a id="${id}"></a>`))).toEqual([]);
  });

  test("has no link in that file that leads nowhere", () => {
    const all = file("llms-full.txt");
    const links = Array.from(all.matchAll(/\]\((?!\w+:|#)([^)\s#]+)/g), ([, link = ""]) => link);
    const isThere = (link: string) =>
      link.startsWith(base) && existsSync(`${siteFolder}/${link.replace(base, "")}`);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((link) => !isThere(link))).toEqual([]);
  });
});

inChromium(() => {
  let browser: Browser;

  beforeAll(async () => {
    // On a system that prefers the dark. Playwright hides that from a page unless it is told not to.
    browser = await launchChromium("--blink-settings=preferredColorScheme=0");
  });

  afterAll(() => browser?.close());

  interface Visit {
    width?: number;
    /** `null`: what the system prefers. */
    colorScheme?: "light" | "dark" | null;
  }

  /** Opens a page for a fresh visitor. Fails the test on an error in it. */
  async function visit(path: string, { width = 1280, colorScheme = "light" }: Visit = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    onTestFinished(() => context.close());
    context.setDefaultTimeout(patiently.timeout);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    onTestFinished(() => expect(faults).toEqual([]));
    await goTo(page, path);
    return page;
  }

  /** Opens a page, and waits until it hears keys and clicks: it shows its text before. */
  async function goTo(page: Page, path: string): Promise<void> {
    await page.goto(`${site.url}${path}`);
    await page.waitForFunction(isMounted);
  }

  test.each([360, 1280])(
    "shows each page, %i pixels wide, without scrolling sideways",
    async (width) => {
      const page = await visit("", { width });
      for (const name of pages) {
        await goTo(page, `${name}.html`);
        await expect.poll(() => page.locator("h1").first().textContent()).toContain(titleOf(name));
        expect(await sidewaysScroll(page)).toBe(0);
      }
    },
  );

  test("draws each diagram, in the colours of the page", async () => {
    const page = await visit("architecture.html");
    const count = read("architecture").match(/^```mermaid/gm)?.length ?? 0;
    await expect.poll(() => page.locator(".diagram svg").count(), patiently).toBe(count);
    const colour = () =>
      page
        .locator(".diagram svg text")
        .first()
        .evaluate((text) => getComputedStyle(text).fill);
    const light = await colour();
    await toggleDark(page);
    await expect.poll(colour, patiently).not.toBe(light);
  });

  test("finds an option", async () => {
    const page = await visit("");
    await page.keyboard.press("Control+k");
    await page.getByRole("searchbox").fill("forgetOnRefusal");
    await page.getByRole("option").first().click();
    await expect.poll(() => page.url(), patiently).toContain("/reference/");
    expect(await page.locator("main").textContent()).toContain("for shared terminals");
  });

  test("remembers the dark", async () => {
    const page = await visit("");
    const isDark = () => page.evaluate(() => document.documentElement.classList.contains("dark"));
    expect(await isDark()).toBe(false);
    await toggleDark(page);
    await page.reload();
    expect(await isDark()).toBe(true);
  });

  test("has a page for a file of the repository", async () => {
    const page = await visit("live.html");
    await page.getByRole("link", { name: "A mocked server" }).click();
    await page.getByRole("heading", { name: "example/recipes/mswHandlers.ts" }).waitFor();
    expect(await page.locator("main").textContent()).toContain("function createAuthHandlers(");
  });

  test("shows the pictures of the README, in the light and in the dark", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await visit("source/README.html", { colorScheme });
      const picture = page.locator("picture img");
      await expect.poll(() => picture.evaluate(widthOf), patiently).toBeGreaterThan(0);
      expect(await picture.evaluate(sourceOf)).toContain(`park-${colorScheme}`);
    }
  });

  describe("the live page", () => {
    async function open(page: Page): Promise<Frame> {
      const frame = await (await page.waitForSelector("iframe.live")).contentFrame();
      if (!frame) throw new Error("The page has no frame.");
      return frame;
    }

    const button = (frame: Frame, name: string | RegExp) => frame.getByRole("button", { name });
    async function expectText(frame: Frame, text: string): Promise<void> {
      await expect.poll(() => frame.getByText(text).isVisible(), patiently).toBe(true);
    }

    async function expectButton(frame: Frame, name: string | RegExp): Promise<void> {
      await expect.poll(() => button(frame, name).isVisible(), patiently).toBe(true);
    }

    const orders = "Orders: boots, a lamp";

    async function signIn(page: Page): Promise<Frame> {
      const frame = await open(page);
      await frame.getByLabel("E-mail").fill("ada@example.com");
      await frame.getByLabel("Password").fill("right");
      await button(frame, "Sign in").click();
      await expectText(frame, orders);
      return frame;
    }

    test("signs in, refreshes an expired and a refused token, and has the devtools beside it", async () => {
      const page = await visit("live.html");
      await page.clock.install();
      await page.reload();
      const frame = await signIn(page);
      await expectText(frame, "1 request, 1 refresh, 0 replays");

      await page.clock.fastForward("00:31");
      await button(frame, "Send a request").click();
      await expectText(frame, "2 requests, 2 refreshes, 0 replays");

      await button(frame, "Refuse the token").click();
      await button(frame, "Send a request").click();
      await expectText(frame, "3 requests, 3 refreshes, 1 replay");
      await expectText(frame, orders);

      const app = await frame.locator("#root").boundingBox();
      const devtools = await frame.locator("#devtools").boundingBox();
      expect(devtools?.x).toBeGreaterThan((app?.x ?? 0) + (app?.width ?? 0));
    });

    test("is as dark as the site, whatever the system prefers", async () => {
      const page = await visit("live.html", { colorScheme: null });
      const frame = await open(page);
      await expectButton(frame, "Sign in");
      const isDark = () => frame.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
      expect(await isDark()).toBe(true);
      await toggleDark(page);
      await expect.poll(isDark, patiently).toBe(false);
      await toggleDark(page);
      await expect.poll(isDark, patiently).toBe(true);
    });

    test("restores the session after a reload, and ends it when the server does", async () => {
      const page = await visit("live.html");
      await signIn(page);
      await page.reload();
      const frame = await open(page);
      await expectText(frame, orders);

      await button(frame, "End the session").click();
      await button(frame, "Send a request").click();
      await expectButton(frame, "Sign in");
    });

    test("starts again when the reader comes back to it", async () => {
      const page = await visit("live.html");
      await signIn(page);
      await page.getByRole("link", { name: "Backends", exact: true }).click();
      await page.locator("h1", { hasText: "Backends" }).waitFor();
      await page.goBack();
      await expectText(await open(page), orders);
    });

    test("runs in one tab at a time", async () => {
      const page = await visit("live.html");
      await signIn(page);
      const other = await page.context().newPage();
      await other.goto(page.url());
      await expectText(await open(other), "The quick start runs in another tab.");
    });
  });

  test.each(["light", "dark"] as const)(
    "has no fault that axe finds, in the %s",
    async (colorScheme) => {
      const page = await visit("", { colorScheme });
      expect(await violations(page.mainFrame())).toEqual([]);
      await goTo(page, "live.html");
      await page.frameLocator("iframe.live").getByRole("button", { name: "Sign in" }).waitFor();
      for (const each of page.frames()) expect(await violations(each)).toEqual([]);
    },
  );
});

const isMounted = () => "__vue_app__" in (document.querySelector("#app") ?? {});
const widthOf = (image: HTMLImageElement) => image.naturalWidth;
const sourceOf = (image: HTMLImageElement) => image.currentSrc;

async function toggleDark(page: Page): Promise<void> {
  await page.getByRole("switch").first().click();
}

/** What axe finds wrong, and where. */
async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(axe.source);
  // VitePress names its search button without the key that it shows.
  const rules = { "label-content-name-mismatch": { enabled: false } };
  const found = await frame.evaluate<AxeResults>(
    `axe.run(${JSON.stringify({ iframes: false, rules })})`,
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}

/** By how many pixels the page is wider than what can be seen. */
function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
