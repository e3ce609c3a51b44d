/**
 * Runs more schedules of many tabs than the tests do:
 *
 *   npm run simulate -- --runs 100000 --seed 10001
 *   npm run simulate -- --runs 100000 --seed 10010001    (from 10 000 000 on: with more ingredients)
 *   npm run simulate -- --runs 100000 --seed 10000010001 (from 10 000 000 000 on: with a scene)
 *   npm run simulate -- --without lock    (or another of `protections`: what breaks, and how soon)
 *   npm run simulate -- --runs 2000 --deviations  (how often each allowed deviation is used)
 */
import { parseArgs } from "node:util";
import { createAuth } from "../src/createAuth.js";
import { countDeviations } from "../test/simulation/countDeviations.js";
import { createAuthWithout, protections, type Protection } from "../test/simulation/protections.js";
import { findBreach } from "../test/simulation/search.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    without: { type: "string" },
    deviations: { type: "boolean", default: false },
  },
});
const isProtection = (name: string): name is Protection => name in protections;
if (values.without !== undefined && !isProtection(values.without)) {
  throw new Error(`--without takes one of: ${Object.keys(protections).join(", ")}.`);
}
// Development's hints, on thousands of mishaps, would drown the one report.
process.env["NODE_ENV"] = "production";
// Errors are made by the ten thousand here, and nobody reads where.
Error.stackTraceLimit = 0;

const runs = Number(values.runs);
const library = values.without === undefined ? createAuth : await createAuthWithout(values.without);
const started = performance.now();
if (values.deviations) {
  console.table(await countDeviations(Number(values.seed), runs, library));
  process.exit();
}
const found = await findBreach(Number(values.seed), runs, library);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(found?.report ?? "No invariant broke.");
console.log(
  found
    ? `"${found.invariant}" broke after ${found.runs} schedules (${seconds} s).`
    : `${runs} schedules in ${seconds} s.`,
);
process.exitCode = found ? 1 : 0;
