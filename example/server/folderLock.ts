import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "./config.js";

/** What this process has locked; a process id alone cannot tell us from our crashed predecessor. */
const locked = new Set<string>();

/**
 * Keeps a folder to one process. PGlite is a whole database inside its process and locks nothing:
 * a second one on the same files would destroy them.
 *
 * @returns the function that unlocks.
 * @throws ConfigError if another running process has the folder.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "server.pid");
  const holder = readHolder(file);
  if (holder !== undefined && isRunning(holder, file)) {
    throw new ConfigError(
      `DATA_DIR must be a folder of its own, but ${folder} is in use by process ${holder}. Stop that server, choose another folder, or set DATABASE_URL to run several.`,
    );
  }
  rmSync(file, { force: true });
  writeFileSync(file, String(process.pid), { flag: "wx" });
  locked.add(file);
  return () => {
    locked.delete(file);
    rmSync(file, { force: true });
  };
}

function readHolder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number, file: string): boolean {
  // In a container every start has the same process id.
  if (pid === process.pid) return locked.has(file);
  try {
    // Signal 0 asks, and does nothing.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
