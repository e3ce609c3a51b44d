// Sees to it that there is a browser to test in: finds one, installs one, or says how.
import { spawnSync } from "node:child_process";
import { findChromium } from "./find-chromium.mjs";

const run = (command, ...given) => spawnSync(command, given, { stdio: "inherit" }).status === 0;

if (!findChromium()) {
  const isRootOnDebian =
    process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (isRootOnDebian && run("apt-get", "update", "-qq")) {
    run("apt-get", "install", "-y", "-qq", "chromium");
  }
  if (!findChromium()) run("npx", "playwright-core", "install", "--with-deps", "chromium");
}
if (!findChromium()) {
  console.error(
    "No Chromium was found, and none could be installed.\n" +
      "Install Chromium or Chrome, or set CHROMIUM_PATH to the executable, and run the tests again.",
  );
  process.exit(1);
}
