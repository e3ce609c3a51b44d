import { once } from "node:events";
import { connect } from "node:net";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { TestRunner, type RunnerTestCase, type RunnerTestFile, type RunnerTestSuite } from "vitest";
import type { Job, PassReport, Report } from "./messages.js";

/** What the code that Stryker's instrumenter wrote reads and writes. */
interface Switchboard {
  activeMutant?: string | undefined;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number | undefined;
  mutantCoverage?: {
    static: Record<string, number>;
    perTest: Record<string, Record<string, number>>;
  };
}

const board: Switchboard = {};
// Where that code looks for it.
Object.assign(globalThis, { __stryker__: board });

/**
 * Collects the tests once, and runs some of them again and again, each time with another mutant
 * alive. Vitest runs them, hooks and all: after each pass it is handed the same file once more.
 */
export default class MutantRunner extends TestRunner {
  private readonly socket = connect(Number(process.env["MUTANTS_PORT"]), "127.0.0.1");
  private readonly connected = once(this.socket, "connect");
  private readonly lines = createInterface(this.socket)[Symbol.asyncIterator]();
  private files: RunnerTestFile[] = [];
  private tests: RunnerTestCase[] = [];
  private job: Job = { tests: [] };
  private limits = new Map<RunnerTestCase, number>();
  private late = new Set<RunnerTestCase>();

  async onBeforeRunFiles(files: RunnerTestFile[]): Promise<void> {
    const [file] = files;
    if (!file) throw new Error("No file of tests.");
    this.files = files;
    this.tests = testsOf(file).filter(({ mode }) => mode === "run");
    await this.connected;
    setInterval(() => this.tell({ kind: "alive" }), 500).unref();
    const tests = this.tests.map(nameOf);
    this.tell({ kind: "ready", tests, isBroken: file.result?.state === "fail" });
    await this.nextJob(file);
  }

  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    const [file] = this.files;
    if (!file || suite !== file) return;
    this.tell(await this.report());
    await this.nextJob(file);
    // Vitest is still going through this list.
    this.files.push(file);
  }

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test);
    board.currentTestId = test.id;
    board.hitCount = 0;
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test);
    if (test.result?.state !== "fail" || this.job.isDryRun) return;
    for (const { test: index } of this.job.tests) {
      const other = this.tests[index];
      if (other && !other.result) other.mode = "skip";
    }
  }

  /** A test that the mutant makes wait for ever must not cost Vitest's seconds. */
  async runTask(test: RunnerTestCase): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limitMs = this.limits.get(test);
    const isOver = new Promise<never>((_, reject) => {
      // The tests move the clock by hand, and some replace the timers.
      timer = realSetTimeout(() => {
        this.late.add(test);
        reject(new Error(`Not done within ${limitMs} ms.`));
      }, limitMs);
    });
    try {
      await Promise.race([TestRunner.getTestFn(test)(), isOver]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Nobody reads Vitest's own report. */
  onTaskUpdate(): Promise<void> {
    return Promise.resolve();
  }

  private tell(report: Report): void {
    this.socket.write(`${JSON.stringify(report)}\n`);
  }

  private async nextJob(file: RunnerTestFile): Promise<void> {
    const { value, done } = await this.lines.next();
    // The script is gone.
    if (done) process.exit();
    // The script writes nothing else.
    this.job = JSON.parse(value) as Job;
    this.limits.clear();
    this.late.clear();
    file.tasks = this.job.tests.flatMap(({ test: index, limitMs }) => {
      const test = this.tests[index];
      if (!test) return [];
      this.limits.set(test, limitMs);
      delete test.result;
      test.mode = "run";
      return [test];
    });
    delete file.result;
    file.mode = "run";
    board.activeMutant = this.job.mutant;
    board.hitLimit = this.job.hitLimit;
    if (this.job.isDryRun && board.mutantCoverage) board.mutantCoverage.perTest = {};
  }

  private async report(): Promise<PassReport> {
    board.activeMutant = undefined;
    const ran = this.job.tests.flatMap(({ test: index }) => {
      const test = this.tests[index];
      return test ? [{ test, index }] : [];
    });
    const report: PassReport = {
      kind: "passed-over",
      failed: ran
        .filter(({ test }) => test.result?.state === "fail")
        .map(({ test, index }) => ({
          test: index,
          isLate: this.late.has(test),
          message: test.result?.errors?.[0]?.message ?? "",
        })),
      isBusy: this.late.size > 0 && (await isBusy()),
      durationsMs: ran.map(({ test }) => test.result?.duration ?? 0),
    };
    if (!this.job.isDryRun) return report;
    const { static: loaded = {}, perTest = {} } = board.mutantCoverage ?? {};
    return {
      ...report,
      loaded: Object.keys(loaded),
      hits: ran.map(({ test }) => perTest[test.id] ?? {}),
    };
  }
}

const realSetTimeout = setTimeout;

/** Whether work goes on though nobody asks for any: a loop across awaits that nothing ends. */
async function isBusy(): Promise<boolean> {
  const before = performance.eventLoopUtilization();
  await new Promise((resolve) => realSetTimeout(resolve, 60));
  return performance.eventLoopUtilization(before).utilization > 0.5;
}

function testsOf(suite: RunnerTestSuite): RunnerTestCase[] {
  return suite.tasks.flatMap((task) => (task.type === "suite" ? testsOf(task) : [task]));
}

function nameOf(test: RunnerTestCase): string {
  const above = (suite: RunnerTestSuite | undefined): string[] =>
    suite && suite !== test.file ? [...above(suite.suite), suite.name] : [];
  return [...above(test.suite), test.name].join(" > ");
}
