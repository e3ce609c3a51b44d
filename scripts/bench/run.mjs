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

/** In how many processes each part runs: the engine optimises each of them a little otherwise. */
const parts = { axios: 3, fetch: 3, heap: 2, storm: 1 };

/** What each process of a part measures: an app has one kind of client, so each has one of its own. */
const subjects = { axios: Object.keys(bars).filter((what) => what.startsWith("axios")) };

/** By what was measured, the ratios of all rounds in all processes of a part. */
async function measure(part) {
  const found = new Map();
  const keep = ({ what, ratio }) => found.set(what, [...(found.get(what) ?? []), ratio]);
  for (const subject of subjects[part] ?? [""]) {
    for (let count = 0; count < parts[part]; count += 1) await runPart(part, subject, keep);
  }
  return found;
}

/** Runs a part once. It has a process of its own, with a heap and optimised code of its own. */
function runPart(part, subject, onRatio) {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(`${part}.mjs`, import.meta.url), [subject], {
      // Several threads of the garbage collector wait for each other in CPU time if they lack a core.
      execArgv: ["--expose-gc", "--single-threaded-gc"],
      env: { ...process.env, NODE_ENV: process.env.NODE_ENV ?? "production" },
    });
    child.on("message", onRatio);
    child.on("exit", (code) => (code ? reject(new Error(`${part} failed`)) : resolve()));
  });
}

/** The values between which a quarter, half and three quarters of the ratios lie. */
function quartiles(ratios) {
  const sorted = ratios.toSorted((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => {
    const place = (sorted.length - 1) * share;
    return (sorted[Math.floor(place)] + sorted[Math.ceil(place)]) / 2;
  });
}

// `npm run bench -- axios heap` measures these parts alone.
const wanted = process.argv.slice(2);
let isOver = false;
console.log(`${"what".padEnd(32)}| bar  | median | half of the rounds`);
for (const part of wanted.length > 0 ? wanted : Object.keys(parts)) {
  for (const [what, ratios] of await measure(part)) {
    const bar = bars[what];
    const [low, median, high] = quartiles(ratios);
    isOver ||= !(median <= bar);
    const spread = `${low.toFixed(2)} to ${high.toFixed(2)}`;
    const mark = median <= bar ? "" : "  above the bar";
    console.log(
      `${what.padEnd(32)}| ${bar.toFixed(2)} | ${median.toFixed(2)}   | ${spread}${mark}`,
    );
  }
}
process.exitCode = isOver ? 1 : 0;
