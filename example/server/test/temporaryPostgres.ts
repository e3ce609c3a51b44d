import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPostgres } from "../../../scripts/find-postgres.mjs";

/** A PostgreSQL server of one's own, in a temporary folder. */
export interface TemporaryPostgres {
  url: string;
  start(): void;
  stop(): void;
  /** Stops all its processes in the middle of what they do: they hold their connections and say nothing. */
  silence(): void;
  wake(): void;
  remove(): void;
}

/** @returns the running server, or the reason why there is none. */
export async function startTemporaryPostgres(): Promise<TemporaryPostgres | string> {
  const binaries = findPostgres();
  if (binaries === undefined) return "no initdb was found; on Debian: apt-get install postgresql";
  const folder = mkdtempSync(join(tmpdir(), "park-postgres-"));
  const data = join(folder, "data");
  const port = await freePort();

  function run(program: string, given: string[]): void {
    const command = [join(binaries ?? "", program), ...given];
    // PostgreSQL refuses to run as root, so root steps down.
    const [file = "", ...rest] = isRoot()
      ? ["runuser", "-u", "postgres", "--", ...command]
      : command;
    execFileSync(file, rest, { cwd: folder, stdio: "ignore" });
  }

  function signal(name: "SIGSTOP" | "SIGCONT"): void {
    const [server = ""] = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
    const workers = execFileSync("ps", ["-o", "pid=", "--ppid", server], { encoding: "utf8" });
    for (const pid of [server, ...workers.trim().split(/\s+/)]) process.kill(Number(pid), name);
  }

  const postgres: TemporaryPostgres = {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start() {
      const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
      run("pg_ctl", ["start", "-w", "-D", data, "-l", join(folder, "log"), "-o", options]);
    },
    silence: () => signal("SIGSTOP"),
    wake: () => signal("SIGCONT"),
    stop: () => run("pg_ctl", ["stop", "-w", "-D", data, "-m", "fast"]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  try {
    if (isRoot()) chownSync(folder, idOf("-u"), idOf("-g"));
    run("initdb", ["-D", data, "-U", "postgres", "-A", "trust"]);
    postgres.start();
    return postgres;
  } catch (error) {
    postgres.remove();
    return `it did not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
