// `npm run screenshots`: the pictures of the README, made of the running example.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium, type Locator, type Page } from "playwright-core";
import sharp, { type Sharp } from "sharp";
import { readConfig } from "../example/server/config.js";
import { startServer } from "../example/server/server.js";
import { findChromium } from "./find-browsers.mjs";

const folder = fileURLToPath(new URL("../docs/pictures/", import.meta.url));
const viewport = { width: 1280, height: 960 };
/** As from a server that is not on this machine: what happens can be seen in the timeline. */
const latencyMs = 150;
/** No file may be larger. */
const mostKilobytes = 400;

/** One picture of an animation, and how long it stays. */
interface Frame {
  picture: Buffer;
  ms: number;
}

const executablePath = findChromium();
if (!executablePath) throw new Error("No Chromium: install one, or set CHROMIUM_PATH.");
await mkdir(folder, { recursive: true });
const config = readConfig({ PORT: "0", DATA_DIR: "memory://" });
const park = await startServer(config, () => {});
const browser = await chromium.launch({ executablePath, args: ["--disable-gpu"] });
for (const scheme of ["light", "dark"] as const) await takePicture(scheme);
await film();
await browser.close();
await park.close();

/** The scenarios, two of which came true, beside the panel. */
async function takePicture(colorScheme: "light" | "dark"): Promise<void> {
  const page = await openScenarios({ colorScheme, deviceScaleFactor: 2 });
  await button(page, "Ask for it").click();
  await cameTrue(page, "A forbidden endpoint");
  await button(page, "Expire it").click();
  await cameTrue(page, "The token expires");
  await page.locator(".page").evaluate((element) => element.scrollTo(0, 0));
  await pointAtRequest(page);
  const picture = await page.screenshot();
  await save(sharp(picture).webp({ quality: 82, effort: 6 }), `park-${colorScheme}.webp`);
  await page.context().close();
}

/** From the rides to a token that expires under three requests, and an auth server that is down. */
async function film(): Promise<void> {
  const page = await openScenarios({ colorScheme: "light", deviceScaleFactor: 1 });
  const frames: Frame[] = [];
  const shoot = async (ms: number) => frames.push({ picture: await page.screenshot(), ms });
  const expire = button(page, "Expire it");
  await scrollTo(expire);
  await shoot(1200);
  await expire.hover();
  await shoot(500);
  await expire.click();
  // A moment of each request: the 401s, the refresh, the replays.
  for (let count = 0; count < 6; count += 1) {
    await page.waitForTimeout(latencyMs);
    await shoot(250);
  }
  await cameTrue(page, "The token expires");
  await pointAtRequest(page);
  await shoot(2500);
  const takeDown = button(page, "Take it down");
  await scrollTo(takeDown);
  await takeDown.click();
  await page.getByText("Still signed in.").waitFor();
  await shoot(1500);
  await page.waitForTimeout(4000);
  await shoot(1000);
  await cameTrue(page, "The auth server is down");
  await page.mouse.move(0, 0);
  await shoot(3000);
  const pictures = frames.map(({ picture }) => picture);
  const animation = sharp(pictures, { join: { animated: true } });
  const delay = frames.map(({ ms }) => ms);
  const webp = { delay, loop: 0, quality: 70, effort: 6, minSize: true };
  await save(animation.webp(webp), "park-animation.webp");
  await page.context().close();
}

/** Signs Ada in, and opens the page of the scenarios. */
async function openScenarios(look: {
  colorScheme: "light" | "dark";
  deviceScaleFactor: number;
}): Promise<Page> {
  const options = { viewport, ...look, locale: "en-GB", timezoneId: "UTC" };
  const context = await browser.newContext({ ...options, reducedMotion: "reduce" });
  const page = await context.newPage();
  await page.goto(`${park.url}/login?next=/scenarios`);
  await page.getByRole("button", { name: /Ada/ }).click();
  await page.getByRole("button", { name: "Sign in" }).click();
  await button(page, "Expire it").waitFor();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: latencyMs,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
  return page;
}

function button(page: Page, name: string): Locator {
  return page.getByRole("button", { name });
}

async function cameTrue(page: Page, title: string): Promise<void> {
  const card = page.getByRole("listitem", { name: title });
  await card.getByRole("img", { name: "It came true" }).waitFor();
}

/** Its card is at the top of the page. */
async function scrollTo(inCard: Locator): Promise<void> {
  await inCard.evaluate((element) => element.closest(".card")?.scrollIntoView({ block: "start" }));
}

/** The line below the timeline tells of a request that was replayed. */
async function pointAtRequest(page: Page): Promise<void> {
  // The panel draws what happened a moment later, and what is drawn moves.
  await page.waitForTimeout(200);
  await page.getByRole("heading", { name: "Timeline" }).hover();
  await page.getByRole("button", { name: /^GET \/api\/rides: .*sent again/ }).hover();
  await page.locator(".told", { hasText: "GET /api/rides" }).waitFor();
}

async function save(image: Sharp, name: string): Promise<void> {
  const { size } = await image.toFile(`${folder}${name}`);
  const kilobytes = Math.ceil(size / 1000);
  console.log(`docs/pictures/${name}: ${kilobytes} kB`);
  if (kilobytes > mostKilobytes) throw new Error(`${name} is larger than ${mostKilobytes} kB.`);
}
