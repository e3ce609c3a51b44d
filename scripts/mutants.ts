/**
 * Plants one small fault after the other into `src/core` and `src/http`, and counts how many of them
 * the tests in `test/{backends,behaviour,core,http}` notice:
 *
 *   npm run mutants                                  (all: about an hour on two cores)
 *   npm run mutants -- --file src/core/tabs/createTabs.ts       (more than one: --file again)
 *   npm run mutants -- --changed                     (the files that differ from the branch `main`)
 *   npm run mutants -- --sample 200                  (as many of them, spread evenly: an estimate)
 *   npm run mutants -- --living                      (only what no run has killed yet: while one writes tests)
 *   npm run mutants -- --update                      (lists the survivors; the reasons are yours to write)
 *   npm run mutants -- --workers 4 --bar 0.9
 *
 * Fails below the bar, and where a mutant lives that `test/mutants/survivors.json` does not list with
 * a reason.
 *
 * Left out, for no behaviour hangs on it: `src/core/dev` and `usageErrors.ts`, which are hints
 * of development and their texts; what a condition on `process.env.NODE_ENV` chooses; sentences (three
 * words and more) wherever they stand. Words that the code compares are mutated. Types are no code.
 *
 * How: Stryker's instrumenter writes all mutants into the code at once, each asleep behind a switch.
 * The tests run once without any, to see which test reaches which mutant. Then, in processes that stay
 * up, each mutant is woken while the tests that reach it run, up to the first that fails. A failure
 * counts only if the same test then passes without the mutant and fails with it once more. A test
 * may take 3 s and five times what it took without a mutant; longer is a failure too, as is a loop
 * without end. Tests that take more than 4 s, storms of ten thousand requests, are left out: they
 * would run for each survivor.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { instrument, type Mutant } from "./mutants/instrument.js";
import { Judge, leftOut, lookAround, type Kills, type Verdict } from "./mutants/judge.js";
import { keyOf, readAccepted, writeAccepted } from "./mutants/survivors.js";

const { values } = parseArgs({
  options: {
    file: { type: "string", multiple: true },
    changed: { type: "boolean", default: false },
    sample: { type: "string" },
    workers: { type: "string", default: "2" },
    bar: { type: "string", default: "0.9" },
    living: { type: "boolean", default: false },
    update: { type: "boolean", default: false },
  },
});

const started = performance.now();
const minutes = () => ((performance.now() - started) / 60_000).toFixed(1);
const cache = resolve("node_modules/.cache/mutants");
const sources = join(cache, "sources");
rmSync(sources, { recursive: true, force: true });
mkdirSync(sources, { recursive: true });

await proveOnCanary();
const files = chosenFiles();
const all = await instrument(files, sources);
const knownPath = join(cache, "killers.json");
// Only ever written below; it saves time, and no more than that.
const known = (existsSync(knownPath) ? JSON.parse(readFileSync(knownPath, "utf8")) : {}) as Record<
  string,
  string
>;
const asked = values.living ? all.filter((mutant) => !known[keyOf(lineOf(mutant))]) : all;
const mutants = spread(asked, Number(values.sample ?? asked.length));
/** Of a part it cannot be told which entries of the list are stale, nor how many are killed in all. */
const isPart = values.living || values.sample !== undefined;
console.log(`${mutants.length} mutants in ${files.length} files.`);

const tests = ["backends", "behaviour", "core", "http"].flatMap((folder) =>
  filesIn(`test/${folder}`).filter((file) => file.endsWith(".test.ts")),
);
// They replace a module for all that load it later, or want another environment.
const isAlone = (file: string) => /vi\.mock\(|@vitest-environment/.test(readFileSync(file, "utf8"));
const groups = [
  tests.filter((file) => !isAlone(file)),
  ...tests.filter(isAlone).map((file) => [file]),
];

const verdicts = new Map<Mutant, Verdict>();
const kills: Kills = new Map();
let alive = mutants;
for (const group of groups) {
  const realm = await lookAround(group, sources);
  const reached = new Set([...realm.hits.flatMap((hit) => Object.keys(hit)), ...realm.loaded]);
  const queue = alive.filter(({ id }) => reached.has(id));
  const name = group.length > 1 ? `${group.length} files` : String(group[0]);
  console.log(`${realm.tests.length} tests of ${name} reach ${queue.length} (${minutes()} min).`);
  for (const test of leftOut(realm)) console.log(`Left out, too slow: ${test}`);
  await Promise.all(
    Array.from({ length: Number(values.workers) }, async () => {
      const judge = new Judge(realm, sources, kills);
      for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
        const verdict = await judge.judge(mutant, known[keyOf(lineOf(mutant))]);
        verdicts.set(mutant, verdict);
        if (verdict) known[keyOf(lineOf(mutant))] = verdict.test;
        else console.log(`Lives so far: ${described(mutant)}`);
        if (verdicts.size % 50 === 0) {
          console.log(`${verdicts.size} judged, ${queue.length} to go (${minutes()} min).`);
        }
      }
      judge.end();
    }),
  );
  alive = alive.filter((mutant) => !verdicts.get(mutant));
}
writeFileSync(knownPath, JSON.stringify(known));

const survivors = alive;
if (values.update) writeAccepted(survivors, new Set(isPart ? [] : files));
report();

/** @throws if a mutant that is known to be noticed lives, or the other way round. */
async function proveOnCanary(): Promise<void> {
  const canaries = await instrument(["test/mutants/canary.ts"], sources);
  const realm = await lookAround(["test/mutants/canaryTests.ts"], sources);
  const judge = new Judge(realm, sources, new Map());
  const living: string[] = [];
  let late = 0;
  for (const mutant of canaries) {
    const verdict = await judge.judge(mutant, undefined);
    if (!verdict) living.push(mutant.replacement);
    if (verdict?.isLate) late += 1;
  }
  judge.end();
  console.log(`Of ${canaries.length} known mutants ${living.length} lives, and ${late} hang.`);
  if (living.join() === "left >= right" && late > 0) return;
  throw new Error(`The known mutants came to another end: ${living.join("; ")} live.`);
}

function report(): void {
  console.log("");
  for (const file of files) {
    const ofFile = mutants.filter((mutant) => mutant.file === file);
    const dead = ofFile.filter((mutant) => verdicts.get(mutant));
    const late = dead.filter((mutant) => verdicts.get(mutant)?.isLate).length;
    if (ofFile.length === 0) continue;
    const part = percent(dead.length, ofFile.length);
    console.log(`${part} ${dead.length} of ${ofFile.length} killed (${late} by time) ${file}`);
  }
  const accepted = new Map(readAccepted().map((entry) => [keyOf(entry), entry]));
  const unknown: Mutant[] = [];
  for (const mutant of survivors) {
    const reason = accepted.get(keyOf(lineOf(mutant)))?.reason;
    if (!reason) unknown.push(mutant);
    const note = reason === undefined ? "NOT LISTED" : reason || "NO REASON GIVEN";
    const isReached = verdicts.has(mutant) ? "" : " (reached by no test)";
    console.log(`\n${described(mutant)}${isReached}\n  ${note}`);
  }
  const living = new Set(survivors.map((mutant) => keyOf(lineOf(mutant))));
  const stale = [...accepted].filter(
    ([key, { file }]) => !isPart && files.includes(file) && !living.has(key),
  );
  for (const [, { file, line, original, replacement }] of stale) {
    console.log(
      `\nStale, for no such mutant lives: ${file}: ${line}\n  ${original} → ${replacement}`,
    );
  }
  const killed = mutants.length - survivors.length;
  const part = percent(killed, mutants.length);
  console.log(`\n${part}: ${killed} of ${mutants.length} killed, ${survivors.length} live.`);
  console.log(`${unknown.length} of them not accepted, ${stale.length} stale, ${minutes()} min.`);
  const isBelow = !values.living && killed < Number(values.bar) * mutants.length;
  if (isBelow) console.log(`Below the bar of ${percent(Number(values.bar), 1)}.`);
  process.exitCode = isBelow || unknown.length > 0 ? 1 : 0;
}

function chosenFiles(): string[] {
  const isCode = (file: string) =>
    /^src\/(core|http)\/.*\.ts$/.test(file) && !/\/dev\/|\/usageErrors\.ts$/.test(file);
  if (values.file) return values.file;
  const ours = ["src/core", "src/http"].flatMap(filesIn).filter(isCode);
  if (!values.changed) return ours;
  const changed = execFileSync("git", ["diff", "--name-only", "main"], { encoding: "utf8" });
  return ours.filter((file) => changed.split("\n").includes(file));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).replaceAll("\\", "/"))
    .toSorted();
}

function spread<Value>(list: readonly Value[], count: number): Value[] {
  const step = Math.max(1, list.length / count);
  return list.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

function described({ file, line, column, mutator, original, replacement }: Mutant): string {
  return `${file}:${line}:${column} ${mutator}\n  ${original}\n  → ${replacement}`;
}

function lineOf({ file, text: line, original, replacement }: Mutant) {
  return { file, line, original, replacement };
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`.padStart(7);
}
