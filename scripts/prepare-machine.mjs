// Sees to it that there are browsers and an old React to test in: finds them, installs them, or says
// how.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findChromium, findFirefox } from "./find-browsers.mjs";

const run = (command, ...given) => spawnSync(command, given, { stdio: "inherit" }).status === 0;

function installPackage(name) {
  const isRootOnDebian =
    process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (isRootOnDebian && run("apt-get", "update", "-qq")) {
    run("apt-get", "install", "-y", "-qq", name);
  }
}

if (!findChromium()) installPackage("chromium");
if (!findChromium()) run("npx", "playwright-core", "install", "--with-deps", "chromium");
if (!findChromium()) {
  console.error(
    "No Chromium was found, and none could be installed.\n" +
      "Install Chromium or Chrome, or set CHROMIUM_PATH to the executable, and run the tests again.",
  );
  process.exit(1);
}

if (!findFirefox()) installPackage("firefox-esr");
if (!findFirefox()) {
  const remedy = "Install Firefox, or set FIREFOX_PATH to the executable.";
  // Where changes land, nothing is skipped.
  if (process.env.CI === "true") {
    console.error(`No Firefox was found, and none could be installed.\n${remedy}`);
    process.exit(1);
  }
  console.warn(`No Firefox: what is tested in it as well is skipped. ${remedy}`);
}

// Beside the React of the root, npm installs no other: it has a folder of its own.
const react18 = fileURLToPath(new URL("../test/react18", import.meta.url));
const locked = versionsIn(`${react18}/package-lock.json`);
if (versionsIn(`${react18}/node_modules/.package-lock.json`) !== locked) {
  if (!run("npm", "ci", "--prefix", react18, "--no-audit", "--no-fund")) {
    console.error(`React 18 could not be installed. Run \`npm ci\` in ${react18}.`);
    process.exit(1);
  }
}

/** What a lock file says of each package: where it is, and in which version. */
function versionsIn(lockFile) {
  if (!existsSync(lockFile)) return "";
  const { packages } = JSON.parse(readFileSync(lockFile, "utf8"));
  const installed = Object.entries(packages).filter(([path]) => path !== "");
  return JSON.stringify(installed.map(([path, { version }]) => [path, version]));
}
