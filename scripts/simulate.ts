import { parseArgs } from "node:util";
import { createAuth } from "../src/createAuth.js";
import { findBreach } from "../test/simulation/search.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
  },
});
const started = performance.now();
const runs = Number(values.runs);
const found = await findBreach(Number(values.seed), runs, createAuth);
const tookSeconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(found ? found.report : `${runs} stories, no invariant broken.`);
console.log(`${found?.runs ?? runs} runs in ${tookSeconds} s`);
process.exitCode = found ? 1 : 0;
