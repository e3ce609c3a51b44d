import type { Mutant } from "./instrument.js";
import type { Job, PassReport } from "./messages.js";
import { startWorker, type Worker } from "./worker.js";

/** Test files that one process can load, and what was seen as they ran without a mutant. */
export interface Realm {
  files: readonly string[];
  tests: readonly string[];
  limitsMs: readonly number[];
  durationsMs: readonly number[];
  /** By test: how often it reached each mutant. */
  hits: readonly Record<string, number>[];
  /** Mutants that were reached as the modules loaded. */
  loaded: ReadonlySet<string>;
}

/** The test that killed it, and whether by taking too long; `undefined` if it lives. */
export type Verdict = { test: string; isLate: boolean } | undefined;

/** A test slower than this, such as a storm of ten thousand requests, has a smaller twin, and would be run for each survivor. */
const tooSlowMs = 4000;
const noLimitMs = 100_000;

/** Runs all tests without a mutant. @throws if one fails. */
export async function lookAround(files: readonly string[], sources: string): Promise<Realm> {
  const worker = await startWorker({ files, sources });
  const { tests } = worker;
  const all = tests.map((_, test) => ({ test, limitMs: noLimitMs }));
  const report = await worker.run({ isDryRun: true, tests: all });
  worker.end();
  if (!report || worker.isBroken || report.failed.length > 0) {
    const names = report?.failed.map(({ test, message }) => `${tests[test]}: ${message}`) ?? [];
    throw new Error(`Tests fail without any mutant:\n${names.join("\n")}`);
  }
  const { durationsMs, hits = [], loaded = [] } = report;
  return {
    files,
    tests,
    durationsMs,
    limitsMs: durationsMs.map((ms) => 3000 + 5 * ms),
    hits,
    loaded: new Set(loaded),
  };
}

export function leftOut({ tests, durationsMs }: Realm): string[] {
  return tests.filter((_, test) => (durationsMs[test] ?? 0) > tooSlowMs);
}

/** Which tests killed what so far: those that killed a neighbour come first. */
export type Kills = Map<string, Map<string, number>>;

/** Lets tests try to kill one mutant after the other, in a process that stays up. */
export class Judge {
  private worker: Worker | undefined;

  constructor(
    private readonly realm: Realm,
    private readonly sources: string,
    private readonly kills: Kills,
  ) {}

  async judge(mutant: Mutant, known: string | undefined): Promise<Verdict> {
    const { hits, loaded } = this.realm;
    const reaching = [...hits.keys()].filter((test) => hits[test]?.[mutant.id]);
    const verdict = await this.attack(mutant, this.ordered(mutant, reaching, known));
    if (verdict || !loaded.has(mutant.id)) return verdict;
    return this.attackFromTheStart(mutant, known);
  }

  end(): void {
    this.worker?.end();
    this.worker = undefined;
  }

  private async attack({ id, file }: Mutant, tests: number[]): Promise<Verdict> {
    let left = tests;
    let loops = 0;
    while (left.length > 0) {
      const report = await this.run(left, id);
      if (!report) {
        loops += 1;
        // Once it may be the machine that stood still.
        if (loops === 2) return { test: "(a loop without end)", isLate: true };
        continue;
      }
      const [failure] = report.failed;
      if (!failure) return undefined;
      const isKilled = await this.isItsDoing(id, failure.test, report.isBusy);
      if (isKilled) {
        const test = this.realm.tests[failure.test] ?? "";
        const ofFile = this.kills.get(file) ?? new Map<string, number>();
        this.kills.set(file, ofFile.set(test, (ofFile.get(test) ?? 0) + 1));
        return { test, isLate: failure.isLate };
      }
      // A test that fails now and then proves nothing.
      left = left.slice(left.indexOf(failure.test) + 1);
    }
    return undefined;
  }

  /** A failure counts if it comes with the mutant, goes without it, and comes again. */
  private async isItsDoing(mutant: string, test: number, isBusy: boolean): Promise<boolean> {
    if (isBusy) this.end();
    const isClean = passed(await this.run([test]));
    // What the mutant left behind is no matter of a process of its own.
    if (!isClean) this.end();
    const isProven =
      (isClean || passed(await this.run([test]))) && !passed(await this.run([test], mutant));
    if (!isClean || isBusy) this.end();
    return isProven;
  }

  /** What is reached as the modules load has to be alive by then. */
  private async attackFromTheStart(mutant: Mutant, known: string | undefined): Promise<Verdict> {
    const { realm, sources } = this;
    const { files, tests: names } = realm;
    const worker = await startWorker({ files, sources, mutant: mutant.id });
    try {
      if (worker.isBroken) return { test: "(the modules do not load)", isLate: false };
      // A test that only reads what stands there since has reached no mutant.
      const tests = this.ordered(mutant, [...names.keys()], known);
      const report = await worker.run(this.job(tests, mutant.id));
      if (!report) return { test: "(a loop without end)", isLate: true };
      const [failure] = report.failed;
      if (!failure || !passed(await this.run([failure.test]))) return undefined;
      return { test: names[failure.test] ?? "", isLate: failure.isLate };
    } finally {
      worker.end();
    }
  }

  /** First what killed it before or killed its neighbours, then what reaches few other mutants. */
  private ordered({ file }: Mutant, tests: number[], known: string | undefined): number[] {
    const { tests: names, durationsMs, hits } = this.realm;
    const killed = this.kills.get(file);
    const rank = (test: number) => {
      const name = names[test] ?? "";
      if (name === known) return -Infinity;
      const cost = (durationsMs[test] ?? 0) + 20;
      return (
        ((Object.keys(hits[test] ?? {}).length + 50) * cost) / (1 + 10 * (killed?.get(name) ?? 0))
      );
    };
    return tests
      .filter((test) => (durationsMs[test] ?? 0) <= tooSlowMs)
      .toSorted((a, b) => rank(a) - rank(b));
  }

  private job(tests: number[], mutant: string | undefined): Job {
    const { limitsMs, hits } = this.realm;
    const most = Math.max(0, ...tests.map((test) => hits[test]?.[mutant ?? ""] ?? 0));
    return {
      mutant,
      hitLimit: 1000 + 100 * most,
      tests: tests.map((test) => ({ test, limitMs: limitsMs[test] ?? noLimitMs })),
    };
  }

  private async run(tests: number[], mutant?: string): Promise<PassReport | undefined> {
    const { files, tests: names } = this.realm;
    this.worker ??= await startWorker({ files, sources: this.sources });
    if (this.worker.tests.join() !== names.join()) throw new Error("The tests changed meanwhile.");
    const report = await this.worker.run(this.job(tests, mutant));
    if (!report) this.end();
    return report;
  }
}

function passed(report: PassReport | undefined): boolean {
  return report?.failed.length === 0;
}
