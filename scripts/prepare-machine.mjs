// Sees to it that there is what to test in: finds it, installs it, or says how.
import { spawnSync } from "node:child_process";
import { findChromium, findFirefox } from "./find-browsers.mjs";
import { fixture, isInstalled } from "./find-fixture.mjs";

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
  doWithout("Firefox", "Install Firefox, or set FIREFOX_PATH to the executable.");
}

installFixture("nextjs", "Next.js");
installFixture("oldestPeers", "old React");

function installFixture(name, label) {
  if (!isInstalled(name)) run("npm", "ci", "--prefix", fixture(name), "--no-audit", "--no-fund");
  if (!isInstalled(name)) {
    doWithout(
      label,
      `With a package registry in reach, \`npm ci --prefix test/${name}\` installs it.`,
    );
  }
}

function doWithout(name, remedy) {
  // Where changes land, nothing is skipped.
  if (process.env.CI === "true") {
    console.error(`No ${name} was found, and none could be installed.\n${remedy}`);
    process.exit(1);
  }
  console.warn(`No ${name}: what is tested in it is skipped. ${remedy}`);
}
