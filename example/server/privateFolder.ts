import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { ConfigError } from "./configError.js";

/**
 * Makes a folder that only this user can enter: what is in it are passwords' hashes and keys. Closes
 * one that is there already, if it is ours alone.
 *
 * @throws ConfigError for a folder that other things live in, or that cannot be closed.
 */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // On Windows the permissions of the user's own folders are inherited, and modes say nothing.
  if (process.platform === "win32" || (statSync(folder).mode & 0o077) === 0) return;
  if (!readdirSync(folder).every((name) => ours.test(name))) {
    throw new ConfigError(
      `DATA_DIR must be a folder of its own that nobody else can open, but ${folder} holds other files. Choose an empty one, or run: chmod 700 ${folder}`,
    );
  }
  chmodSync(folder, 0o700);
}

/** What the server puts there, and what systems add to any folder. */
const ours = /^(pglite|server\.(lock|pid)|(access|refresh)-token\.key|\.gitignore|\.DS_Store)$/;
