// `npm test`: the most in minutes, with what `npm ci` brings. `npm test -- --all`, which is
// `npm run test:all`: every test, with what `npm run test:setup` installs.
import { spawnSync } from "node:child_process";
import { findMissing } from "./test-needs.mjs";

const isAll = process.argv.includes("--all");
const missing = findMissing(isAll);

if (missing.length > 0) {
  for (const { name, remedy } of missing) {
    console.log(`Not on this machine: ${name}. What needs it is skipped. To run it, ${remedy}.`);
  }
  // Where changes land, nothing is skipped.
  if (isAll && process.env.CI === "true") process.exit(1);
}

const began = performance.now();
const steps = [
  ["npm", "run", "--silent", "types"],
  ...(isAll ? [["npm", "run", "--silent", "build"]] : []),
  ["npm", "run", "--silent", "example:build", "--", "--logLevel=warn"],
  [
    ...["npx", "vitest", "run", ...(isAll ? [] : ["--coverage"])],
    ...["--reporter=default", "--reporter=./scripts/report-at-end.mjs", "--reporter=json"],
    `--outputFile.json=test-results/${isAll ? "all" : "quick"}.json`,
  ],
];
const env = { ...process.env, TEST_SCALE: isAll ? "all" : "quick" };
const hasPassed = steps.every(([command, ...given]) => {
  return spawnSync(command, given, { stdio: "inherit", env }).status === 0;
});

const seconds = Math.round((performance.now() - began) / 1000);
console.log(`\n${hasPassed ? "Passed" : "FAILED"} in ${seconds} s.`);
if (!isAll) {
  console.log(`Left out, and run by \`npm run test:all\` (\`npm run test:setup\` installs what it needs):
- the oldest peers; the packed package in apps of Vite, webpack and Next.js, in Jest, on Node 20,
  22 and 24, and in three module resolutions; the HTTP clients of docs/clients.md; the site;
  PostgreSQL with two server processes;
- Firefox and WebKit, and in Chromium all but the tabs, replays and reloads, of which 49 of 50 rounds;
- 19 000 of 20 000 simulated schedules, 2 000 more of the day's, storms of 10 000 requests.`);
}
process.exitCode = hasPassed ? 0 : 1;
