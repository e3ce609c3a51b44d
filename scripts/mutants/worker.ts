import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Job, PassReport, Report } from "./messages.js";

/** A process that has the tests of some files loaded, and runs those it is asked for. */
export interface Worker {
  /** By their numbers. */
  readonly tests: readonly string[];
  /** The tests could not even be loaded. */
  readonly isBroken: boolean;
  /** `undefined`: it hung in a loop, and is dead. */
  run(job: Job): Promise<PassReport | undefined>;
  end(): void;
}

export interface WorkerOptions {
  /** The files of tests. */
  files: readonly string[];
  /** Where the instrumented sources are. */
  sources: string;
  /** Alive already while the modules load. */
  mutant?: string | undefined;
}

/** Without a sign of life for so long, the process is in a loop that never ends. */
const silenceMs = 20_000;
/** To start, on a busy machine. */
const startMs = 120_000;

const alive = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** @throws if it does not come up, unless that is the mutant's doing: then it `isBroken`. */
export async function startWorker({ files, sources, mutant }: WorkerOptions): Promise<Worker> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  const config = "scripts/mutants/vitest.config.ts";
  const child = spawn(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", config],
    {
      stdio: ["ignore", "ignore", process.env["MUTANTS_DEBUG"] ? "inherit" : "ignore"],
      env: {
        ...process.env,
        NODE_ENV: "test",
        MUTANTS_TESTS: JSON.stringify(files),
        MUTANTS_SOURCES: sources,
        MUTANTS_PORT: String(port),
        MUTANTS_ENVIRONMENT: environmentOf(files),
        ...(mutant && { __STRYKER_ACTIVE_MUTANT__: mutant }),
      },
    },
  );
  alive.add(child);

  let socket: Socket | undefined;
  let onReport: (report: Exclude<Report, { kind: "alive" }> | undefined) => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  let limitMs = startMs;

  function end(): void {
    clearTimeout(timer);
    alive.delete(child);
    child.kill("SIGKILL");
    socket?.destroy();
    server.close();
    onReport(undefined);
  }
  function watch(): void {
    clearTimeout(timer);
    timer = setTimeout(end, limitMs);
  }

  child.once("exit", end);
  server.on("connection", (connection) => {
    socket = connection;
    connection.on("error", () => {});
    createInterface(connection).on("line", (line) => {
      watch();
      // Our own runner writes nothing else.
      const report = JSON.parse(line) as Report;
      if (report.kind !== "alive") onReport(report);
    });
  });
  watch();
  const ready = await new Promise<Report | undefined>((resolve) => {
    onReport = resolve;
  });
  if (ready?.kind !== "ready" && !mutant) throw new Error("A worker did not come up.");

  return {
    tests: ready?.kind === "ready" ? ready.tests : [],
    isBroken: ready?.kind !== "ready" || ready.isBroken,
    run(job) {
      return new Promise((resolve) => {
        if (!alive.has(child)) return resolve(undefined);
        onReport = (report) => {
          clearTimeout(timer);
          resolve(report?.kind === "passed-over" ? report : undefined);
        };
        // Storms of requests leave no time for a sign of life.
        limitMs = job.isDryRun ? startMs : silenceMs;
        watch();
        socket?.write(`${JSON.stringify(job)}\n`);
      });
    },
    end,
  };
}

/** As a comment in the file asks for it; a file that does is alone. */
function environmentOf([file = ""]: readonly string[]): string {
  return /@vitest-environment (\w+)/.exec(readFileSync(file, "utf8"))?.[1] ?? "node";
}
