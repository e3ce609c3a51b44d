import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { tryLock } from "fs-native-extensions";
import { ConfigError } from "./configError.js";

/**
 * Keeps a folder to one process. PGlite is a whole database inside its process and locks nothing:
 * a second one on the same files would destroy them. The lock is the operating system's: it goes with
 * the process, however that ends.
 *
 * @returns the function that unlocks.
 * @throws ConfigError if another running process has the folder.
 */
export function lockFolder(folder: string): () => void {
  const file = openSync(join(folder, "server.lock"), "a", 0o600);
  if (tryLock(file)) return () => closeSync(file);
  closeSync(file);
  throw new ConfigError(
    `DATA_DIR must be a folder of its own, but ${folder} is in use by another server. Stop that one, choose another folder, or set DATABASE_URL to run several.`,
  );
}
