import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** The Chromium to test in: `CHROMIUM_PATH`, one on the PATH, or the one Playwright installed. */
export function findChromium() {
  return [
    process.env.CHROMIUM_PATH,
    ...onPath("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    chromium.executablePath(),
  ].find(isExecutable);
}

/** The Firefox to test in: `FIREFOX_PATH`, or one on the PATH. */
export function findFirefox() {
  return [process.env.FIREFOX_PATH, ...onPath("firefox", "firefox-esr")].find(isExecutable);
}

function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(":");
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function isExecutable(path) {
  if (!path) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
