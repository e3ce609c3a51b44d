// `npm run test:setup`: installs what `npm run test:all` needs and this machine lacks, and says what.
import { spawnSync } from "node:child_process";
import { folderOf } from "./find-fixture.mjs";
import { findMissing } from "./test-needs.mjs";

const run = (command, ...given) => {
  console.log(`> ${[command, ...given].join(" ")}`);
  return spawnSync(command, given, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
};

const isRootOnDebian =
  process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;

const packages = findMissing(true).flatMap((need) => need.packages ?? []);
if (packages.length > 0 && isRootOnDebian) {
  process.env.DEBIAN_FRONTEND = "noninteractive";
  run("apt-get", "update", "-qq");
  run("apt-get", "install", "-y", "-qq", ...packages);
}
for (const { fixture } of findMissing(true)) {
  if (fixture) run("npm", "ci", "--prefix", folderOf(fixture), "--no-audit", "--no-fund");
}

const missing = findMissing(true);
for (const { name, remedy } of missing)
  console.error(`Still missing: ${name}. To have it, ${remedy}.`);
if (missing.length === 0) console.log("All that `npm run test:all` needs is here.");
process.exitCode = missing.length === 0 ? 0 : 1;
