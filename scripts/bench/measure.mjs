/** What this process has used, in milliseconds: whatever else the machine does is not in it. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What has passed, in milliseconds. */
export function wallMs() {
  return performance.now();
}

/**
 * Reports what each subject costs: the median, over the rounds, of its cost over that of its baseline.
 * The two of a pair follow each other at once, and all pairs take turns in each round: a machine that
 * slows down slows both sides of a ratio.
 *
 * @param pairs - By what they measure, `[baseline, subject]`: each does its work once.
 * @param clocks - By what follows their names in the report.
 */
export async function compare(pairs, { rounds, warmUps, clocks = { "": cpuMs } }) {
  const ratios = new Map();
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [what, pair] of Object.entries(pairs)) {
      // The second may pay for what the first left behind: they take turns at that, too.
      const order = round % 2 === 0 ? [0, 1] : [1, 0];
      const costs = [];
      for (const which of order) costs[which] = await costsOf(pair[which], clocks);
      const [baseline, subject] = costs;
      if (round < 0) continue;
      for (const [name, cost] of Object.entries(subject)) {
        const found = ratios.get(what + name) ?? [];
        ratios.set(what + name, [...found, cost / baseline[name]]);
      }
    }
  }
  for (const [what, found] of ratios) report(what, median(found));
}

/** Does it many times, one after the other. */
export const repeat = (send) => async () => {
  for (let count = 0; count < 400; count += 1) {
    await send();
    // As an answer of the network would: within one turn the engine frees no weak reference.
    if (count % 50 === 0) await nextTurn();
  }
};

/** Tells the parent process, which knows the bar. */
export function report(what, measured) {
  process.send({ what, measured });
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** What the work takes by each clock. */
async function costsOf(work, clocks) {
  await nextTurn();
  globalThis.gc();
  const read = () => Object.entries(clocks).map(([name, clock]) => [name, clock()]);
  const start = Object.fromEntries(read());
  await work();
  return Object.fromEntries(read().map(([name, end]) => [name, end - start[name]]));
}

function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** An unsigned JWT that is good for an hour. */
export function makeToken() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  return `${part({ alg: "none" })}.${part({ sub: "1", iat, exp: iat + 3600 })}.x`;
}
