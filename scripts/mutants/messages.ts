/** One pass over some tests, which the script asks a worker for. */
export interface Job {
  /** The mutant that is alive meanwhile; none if omitted. */
  mutant?: string | undefined;
  /** How often its code may run within one test: a loop without end is over then. */
  hitLimit?: number;
  /** In this order, up to the first that fails: its number, and how long it may take. */
  tests: { test: number; limitMs: number }[];
  /** A failure does not end the pass, and the report tells which test reaches which mutant. */
  isDryRun?: boolean;
}

/** What a worker answers. */
export type Report =
  | { kind: "ready"; tests: string[]; isBroken: boolean }
  | { kind: "alive" }
  | PassReport;

export interface PassReport {
  kind: "passed-over";
  /** The tests that failed: at most one, but for a dry run. */
  failed: { test: number; isLate: boolean; message: string }[];
  /** Something still runs after a test that took too long: the next ones would be slow. */
  isBusy: boolean;
  durationsMs: number[];
  /** Of a dry run: by test, how often it reached each mutant. */
  hits?: Record<string, number>[];
  /** Of a dry run: the mutants that were reached as the modules loaded. */
  loaded?: string[];
}
