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
 * Reports what each subject costs, as ratios to its baseline: one for each round.
 *
 * In each round the baseline runs first and last and the subject twice in between, so that a machine that
 * becomes slower slows both sides alike.
 *
 * @param pairs - By what they measure, `[baseline, subject]`: each does its work once.
 * @param clocks - By what follows their names in the report.
 * @param prepare - Runs before each work, outside the time.
 */
export async function compare(pairs, { rounds, warmUps, clocks = { "": cpuMs }, prepare }) {
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [what, [baseline, subject]] of Object.entries(pairs)) {
      const runs = [];
      for (const work of [baseline, subject, subject, baseline]) {
        await nextTurn();
        prepare?.();
        runs.push(await costsOf(work, clocks));
      }
      if (round < 0) continue;
      for (const name of Object.keys(clocks)) {
        const [first, second, third, last] = runs.map((costs) => costs[name]);
        report(what + name, (second + third) / (first + last));
      }
    }
  }
}

/** Does it many times, one after the other. */
export const repeat = (send) => async () => {
  for (let count = 0; count < 200; count += 1) {
    await send();
    // As an answer of the network would: within one turn the engine frees no weak reference.
    if (count % 50 === 0) await nextTurn();
  }
};

/** Tells the parent process, which knows the bar, one ratio of what is measured. */
export function report(what, ratio) {
  process.send({ what, ratio });
}

/** What the work takes by each clock. */
async function costsOf(work, clocks) {
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
