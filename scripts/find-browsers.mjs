import { accessSync, constants, readdirSync } from "node:fs";
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

/**
 * The WebKitGTK to test in, if all of it is there: `WEBKIT_DRIVER_PATH`, or a WebKitWebDriver on the
 * PATH; the MiniBrowser that it drives; and, where no `DISPLAY` is set, an Xvfb to show it on.
 */
export function findWebKit() {
  const driver = [process.env.WEBKIT_DRIVER_PATH, ...onPath("WebKitWebDriver")].find(isExecutable);
  const miniBrowser = besideLibraries("MiniBrowser").find(isExecutable);
  const xvfb = process.env.DISPLAY ? undefined : onPath("Xvfb").find(isExecutable);
  const isShown = process.env.DISPLAY || xvfb;
  return driver && miniBrowser && isShown ? { driver, miniBrowser, xvfb } : undefined;
}

/** Where distributions put what belongs to a library of WebKit, and is on no PATH. */
function besideLibraries(name) {
  const libraries = ["/usr/libexec", "/usr/lib64", "/usr/lib", ...foldersIn("/usr/lib")];
  const versions = ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"];
  return libraries.flatMap((folder) => versions.map((version) => join(folder, version, name)));
}

function foldersIn(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
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
