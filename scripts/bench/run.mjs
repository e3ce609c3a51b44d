// Measures what the library costs, each thing over its equivalent without it. Run `npm run build` first.
import { fork } from "node:child_process";

/** The most that each may cost: a ratio. */
const bars = {
  "axios: plain path": 1.15,
  "axios: with params": 1.15,
  "axios: absolute URL": 1.2,
  "axios: with an event listener": 1.35,
  "auth.fetch: GET": 2,
  "heap of a request that waits": 1.5,
  "storm of 1 000, wall time": 1.1,
  "storm of 1 000, CPU time": 1.1,
  "storm of 10 000, wall time": 1.1,
  "storm of 10 000, CPU time": 1.1,
};

/** By name what was measured. Each part has a process of its own, with a heap and optimised code of its own. */
function measure(part) {
  return new Promise((resolve, reject) => {
    const found = {};
    const child = fork(new URL(`${part}.mjs`, import.meta.url), {
      // Several threads of the garbage collector wait for each other in CPU time if they lack a core.
      execArgv: ["--expose-gc", "--single-threaded-gc"],
      env: { ...process.env, NODE_ENV: process.env.NODE_ENV ?? "production" },
    });
    child.on("message", ({ what, measured }) => (found[what] = measured));
    child.on("exit", (code) => (code ? reject(new Error(`${part} failed`)) : resolve(found)));
  });
}

// `npm run bench -- axios heap` measures these parts alone.
const wanted = process.argv.slice(2);
const parts = wanted.length > 0 ? wanted : ["axios", "fetch", "heap", "storm"];
let isOver = false;
console.log(`${"what".padEnd(32)}| bar  | measured`);
for (const part of parts) {
  for (const [what, measured] of Object.entries(await measure(part))) {
    const bar = bars[what];
    isOver ||= !(measured <= bar);
    const mark = measured <= bar ? "" : "  above the bar";
    console.log(`${what.padEnd(32)}| ${bar.toFixed(2)} | ${measured.toFixed(2)}${mark}`);
  }
}
process.exitCode = isOver ? 1 : 0;
