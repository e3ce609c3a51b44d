// `npm run docs`: makes the site of `docs/` in `docs/.vitepress/dist`.
import { spawnSync } from "node:child_process";
import { isInstalled } from "./find-fixture.mjs";

const steps = [
  ...(isInstalled("docs") ? [] : [["npm", "ci", "--prefix", "docs", "--no-audit", "--no-fund"]]),
  ["npx", "vite", "build", "--config", "example/live/vite.config.ts", "--logLevel=warn"],
  ["npm", "run", "--silent", "--prefix", "docs", "build"],
];
const isMade = steps.every(([command, ...given]) => {
  return spawnSync(command, given, { stdio: "inherit" }).status === 0;
});
process.exitCode = isMade ? 0 : 1;
